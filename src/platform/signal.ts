/** Tells a sleeper in this process that there is something to do. A signal raised while nobody waits is kept for the next. */
export type Signal = { raise(): void; wait(stop: AbortSignal): Promise<void> }

export function createSignal(): Signal {
  let raised = false
  let wake: (() => void) | null = null
  return {
    raise() {
      raised = true
      wake?.()
    },
    async wait(stop) {
      if (!raised && !stop.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>()
        const wakeUp = () => resolve()
        wake = wakeUp
        stop.addEventListener('abort', wakeUp)
        await promise
        // `stop` may be the process's own: what listens to it must not grow with each wait.
        stop.removeEventListener('abort', wakeUp)
        wake = null
      }
      // Sleepers that gave up leave the signal for the next one.
      if (!stop.aborted) raised = false
    },
  }
}

/** The same for several who sleep on their own: each hears every call that comes after they began to listen. */
export type Calls = { raise(): void; listen(): Signal }

export function createCalls(): Calls {
  const signals: Signal[] = []
  return {
    raise() {
      for (const signal of signals) signal.raise()
    },
    listen() {
      const signal = createSignal()
      signals.push(signal)
      return signal
    },
  }
}
