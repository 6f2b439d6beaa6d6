import type { Ledger } from '../ledger/ledger.ts'
import type { ReplicaNews } from './replica.ts'

/** Keeps in the ledger what a replica's supervisor sees. A process that ends by itself is never excused. */
export function hearReplica(name: string, ledger: Ledger): (news: ReplicaNews) => void {
  return (news) => {
    switch (news.what) {
      case 'ready':
        ledger.starts_ms.push(news.took_ms)
        return
      case 'did not start':
        return ledger.count('starts that ended before they were ready')
      case 'died':
        ledger.faults.push(`${name} ended by itself with ${news.code}`)
        return
      case 'said':
        return hearLine(name, news.line, ledger)
    }
  }
}

/** Errors in the log are counted by their words, with one whole example each. */
function hearLine(name: string, line: string, ledger: Ledger) {
  const level = /"level":"(warn|error|fatal)"/.exec(line)?.[1]
  const words = /"msg":"([^"]*)"/.exec(line)?.[1]
  // What is no line of the log is a stack on its way out.
  const what =
    level && words ? `log: ${level}: ${words}` : /^\s|^$|^\{/.test(line) ? null : `log: ${line.slice(0, 200)}`
  if (what === null) return
  ledger.count(what)
  if (level !== 'warn') ledger.examples.set(what, `${name}: ${line.slice(0, 1_500)}`)
}
