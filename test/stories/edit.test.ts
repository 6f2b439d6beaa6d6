import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Message, OpenView } from '../../src/sandbox/index.ts'
import type { SeenApproval, TestAgent } from '../desk/agent.ts'
import { commandLine } from '../desk/command-line.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { consume } from '../desk/permits.ts'
import { storyPolicy } from '../desk/policy.ts'
import { textsIn } from '../slack/seen.ts'

// Refunds below 1,000 need one of finance, above that two; what may be edited is the amount and the note.
const editing = `${storyPolicy}\nbreak_glass: [U_FRANK]\n`
  .replace('defaults:\n', 'defaults:\n  allowed_decisions: [approve, edit, reject]\n')
  .replaceAll('stages: [{role: finance, approvals: 1}]', '$&\n    editable: [amount, note, to]')
  .replaceAll('stages: [{role: finance, approvals: 2}]', '$&\n    editable: [amount, note, to]')
  .replace('1}, {role: finance, approvals: 1}]', '$&\n    editable: [amount]')
  .replace(
    'rules:\n',
    `rules:
  - name: no-fortunes
    when: action.tool == "stripe.refund" && action.arguments.amount > 100000
    effect: deny
    reason: Nobody refunds a fortune
  - name: small-change
    when: action.tool == "stripe.refund" && action.arguments.amount < 5
    effect: allow
`,
  )

let desk: Desk
let agent: TestAgent
beforeAll(async () => {
  desk = await openDesk({ policy: editing })
  agent = await desk.agent('refund-bot')
})
afterAll(() => desk.close())

const schema = {
  type: 'object',
  properties: {
    charge: { type: 'string' },
    amount: { type: 'number', title: 'How much', minimum: 1, multipleOf: 0.01 },
    currency: { enum: ['EUR', 'USD'] },
    note: { type: 'string', maxLength: 20 },
    to: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
  },
  required: ['charge', 'amount'],
  additionalProperties: false,
}
const given = { charge: 'ch_1', amount: 240, currency: 'USD' }
const refund = (given_arguments: object = given) => ({
  tool: 'stripe.refund',
  arguments: given_arguments,
  summary: 'Refund $240 to order 1881',
})
const acting = { allowed_decisions: ['approve', 'edit', 'reject'] }
const ask = (more: object = {}, action: object = refund()): Promise<SeenApproval> =>
  agent.ask(action, { ...acting, callback: { url: desk.receiver.url }, ...more })

const typed = (type: string, value: string | null) => ({ entered: { type, value } })
/** The form in which the arguments are one JSON text. */
const asJson = (value: unknown, note: string | null = null) => ({
  argument_0: typed('plain_text_input', typeof value === 'string' ? value : JSON.stringify(value)),
  note: { note: { type: 'plain_text_input', value: note } },
})
async function form(who: string, card: Message): Promise<OpenView> {
  const opened = await desk.openForm(who, card, 'edit')
  if (typeof opened === 'string') throw new Error(opened)
  return opened
}
const submit = (who: string, view: OpenView, values: object) =>
  desk.slack.sandbox.act({ do: 'submit', as: who, view_id: view.id, values: values as never })
const shown = (view: OpenView) =>
  JSON.stringify(desk.slack.sandbox.snapshot().modals.find(({ id }) => id === view.id) ?? null)
/** All that can be read on a card. */
const textOf = (card: Message) => textsIn(card.blocks).join('')
const events = async (id: string, type: string) =>
  (await desk.audit(id)).filter((event) => event.type === type)

