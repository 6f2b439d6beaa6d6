/** What this program was started with. */
export const setting: unknown = JSON.parse(process.argv[2] ?? '{}')

export function say(message: object): void {
  process.send?.(message)
}

/** Says that it is ready, answers each message, and ends with the process that asks. */
export function answerEach(answer: (message: unknown) => Promise<object>): void {
  process.on('message', (message) => void answer(message).then((words) => say({ answer: words })))
  process.on('disconnect', () => process.exit(0))
  say({ answer: 'ready' })
}
