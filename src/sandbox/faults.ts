import type { Fault } from './protocol.ts'

/** Faults that tests ask for, tried in the order in which they came. */
export type Faults = {
  inject: (fault: Fault) => string
  /** One of them, or all. */
  clear: (id?: string) => void
  /**
   * What befalls this call: every matching delay in ms together, and the first other fault. Each that is used counts
   * one of its `times`.
   */
  befall: (method: string, channel: string | undefined) => { delay_ms: number; fault: Fault | null }
}

export function createFaults(): Faults {
  const faults = new Map<string, { fault: Fault; left: number }>()
  let count = 0
  return {
    inject(fault) {
      count += 1
      const id = `fault_${count}`
      faults.set(id, { fault, left: fault.times ?? Infinity })
      return id
    },
    clear(id) {
      if (id === undefined) faults.clear()
      else faults.delete(id)
    },
    befall(method, channel) {
      let delay_ms = 0
      let first: Fault | null = null
      for (const [id, entry] of faults) {
        const { fault } = entry
        if (fault.method !== undefined && fault.method !== method) continue
        if (fault.channel !== undefined && fault.channel !== channel) continue
        if (fault.kind !== 'delay' && first) continue
        entry.left -= 1
        if (entry.left <= 0) faults.delete(id)
        if (fault.kind === 'delay') delay_ms += fault.ms
        else first = fault
      }
      return { delay_ms, fault: first }
    },
  }
}