describe('an edit by the agent’s schema', () => {
  test('is offered as inputs that suit it, checked in place, and approves what it makes of the action', async () => {
    const { id } = await ask({ arguments_schema: schema })
    const modal = await form('U_BOB', await desk.card(id))
    expect(modal.view['blocks']).toMatchObject([
      {},
      {},
      {
        label: { text: 'How much (amount)' },
        element: { type: 'number_input', initial_value: '240', min_value: '1' },
      },
      { label: { text: 'note' }, optional: true, element: { type: 'plain_text_input' } },
      { label: { text: 'to' }, element: { type: 'plain_text_input', multiline: true } },
      { label: { text: 'Why?' } },
    ])

    const wrong = await submit('U_BOB', modal, {
      argument_0: typed('number_input', '12.345'),
      argument_1: typed('plain_text_input', 'much too long for a note of a refund'),
      argument_2: typed('plain_text_input', '{"nam": "Ann"}'),
    })
    expect(wrong.errors).toEqual({
      argument_0: 'must be multiple of 0.01',
      argument_1: 'must NOT have more than 20 characters',
      argument_2: "/name: must have required property 'name'",
    })
    expect((await agent.get(id)).status).toBe('pending')

    await submit('U_BOB', modal, {
      argument_0: typed('number_input', '200'),
      argument_1: typed('plain_text_input', 'as agreed'),
      argument_2: typed('plain_text_input', null),
      note: { note: { type: 'plain_text_input', value: 'one item was kept' } },
    })
    await desk.settle()
    const approval = await agent.get(id)
    expect(approval).toMatchObject({
      status: 'approved',
      action: { arguments: given },
      decision: { by: { slack_user_id: 'U_BOB' }, reason: 'one item was kept' },
      effective_action: {
        tool: 'stripe.refund',
        arguments: { charge: 'ch_1', amount: 200, currency: 'USD', note: 'as agreed' },
        edited: true,
        changes: [
          { path: '/amount', from: 240, to: 200 },
          { path: '/note', to: 'as agreed' },
        ],
      },
    })
    const { digest } = approval.effective_action ?? {}
    expect(digest).not.toBe(approval.action_digest)
    expect(await events(id, 'action.edited')).toMatchObject([
      {
        actor: { slack_user_id: 'U_BOB' },
        data: {
          note: 'one item was kept',
          original_digest: approval.action_digest,
          from_digest: approval.action_digest,
          to_digest: digest,
          changes: approval.effective_action?.changes,
          voided: [],
        },
      },
    ])
    const card = textOf(await desk.card(id))
    for (const words of [
      'Edited: “Refund $240',
      'amount  240 → 200',
      'one item was kept',
      'Approved as edited',
    ])
      expect(card).toContain(words)
    const printed = (await commandLine(desk, 'show', id)).lines.join('\n')
    for (const words of [
      '"amount":200',
      'edited     by Bob Brandt (U_BOB)',
      '“one item was kept”',
      '"amount":240',
    ])
      expect(printed).toContain(words)
    expect((await desk.app.ground.audit.story(id)).join('\n')).toContain(
      'Bob Brandt (U_BOB) edited the action at stage 1: /amount from 240 to 200',
    )
  })
})

