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
        ledger.examples.set('the last words of one that ended by itself', news.last_words)
        return
      case 'said':
        return hearLine(name, news.line, ledger)
    }
  }
}

/** Lines of the log from warnings up are counted by their words; of each error there is one whole example. */
function hearLine(name: string, line: string, ledger: Ledger) {
  const [, level, words] = /"level":"(warn|error|fatal)".*"msg":"([^"]*)"/.exec(line) ?? []
  if (!level) return
  const what = `log: ${level}: ${words}`
  ledger.count(what)
  if (level !== 'warn') ledger.examples.set(what, `${name}: ${line.slice(0, 1_500)}`)
}
