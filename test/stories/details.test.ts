import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { SeenApproval, TestAgent } from '../desk/agent.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { storyPolicy } from '../desk/policy.ts'

// All of a request, for whom it concerns, page by page.

let desk: Desk
let agent: TestAgent
beforeAll(async () => {
  desk = await openDesk({
    policy: `${storyPolicy}
  - name: read-first
    when: action.tool == "sql.run"
    stages: [{role: platform, approvals: 1}]
    require_details_opened: true
`,
  })
  agent = await desk.agent('talkative-bot', 'U_FRANK')
})
afterAll(() => desk.close())

const modalOf = (who: string) =>
  desk.slack.sandbox.until(({ modals }) => modals.findLast(({ user }) => user === who))

/** Presses Details on the card, and resolves with what the modal says. */
async function open(who: string, asked: SeenApproval) {
  for (const { id } of desk.slack.sandbox.snapshot().modals.filter(({ user }) => user === who))
    await desk.slack.sandbox.act({ do: 'close', as: who, view_id: id })
  await desk.click(who, 'details', await desk.card(asked.id))
  return modalOf(who)
}

/** Presses something in the modal that is open, and resolves with what it shows then. */
async function press(who: string, action_id: string, entry?: string) {
  const { id, hash, view } = await modalOf(who)
  const pressed = await desk.slack.sandbox.act({
    do: 'click_in_view',
    as: who,
    view_id: id,
    action_id,
    ...(entry === undefined ? {} : { value: { selected_option: optionIn(view, entry) } }),
  })
  expect(pressed).toMatchObject({ ok: true })
  return desk.slack.sandbox.until(({ modals }) =>
    modals.find((modal) => modal.id === id && modal.hash !== hash),
  )
}

function optionIn(view: object, entry: string): object {
  const options = JSON.stringify(view).match(/\{"text":\{[^}]*\},"value":"[^"]*"\}/g) ?? []
  const found = options.find((option) => option.includes(entry))
  if (!found) throw new Error(`there is no ${entry} among ${options.join(', ')}`)
  return JSON.parse(found) as object
}

const wordsOf = ({ view }: { view: object }) => JSON.stringify(view)

const long = {
  tool: 'other.tool',
  summary: 'Run a long query',
  arguments: {
    database: 'orders',
    query: Array.from({ length: 900 }, (_, i) => `select ${i} from orders -- line ${i}`).join('\n'),
    last: 'the end of it',
  },
  justification: 'It was asked for',
}

test('shows what the card has no room for, page by page', async () => {
  const asked = await agent.ask(long, { metadata: { team: 'support' }, state: { step: 4 } })
  const first = wordsOf(await open('U_CAROL', asked))
  for (const shown of ['Run a long query', 'Page 1 of', '-- line 0', 'part 1 of'])
    expect(first).toContain(shown)
  expect(first).not.toContain('the end of it')

  const second = wordsOf(await press('U_CAROL', 'details_next'))
  expect(second).toContain('Page 2 of')
  expect(second).toContain('… Arguments')
  expect(wordsOf(await press('U_CAROL', 'details_previous'))).toContain('Run a long query')

  const last = wordsOf(await press('U_CAROL', 'details_part', 'Metadata'))
  for (const shown of ['team', 'support', 'Nothing is approved by silence', 'step'])
    expect(last).toContain(shown)
  const opened = (await desk.audit(asked.id)).filter(({ type }) => type === 'details.opened')
  expect(opened).toMatchObject([{ actor: { slack_user_id: 'U_CAROL' }, data: { stage: 0, revision: 1 } }])
})

test('is for whom the request concerns, and for nobody else', async () => {
  const asked = await agent.ask(long, { on_behalf_of: 'U_BOB' })
  // Who asked, who owns the agent, an admin, a member of the role.
  for (const who of ['U_BOB', 'U_FRANK', 'U_ALICE', 'U_DAVE'])
    expect(wordsOf(await open(who, asked))).toContain('Run a long query')
  await desk.click('U_ERIN', 'details', await desk.card(asked.id))
  await desk.told('U_ERIN', /for platform, for who asked/)
  expect(desk.slack.sandbox.snapshot().modals.filter(({ user }) => user === 'U_ERIN')).toEqual([])
  expect((await desk.audit(asked.id)).filter(({ type }) => type === 'click.refused')).toMatchObject([
    { actor: { slack_user_id: 'U_ERIN' }, data: { click: 'details', because: 'not_concerned' } },
  ])
})

test('where the rule asks for it, only who has read it can approve', async () => {
  const asked = await agent.ask({ ...long, tool: 'sql.run' })
  const card = await desk.card(asked.id)
  await desk.click('U_CAROL', 'approve', card)
  await desk.told('U_CAROL', /Press Details first/)
  await open('U_DAVE', asked)
  await desk.click('U_CAROL', 'approve', card)
  expect((await agent.get(asked.id)).status).toBe('pending')
  await open('U_CAROL', asked)
  await desk.click('U_CAROL', 'approve', card)
  expect((await agent.get(asked.id)).status).toBe('approved')
  expect(
    (await desk.audit(asked.id)).flatMap((event) =>
      event.type === 'click.refused' ? [event.data.because] : [],
    ),
  ).toEqual(['details_unopened', 'details_unopened'])
})

test('what Slack does not show does not count as read', async () => {
  const asked = await agent.ask({ ...long, tool: 'sql.run' })
  const card = await desk.card(asked.id)
  desk.slack.sandbox.inject({
    kind: 'slack_error',
    error: 'expired_trigger_id',
    method: 'views.open',
    times: 1,
  })
  await desk.click('U_CAROL', 'details', card)
  await desk.told('U_CAROL', /Something went wrong/)
  await desk.click('U_CAROL', 'approve', card)
  expect((await agent.get(asked.id)).status).toBe('pending')
  expect((await desk.audit(asked.id)).map(({ type }) => type)).toEqual(
    expect.arrayContaining(['details.opened', 'details.failed', 'click.refused']),
  )
})

test('what changed while it was open is shown from the beginning, and has to be read anew', async () => {
  const owned = await desk.agent('two-stage-bot', 'U_ALICE')
  const asked = await owned.ask({ ...long, tool: 'prod.migrate' })
  await open('U_CAROL', asked)
  await press('U_CAROL', 'details_next')
  await desk.click('U_DAVE', 'approve', await desk.card(asked.id))
  expect(wordsOf(await press('U_CAROL', 'details_next'))).toContain('Page 1 of')
  const opened = (await desk.audit(asked.id)).filter(({ type }) => type === 'details.opened')
  expect(opened).toMatchObject([{ data: { revision: 1 } }, { data: { revision: 2 } }])
})