describe('an edit as JSON', () => {
  test('voids earlier votes, may need more people, and is shown before and after', async () => {
    const { id } = await ask({}, refund({ ...given, amount: 1_500 }))
    const card = await desk.card(id)
    await desk.click('U_ERIN', 'approve', card)
    await desk.settle()
    const modal = await form('U_BOB', card)
    expect(modal.view['blocks']).toMatchObject([
      {},
      {},
      {
        label: { text: 'The arguments that can be changed' },
        element: { initial_value: '{\n  "amount": 1500\n}' },
      },
      {},
    ])
    await submit('U_BOB', modal, asJson({ amount: 1_200, to: { name: 'Ann' } }, 'as <@U_FRANK> said'))
    await desk.settle()
    expect(await agent.get(id)).toMatchObject({
      status: 'pending',
      action: { arguments: { amount: 1_500 } },
      effective_action: null,
      stages: [{ approvals: 2, votes: [{ by: { slack_user_id: 'U_BOB' }, comment: 'as <@U_FRANK> said' }] }],
    })

    const now = await desk.card(id)
    const text = textOf(now)
    for (const words of ['amount  1500 → 1200', 'to  name Ann', '1 of 2 approvals'])
      expect(text).toContain(words)
    const told = desk.slack.sandbox
      .snapshot()
      .messages.find(({ thread_ts, text: line }) => thread_ts === card.ts && line.includes('edited'))
    expect(told?.text).toMatch(
      /Bob Brandt edited the action: “as &lt;@U_FRANK&gt; said”\n<@U_ERIN> what you approved is not/,
    )

    await desk.click('U_ERIN', 'approve', now)
    await desk.settle()
    const { effective_action } = await agent.get(id)
    expect(effective_action?.changes).toEqual([
      { path: '/amount', from: 1_500, to: 1_200 },
      { path: '/to', to: { name: 'Ann' } },
    ])
    const { body } = await desk.receiver.nth(desk.receiver.received.length)
    expect(JSON.parse(body)).toMatchObject({
      type: 'approval.approved',
      data: { effective_action: { edited: true, changes: effective_action?.changes } },
    })
  })

  test('is asked of more people where the policy wants them for what it became', async () => {
    const { id } = await ask()
    await submit('U_BOB', await form('U_BOB', await desk.card(id)), asJson({ amount: 5_000 }))
    await desk.settle()
    expect(await agent.get(id)).toMatchObject({
      status: 'pending',
      policy: { rule: 'big-refunds' },
      stages: [{ approvals: 2, votes: [{ by: { slack_user_id: 'U_BOB' } }] }],
    })
    await desk.click('U_ERIN', 'approve', await desk.card(id))
    expect((await agent.get(id)).status).toBe('approved')
  })

  test.each<[string, string, RegExp]>([
    ['text that is no JSON', '{amount: 200}', /^This is not JSON/],
    ['no object', '[200]', /object/],
    ['a key twice', '{"amount": 200, "amount": 2000}', /^\/amount: This key appears twice/],
    [
      'a number that would become another',
      '{"amount": 9007199254740993}',
      /^\/amount: This number cannot be held exactly/,
    ],
    ['a number that is none', '{"amount": 1e400}', /^\/amount: This number/],
    ['a number that is written as none', '{"amount": NaN}', /^This is not JSON/],
    [
      'a key that the rule does not list',
      '{"amount": 200, "charge": "ch_2"}',
      /^\/charge: cannot be changed here; what can is amount, note, to$/,
    ],
    [
      'a key of every object',
      '{"amount": 200, "constructor": {"prototype": 1}}',
      /^\/constructor: cannot be changed here/,
    ],
    [
      'the key by which objects inherit',
      '{"amount": 200, "__proto__": {"charge": "ch_2"}}',
      /__proto__ is not accepted/,
    ],
    [
      'more depth than an agent could send back',
      `{"note": ${'['.repeat(62)}${']'.repeat(62)}}`,
      /more than 62 deep/,
    ],
  ])('in which there is %s is refused in place', async (_what, text, words) => {
    const { id } = await ask()
    const modal = await form('U_BOB', await desk.card(id))
    expect((await submit('U_BOB', modal, asJson(text))).errors).toEqual({
      argument_0: expect.stringMatching(words),
    })
    expect(shown(modal)).toContain('Edit the action')
    expect(await agent.get(id)).toMatchObject({ status: 'pending', stages: [{ votes: [] }] })
    expect(await events(id, 'action.edited')).toEqual([])
  })

  test('that the policy denies is told to the editor alone, and is in the audit', async () => {
    const { id } = await ask()
    const modal = await form('U_BOB', await desk.card(id))
    expect((await submit('U_BOB', modal, asJson({ amount: 200_000 }))).errors).toEqual({
      argument_0:
        'The policy denies what this would become, by the rule no-fortunes: Nobody refunds a fortune. Nothing was changed.',
    })
    expect(await agent.get(id)).toMatchObject({ status: 'pending', stages: [{ votes: [] }] })
    expect(await events(id, 'click.refused')).toMatchObject([
      {
        data: {
          click: 'edit',
          because: 'denied_by_policy',
          detail: 'the rule no-fortunes: Nobody refunds a fortune',
        },
      },
    ])
  })

  test('that the policy would allow without asking still asks whom it asked', async () => {
    const { id } = await ask({}, refund({ ...given, amount: 1_500 }))
    await submit('U_BOB', await form('U_BOB', await desk.card(id)), asJson({ amount: 1 }))
    await desk.settle()
    expect(await agent.get(id)).toMatchObject({
      status: 'pending',
      policy: { rule: 'big-refunds' },
      stages: [{ approvals: 2, votes: [{ by: { slack_user_id: 'U_BOB' } }] }],
    })
    await desk.click('U_ERIN', 'approve', await desk.card(id))
    expect((await agent.get(id)).effective_action?.arguments).toMatchObject({ amount: 1 })
  })

  test('of two people at once, ten times: one counts, the other is told that it is another card now', async () => {
    for (let round = 0; round < 10; round++) {
      const { id } = await ask({}, refund({ ...given, amount: 1_500 }))
      const card = await desk.card(id)
      const forms = { U_BOB: await form('U_BOB', card), U_ERIN: await form('U_ERIN', card) }
      await Promise.all([
        submit('U_BOB', forms.U_BOB, asJson({ amount: 1_400 })),
        submit('U_ERIN', forms.U_ERIN, asJson({ amount: 1_300 })),
      ])
      const [edited, ...more] = await events(id, 'action.edited')
      expect(more).toEqual([])
      const first = edited?.actor.type === 'human' ? edited.actor.slack_user_id : null
      expect((await events(id, 'click.refused')).map(({ data }) => data)).toMatchObject([
        { because: 'stale' },
      ])
      expect((await agent.get(id)).stages).toMatchObject([
        { votes: [{ by: { slack_user_id: first }, vote: 'approve' }] },
      ])
    }
  })

  test('and an approval at once, ten times: nobody ever approved what they had not before them', async () => {
    for (let round = 0; round < 10; round++) {
      const { id } = await ask({}, refund({ ...given, amount: 1_500 }))
      const card = await desk.card(id)
      const modal = await form('U_BOB', card)
      await Promise.all([
        submit('U_BOB', modal, asJson({ amount: 1_400 })),
        desk.click('U_ERIN', 'approve', card),
      ])
      const { status, stages } = await agent.get(id)
      expect(status).toBe('pending')
      expect(stages).toMatchObject([{ votes: [{ by: { slack_user_id: 'U_BOB' } }] }])
      const votes = await events(id, 'vote.cast')
      const digests = votes.map(({ actor, data }) => [
        actor.type === 'human' && actor.slack_user_id,
        'action_digest' in data && data.action_digest,
      ])
      const [edited] = await events(id, 'action.edited')
      if (edited?.type !== 'action.edited') throw new Error('nothing was edited')
      const { from_digest, to_digest, voided } = edited.data
      // Who was first decides whether the approval counted at all; it never counts for what it became.
      expect(digests).toEqual([...voided.map(() => ['U_ERIN', from_digest]), ['U_BOB', to_digest]])
    }
  })

  test('after its end changes nothing, also where nobody has noticed that yet', async () => {
    const { id } = await ask({ expires_in: '10m' })
    const modal = await form('U_BOB', await desk.card(id))
    desk.clock.move(600_000)
    await submit('U_BOB', modal, asJson({ amount: 200 }))
    expect(shown(modal)).toContain('Nothing was changed')
    await desk.settle()
    expect(await agent.get(id)).toMatchObject({ status: 'expired', effective_action: null })
    expect(await events(id, 'action.edited')).toEqual([])
  })

  test('of one of many long arguments leaves the others byte for byte', async () => {
    const note = `start ${'ä€😀'.repeat(15_000)} end`
    const { id } = await ask({}, refund({ ...given, note, to: { name: 'Ann' } }))
    const modal = await form('U_BOB', await desk.card(id))
    expect(shown(modal)).toContain('Too long to be changed here, and left as it is: note')
    await submit('U_BOB', modal, {
      argument_0: typed('plain_text_input', '239.5'),
      argument_2: typed('plain_text_input', '{"name": "Ann"}'),
    })
    await desk.settle()
    expect((await agent.get(id)).effective_action).toMatchObject({
      arguments: { ...given, amount: 239.5, note },
      changes: [{ path: '/amount', from: 240, to: 239.5 }],
    })
    expect(desk.slack.sandbox.snapshot().complaints).toEqual([])
  })

  test('of nothing, and one that somebody else was faster with, change nothing', async () => {
    const { id } = await ask({}, refund({ ...given, amount: 1_500 }))
    const card = await desk.card(id)
    const [early, late] = [await form('U_BOB', card), await form('U_ERIN', card)]
    const same = await submit('U_BOB', early, asJson({ amount: 1_500 }))
    expect(same.errors).toEqual({ argument_0: expect.stringMatching(/would be different/) })
    await submit('U_BOB', early, asJson({ amount: 1_400 }))
    await submit('U_ERIN', late, asJson('no JSON, which no longer matters'))
    expect(shown(late)).toContain('no longer the current one')
    expect((await events(id, 'click.refused')).map(({ data }) => 'because' in data && data.because)).toEqual([
      'unchanged',
      'stale',
    ])
  })
})

