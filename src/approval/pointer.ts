// JSON pointers (RFC 6901): the place of a value, as the keys that lead to it.

/** The place of what is under `key` in the object or list at `place`. */
export function below(place: string, key: string): string {
  return `${place}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** The keys that lead to a place, as they are in the objects themselves. */
export function keysTo(place: string): string[] {
  const written = place.split('/').slice(1)
  return written.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** Whether a place is the other one, or below it. */
export function isWithin(place: string, other: string): boolean {
  return place === other || place.startsWith(`${other}/`)
}
