/** The same server, user and options, another database. */
export function withDatabase(url: string, name: string): string {
  const other = new URL(url)
  other.pathname = `/${encodeURIComponent(name)}`
  return other.href
}

/** The database that a connection URL names; PostgreSQL's own rule applies where it names none. */
export function databaseName(url: string): string {
  const parsed = new URL(url)
  return decodeURIComponent(parsed.pathname.slice(1)) || decodeURIComponent(parsed.username)
}

/** Host, port and database of a connection URL, for people to read: never the password. */
export function describeUrl(url: string): string {
  const { host } = new URL(url)
  return `${host}/${databaseName(url)}`
}
