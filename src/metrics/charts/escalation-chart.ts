import { colours, panel, shortened, width, words } from './panel.ts'

/** A role's stages, and how many of them were escalated. */
export type Escalations = { role: string; asked: number; escalated: number }

/** More are left out, those that are asked least. */
const mostRoles = 8

const place = { left: 232, right: width - 220, top: 104 }
const row = 44

/** What share of each role's stages was escalated, the most asked first. */
export function escalationChart(roles: readonly Escalations[]): string {
  const shown = [...roles].sort((a, b) => b.asked - a.asked).slice(0, mostRoles)
  const left_out = roles.length - shown.length
  const about = `Stages that were escalated at least once${left_out > 0 ? `; ${left_out} more roles are left out` : ''}`
  return panel(
    'Escalation by role',
    about,
    place.top + row * shown.length + 24,
    shown.flatMap(({ role, asked, escalated }, nth) => {
      const share = asked === 0 ? 0 : escalated / asked
      const y = place.top + nth * row
      const length = Math.min(1, share) * (place.right - place.left)
      return [
        words(shortened(role, 22), { x: place.left - 16, y: y + 25, size: 18, anchor: 'end' }),
        `<rect x="${place.left}" y="${y + 4}" width="${place.right - place.left}" height="28" rx="6" fill="${colours.grid}"/>`,
        length < 1
          ? ''
          : `<rect x="${place.left}" y="${y + 4}" width="${length}" height="28" rx="6" fill="${colours.second}"/>`,
        words(`${(share * 100).toFixed(1)} %`, { x: place.right + 16, y: y + 25, size: 18, weight: 700 }),
        words(`${escalated} of ${asked}`, {
          x: place.right + 100,
          y: y + 25,
          size: 18,
          colour: colours.faint,
        }),
      ]
    }),
  )
}
