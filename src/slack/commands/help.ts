import type { Command } from './command.ts'

/** Lists the commands that the person may use; `commands` is asked late, because help is one of them. */
export function helpOn(commands: () => Record<string, Command>): Command {
  return {
    usage: '',
    about: 'what can be typed here',
    admins_only: false,
    async run(_parts, { is_admin }) {
      const lines = Object.entries(commands())
        .filter(([, command]) => is_admin || !command.admins_only)
        .map(
          ([word, { usage, about }]) =>
            `\`/countersign ${[word, usage].filter(Boolean).join(' ')}\`  ${about}`,
        )
      const text = `*Countersign* stands between what an agent decides and what it does.\n\n${lines.join('\n')}`
      return {
        text: 'What can be typed after /countersign',
        blocks: [{ type: 'section', text: { type: 'mrkdwn', text }, expand: true }],
      }
    },
  }
}