describe('who may edit', () => {
  test('only who could approve; the button is there only where rule and agent allow it', async () => {
    const { id } = await ask()
    const card = await desk.card(id)
    expect(await desk.openForm('U_DAVE', card, 'edit')).toContain('Only members of finance')
    const plain = await agent.ask(refund())
    expect(JSON.stringify((await desk.card(plain.id)).blocks)).not.toContain('"edit"')
    const other = await ask({}, { tool: 'deploy' })
    expect(JSON.stringify((await desk.card(other.id)).blocks)).not.toContain('"edit"')
    expect((await agent.get(id)).allowed_decisions).toEqual(['approve', 'edit', 'reject'])
  })

  test('nobody while it is frozen, and break glass approves what it was edited to', async () => {
    const { id } = await ask({}, refund({ ...given, amount: 1_500 }))
    await submit('U_BOB', await form('U_BOB', await desk.card(id)), asJson({ amount: 1_400 }))
    const open = await form('U_ERIN', await desk.card(id))
    await desk.command('U_ALICE', 'freeze all a leak')
    await desk.settle()
    expect(JSON.stringify((await desk.card(id)).blocks)).not.toContain('"edit"')
    await submit('U_ERIN', open, asJson({ amount: 1_300 }))
    expect(shown(open)).toContain('it is frozen')
    await desk.command('U_ALICE', 'unfreeze all')
    await desk.settle()
    const broken = await desk.openForm('U_FRANK', await desk.card(id), 'break_glass')
    if (typeof broken === 'string') throw new Error(broken)
    await submit('U_FRANK', broken, {
      reason: { reason: { type: 'plain_text_input', value: 'the shop is down' } },
    })
    await desk.settle()
    expect((await agent.get(id)).effective_action).toMatchObject({
      arguments: { amount: 1_400 },
      edited: true,
    })
  })
})

