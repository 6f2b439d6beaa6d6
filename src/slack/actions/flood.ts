import { concerned, concerns } from '../concerns.ts'
import type { SlackParts } from '../context.ts'
import { floodModal, listedOn, readFloodPage, type FloodPage } from '../views/flood.ts'
import type { AfterAck, Click } from './click.ts'

const unknown = { tell: 'This list is not known here any more. Nothing was changed.' }

/** Puts a gathered request's own card into the flood's thread, where it is decided like any other. */
export async function openFromFlood(parts: SlackParts, click: Click): Promise<AfterAck> {
  const page = readFloodPage(click.choice)
  const { approval_id, stage } = click.ticket
  if (!page || !(await isOf(parts, click, page))) return unknown
  if (!(await parts.flow.floods.open(page.flood_id, approval_id, stage))) return unknown
  if (click.view_id !== null) return turnFlood(parts, click)
  return { tell: 'Its card comes into the thread of this one: decide it there.' }
}

/** All that waits of a flood, in a form of its own. */
export async function listFlood(parts: SlackParts, click: Click): Promise<AfterAck> {
  const page = readFloodPage(click.choice)
  if (!page || !(await isOf(parts, click, page))) return unknown
  return {
    async open() {
      const view = await viewOf(parts, page)
      if (view) await parts.interactive.views.open({ trigger_id: click.trigger_id, view })
    },
  }
}

/** Another page of what is open, or the same one again. */
export async function turnFlood(parts: SlackParts, click: Click): Promise<AfterAck> {
  const page = readFloodPage(click.choice)
  const { view_id } = click
  if (!page || view_id === null || !(await isOf(parts, click, page))) return unknown
  return {
    async open() {
      const view = await viewOf(parts, page)
      if (view) await parts.interactive.views.update({ view_id, view })
    },
  }
}

async function viewOf({ flow }: SlackParts, { flood_id, from }: FloodPage) {
  const found = await flow.floods.find(flood_id)
  if (!found) return null
  const start = Math.min(from, Math.max(0, found.counts.waiting - 1))
  const waiting = await flow.floods.waiting(flood_id, { from: start, limit: listedOn.page })
  return floodModal(found.flood, found.counts, waiting, start)
}

/** Whoever it does not concern is not shown what an agent asks, whatever their click carries. */
async function isOf(parts: SlackParts, click: Click, { flood_id }: FloodPage): Promise<boolean> {
  const { ticket, visitor } = click
  const found = await parts.flow.floods.find(flood_id)
  const approval = await parts.flow.find(ticket.approval_id)
  if (!found || !approval) return false
  const of = await parts.flow.floods.gathered(approval.id, ticket.stage, found.flood.channel)
  if (of?.flood_id !== flood_id) return false
  if (click.channel === found.flood.channel) return true
  const is_admin = await parts.workspace.isAdmin(visitor).catch(() => false)
  return concerns(await concerned(parts, { visitor, is_admin }), approval)
}
