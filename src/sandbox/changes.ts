/** Counts the workspace's changes and wakes whoever waits for one. */
export type Changes = {
  rev: () => number
  /** Something that a snapshot shows has changed. */
  touch: () => void
  /** `listener` is called soon after a change; several changes in one turn of the event loop call it once. */
  onChange: (listener: () => void) => () => void
}

export function createChanges(): Changes {
  let rev = 1
  let waking = false
  const listeners = new Set<() => void>()

  function wake() {
    waking = false
    for (const listener of listeners) listener()
  }

  return {
    rev: () => rev,
    touch() {
      rev += 1
      if (waking) return
      waking = true
      setImmediate(wake)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