describe('several stages', () => {
  test('begin anew, each card says so, and who edited at a later one has approved that', async () => {
    const { id } = await ask({}, { tool: 'prod.migrate', arguments: { amount: 1, table: 'orders' } })
    const first = await desk.card(id)
    await desk.click('U_CAROL', 'approve', first)
    const second = await desk.card(id, 1)
    await submit('U_BOB', await form('U_BOB', second), asJson({ amount: 2 }))
    await desk.settle()
    expect((await agent.get(id)).stages).toMatchObject([
      { status: 'open', votes: [] },
      { status: 'waiting', votes: [{ by: { slack_user_id: 'U_BOB' } }] },
    ])
    const waiting = (await desk.card(id, 1)).blocks
    expect(waiting.some(({ type }) => type === 'actions')).toBe(false)
    await desk.click('U_CAROL', 'approve', await desk.card(id))
    await desk.settle()
    expect(await agent.get(id)).toMatchObject({
      status: 'approved',
      effective_action: { arguments: { amount: 2 } },
    })
    for (const stage of [0, 1])
      expect(JSON.stringify((await desk.card(id, stage)).blocks)).toContain('Approved as edited')
    expect(desk.slack.sandbox.snapshot().complaints).toEqual([])
  })
})

test('the permit is for what it was edited to, and for nothing else', async () => {
  const { id } = await ask()
  await submit('U_BOB', await form('U_BOB', await desk.card(id)), asJson({ amount: 200 }))
  const approval = await agent.get(id)
  const { digest, tool } = approval.effective_action ?? {}
  const claims = JSON.parse(
    Buffer.from(approval.permit?.split('.')[1] ?? '', 'base64url').toString(),
  ) as object
  expect(claims).toMatchObject({ jti: id, tool: 'stripe.refund', action_digest: digest })
  expect(
    await consume(agent, approval, { execution_id: 'e1', action: { tool, arguments: given } }),
  ).toMatchObject({ status: 422 })
  expect(await consume(agent, approval, { execution_id: 'e1' })).toMatchObject({ status: 200 })
})

