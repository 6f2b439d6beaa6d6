import type { Checked, Fault } from './fault.ts'

/**
 * The query parameters of a request target, each at most once, with percent-encoding undone. Stricter than
 * `URLSearchParams`, which mends what it does not understand: half an escape could mean another filter than was meant.
 */
export function readQuery(target: string): Checked<Record<string, string>> {
  const start = target.indexOf('?')
  const fields = new Map<string, string>()
  const faults: Fault[] = []
  for (const pair of start < 0 ? [] : target.slice(start + 1).split('&')) {
    if (pair === '') continue
    const equals = pair.includes('=') ? pair.indexOf('=') : pair.length
    const name = decode(pair.slice(0, equals))
    const value = decode(pair.slice(equals + 1))
    if (name === null || value === null) {
      faults.push({
        pointer: `?${name ?? ''}`,
        detail: 'The percent-encoding is broken, or not of UTF-8 text',
      })
    } else if (value.includes('\0') || name.includes('\0')) {
      faults.push({ pointer: `?${name}`, detail: 'This text has a NUL character' })
    } else if (fields.has(name)) {
      faults.push({ pointer: `?${name}`, detail: 'This parameter is given twice' })
    } else {
      fields.set(name, value)
    }
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: Object.fromEntries(fields) }
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return null
  }
}
