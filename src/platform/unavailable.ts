/** Something that this program needs (the database, mostly) cannot be reached right now: try again later. */
export class Unavailable extends Error {
  override name = 'Unavailable'
}