test('what is hidden is in no form and stays as it was; what an editor types is hidden like what an agent sends', async () => {
  const hidden = ['hunter-22', 'hunter-23']
  const args = { ...given, note: 'paid with password=hunter-22', to: { name: 'Ann' } }
  const { id } = await ask({}, refund(args))
  const modal = await form('U_BOB', await desk.card(id))
  expect(shown(modal)).not.toMatch(/hunter|hidden|paid/)
  expect((await submit('U_BOB', modal, asJson({ amount: 1, note: 'x' }))).errors).toEqual({
    argument_0: '/note: cannot be changed here; what can is amount, to',
  })
  await submit('U_BOB', modal, asJson({ amount: 5_000, to: { name: 'Ann', password: 'hunter-23' } }))
  await desk.settle()
  await desk.click('U_ERIN', 'details', await desk.card(id))
  const { messages, modals } = desk.slack.sandbox.snapshot()
  for (const seen of [messages, modals, await desk.app.ground.audit.story(id)])
    expect(hidden.filter((secret) => JSON.stringify(seen).includes(secret))).toEqual([])
  await desk.click('U_ERIN', 'approve', await desk.card(id))
  expect((await agent.get(id)).effective_action?.arguments).toEqual({
    ...args,
    amount: 5_000,
    to: { name: 'Ann', password: 'hunter-23' },
  })
})

test('sums of what was allowed count what it was edited to', async () => {
  const counting = await openDesk({
    policy: editing.replace(
      'rules:\n',
      `history:
  refunded: {sum: action.arguments.amount, tool: stripe.refund, by: agent, within: 1d}
rules:
  - name: enough-for-today
    when: action.tool == "stripe.refund" && history.refunded + action.arguments.amount > 500.0
    effect: deny
    reason: Enough for today
`,
    ),
  })
  try {
    const bot = await counting.agent('counted-bot')
    const { id } = await bot.ask(refund(), acting)
    const modal = await counting.openForm('U_BOB', await counting.card(id), 'edit')
    if (typeof modal === 'string') throw new Error(modal)
    const send = (amount: number) =>
      counting.slack.sandbox.act({
        do: 'submit',
        as: 'U_BOB',
        view_id: modal.id,
        values: asJson({ amount }),
      })
    expect((await send(501)).errors).toMatchObject({ argument_0: expect.stringMatching(/Enough for today/) })
    await send(490)
    expect((await bot.get(id)).status).toBe('approved')
    expect((await bot.ask(refund({ ...given, amount: 11 }))).decision?.reason).toBe('Enough for today')
    expect((await bot.ask(refund({ ...given, amount: 9 }))).status).toBe('pending')
  } finally {
    await counting.close()
  }
})
