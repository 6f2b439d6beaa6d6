/** Something that this program needs (the database, mostly) cannot be reached right now: try again later. */
export class Unavailable extends Error {
  override name = 'Unavailable'
  /**
   * False: nothing was changed. True: it was not heard whether what was asked for was done, because the connection was
   * lost between the last word of it and the answer. Whoever asked must look, or ask in a way that is not done twice.
   */
  readonly may_have_happened: boolean

  constructor(message: string, options: ErrorOptions & { may_have_happened: boolean }) {
    super(message, options)
    this.may_have_happened = options.may_have_happened
  }
}
