import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createLocalJWKSet, decodeJwt, jwtVerify, SignJWT, type JSONWebKeySet } from 'jose'
import { createPublicKey, generateKeyPairSync, verify as cryptoVerify } from 'node:crypto'
import { createAgent, type SeenApproval, type TestAgent } from '../desk/agent.ts'
import { commandLine } from '../desk/command-line.ts'
import { openDesk, type Desk } from '../desk/desk.ts'
import { consume } from '../desk/permits.ts'

let desk: Desk
let agent: TestAgent
beforeAll(async () => {
  desk = await openDesk()
  agent = await desk.agent('refund-bot')
})
afterAll(() => desk.close())

const read = { tool: 'read.order', arguments: { order: '1881' } }
const refund = { tool: 'stripe.refund', arguments: { amount: 240 } }
const problem = (kind: string) => `urn:countersign:problem:${kind}`
const admin = () => desk.app.ground.admin
const operator = { type: 'operator' } as const
const events = async (id: string, type: string) =>
  (await desk.audit(id)).filter((event) => event.type === type)

async function jwks(): Promise<JSONWebKeySet> {
  const response = await fetch(`${desk.app.url}/.well-known/jwks.json`)
  expect(response.status).toBe(200)
  return (await response.json()) as JSONWebKeySet
}

/** As an executor checks it that knows nothing of this program but the address of its keys. */
async function verify(approval: SeenApproval) {
  return jwtVerify(approval.permit ?? '', createLocalJWKSet(await jwks()), {
    issuer: 'http://127.0.0.1',
    typ: 'permit+jwt',
    algorithms: ['EdDSA'],
    currentDate: desk.clock.now(),
  })
}

async function approved(action = refund): Promise<SeenApproval> {
  const { id } = await agent.ask(action, { callback: { url: desk.receiver.url } })
  if (action === refund) await desk.click('U_BOB', 'approve', await desk.card(id))
  return agent.get(id, '?wait=5')
}

describe('a permit', () => {
  test('is checked offline with the published keys, and says what may run', async () => {
    const waiting = await agent.ask(refund, { callback: { url: desk.receiver.url } })
    expect(waiting.permit).toBeNull()
    await desk.click('U_BOB', 'approve', await desk.card(waiting.id))
    const approval = await agent.get(waiting.id)
    const { payload, protectedHeader } = await verify(approval)
    expect(payload).toEqual({
      iss: 'http://127.0.0.1',
      jti: approval.id,
      sub: 'refund-bot',
      tool: 'stripe.refund',
      action_digest: approval.effective_action?.digest,
      policy_version: 1,
      iat: Date.parse(approval.decided_at ?? '') / 1_000,
      exp: Date.parse(approval.effective_action?.valid_until ?? '') / 1_000,
    })
    expect(protectedHeader.alg).toBe('EdDSA')

    await desk.settle()
    const called = desk.receiver.received.map(({ body }) => JSON.parse(body) as { data: SeenApproval })
    const mine = called.find(({ data }) => data.id === approval.id)
    expect(mine?.data.permit).toBe(approval.permit)
  })

  test('is there at once for what the policy allows, and the same in the list', async () => {
    const approval = await agent.ask(read)
    expect(decodeJwt(approval.permit ?? '').jti).toBe(approval.id)
    const list = await agent.send<{ data: SeenApproval[] }>('GET', '/v1/approvals?limit=10')
    expect(list.body.data.find(({ id }) => id === approval.id)?.permit).toBe(approval.permit)
  })

  test('lets one execution run; asked again for it, also when its time is over, the answer is the same', async () => {
    const approval = await approved()
    const first = await consume(agent, approval, { execution_id: 'exec_1' })
    expect(first).toMatchObject({
      status: 200,
      body: {
        approval_id: approval.id,
        execution_id: 'exec_1',
        consumed_at: desk.clock.now().toISOString(),
        action_digest: approval.action_digest,
        valid_until: approval.effective_action?.valid_until,
      },
    })
    await desk.advance('2h')
    expect((await consume(agent, approval, { execution_id: 'exec_1' })).body).toEqual(first.body)
    expect(await consume(agent, approval, { execution_id: 'exec_2' })).toMatchObject({
      status: 409,
      body: { type: problem('permit-consumed'), detail: expect.stringContaining('exec_1') },
    })
    expect(await events(approval.id, 'permit.consumed')).toMatchObject([
      { actor: { type: 'agent', name: 'refund-bot' }, data: { execution_id: 'exec_1' } },
    ])
    expect(await events(approval.id, 'permit.refused')).toMatchObject([
      { data: { execution_id: 'exec_2', because: 'consumed_by_another' } },
    ])
    expect((await agent.get(approval.id)).permit).toBe(approval.permit)
  })

  test('is for that action and no other, however it is written', async () => {
    const approval = await approved({ tool: 'read.order', arguments: { a: 1, b: [1.5, 'x'] } } as never)
    for (const action of [
      { tool: 'read.order', arguments: { a: 2, b: [1.5, 'x'] } },
      { tool: 'read.orders', arguments: { a: 1, b: [1.5, 'x'] } },
      { tool: 'read.order' },
    ])
      expect(await consume(agent, approval, { execution_id: 'exec_1', action })).toMatchObject({
        status: 422,
        body: { type: problem('action-differs') },
      })
    // In another order and with other spellings of the same numbers it is the same JSON.
    const body = `{"execution_id":"exec_1","permit":"${approval.permit}","action":{"arguments":{"b":[15e-1,"x"],"a":1.0},"tool":"read.order"}}`
    expect((await agent.send('POST', '/v1/permits/consume', body)).status).toBe(200)
    expect(await events(approval.id, 'permit.refused')).toHaveLength(3)
  })

  test('is no longer good at the moment when its time is over', async () => {
    const [late, intime] = [await agent.ask(read), await agent.ask(read)]
    await desk.advance('1h')
    desk.clock.move(-1)
    expect((await consume(agent, intime, { execution_id: 'exec_1' })).status).toBe(200)
    desk.clock.move(1)
    expect(await consume(agent, late, { execution_id: 'exec_1' })).toMatchObject({
      status: 410,
      body: { type: problem('permit-expired') },
    })
    await expect(verify(late)).rejects.toThrow('"exp" claim timestamp check failed')
    // A shape tells no time: the permit itself does.
    expect((await agent.get(late.id)).permit).toBe(late.permit)
  })
})

test('fifty executions at once, at two replicas: one may run, the others are told, and the log has it once', async () => {
  const replica = createAgent((await desk.replica()).url, agent)
  for (const round of [1, 2, 3]) {
    const approval = await agent.ask(read)
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        consume(i % 2 === 0 ? agent : replica, approval, { execution_id: `exec_${round}_${i}` }),
      ),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status === 409)).toHaveLength(49)
    const winner = answers.find(({ status }) => status === 200)?.body.execution_id ?? ''
    expect(await events(approval.id, 'permit.consumed')).toMatchObject([{ data: { execution_id: winner } }])
    expect(await events(approval.id, 'permit.refused')).toHaveLength(49)
    // Who lost the answer asks again, at the other replica.
    expect((await consume(replica, approval, { execution_id: winner })).status).toBe(200)
  }
})

test('fifty times the same execution at once: all are told the same', async () => {
  const approval = await agent.ask(read)
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => consume(agent, approval, { execution_id: 'exec_1' })),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  expect(await events(approval.id, 'permit.consumed')).toHaveLength(1)
})

describe('what is no permit of this agent’s is refused like any other bad field, and leaves no trace', () => {
  const unlike = { status: 400, body: { type: problem('invalid-request') } }

  async function refused(permit: unknown) {
    const approval = await agent.ask(read)
    const answer = await consume(agent, approval, { execution_id: 'exec_1', permit: permit as string })
    expect(answer).toMatchObject({ ...unlike, body: { errors: [{ pointer: '/permit' }] } })
    return answer
  }

  test('of another agent, which cannot even tell that it is one', async () => {
    const stranger = await desk.agent('stranger-bot')
    const theirs = await stranger.ask(read)
    const answer = await refused(theirs.permit)
    expect(answer.body).toEqual((await refused(`${theirs.permit?.slice(0, -20)}${'A'.repeat(20)}`)).body)
    expect(await desk.audit(theirs.id)).toHaveLength(2)
    expect((await consume(stranger, theirs, { execution_id: 'exec_1' })).status).toBe(200)
  })

  test.each<[string, (genuine: SeenApproval) => Promise<unknown>]>([
    ['signed by somebody else with a good key id', async ({ permit }) => forge(permit, {})],
    ['of another key', async ({ permit }) => forge(permit, { kid: 'another' })],
    ['with no key id', async ({ permit }) => forge(permit, { kid: undefined })],
    ['of another type', async ({ permit }) => forge(permit, { typ: 'JWT' })],
    ['that needs no signature', async ({ permit }) => unsigned(permit)],
    ['with claims that were changed', async ({ permit }) => changed(permit)],
    [
      'with its last letter changed',
      async ({ permit }) => `${permit?.slice(0, -1)}${permit?.endsWith('A') ? 'E' : 'A'}`,
    ],
    ['cut short', async ({ permit }) => permit?.slice(0, -30)],
    ['of garbage', async () => 'eyJhbGciOiJFZERTQSJ9.e30.AAAA'],
    ['of no JSON', async () => 'AAAA.AAAA.AAAA'],
    ['an encrypted token', async () => 'eyJhbGciOiJkaXIifQ..AAAA.AAAA.AAAA'],
    ['empty', async () => ''],
    ['null', async () => null],
    ['a number', async () => 1],
    ['much too long', async () => `eyJ.eyJ.${'A'.repeat(100_000)}`],
  ])('%s', async (_name, make) => {
    await refused(await make(await agent.ask(read)))
  })

  test('with everything else that is wrong named too', async () => {
    const { status, body } = await agent.send<{ errors: { pointer: string }[] }>(
      'POST',
      '/v1/permits/consume?x=1',
      { permit: 'x', action: { arguments: [], more: 1 }, execution_id: '', extra: 1 },
    )
    expect(status).toBe(400)
    expect(body.errors.map(({ pointer }) => pointer).sort()).toEqual([
      '/action/arguments',
      '/action/more',
      '/action/tool',
      '/execution_id',
      '/extra',
      '/permit',
      '?x',
    ])
  })
})

/** The genuine permit's claims, signed with a key of the forger's own. */
async function forge(permit: string | null, header: object): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519')
  const [kept = ''] = permit?.split('.') ?? []
  const genuine = JSON.parse(Buffer.from(kept, 'base64url').toString()) as { alg: string }
  return new SignJWT(decodeJwt(permit ?? '')).setProtectedHeader({ ...genuine, ...header }).sign(privateKey)
}

function unsigned(permit: string | null): string {
  const header = Buffer.from('{"alg":"none","typ":"permit+jwt"}').toString('base64url')
  return `${header}.${permit?.split('.')[1]}.`
}

function changed(permit: string | null): string {
  const [header, payload = '', signature] = permit?.split('.') ?? []
  const claims = {
    ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object),
    tool: 'sql.execute',
  }
  return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.')
}

describe('a freeze', () => {
  test('keeps what has not begun from running, and leaves alone what has', async () => {
    const [begun, reported, waiting] = [await agent.ask(read), await agent.ask(read), await agent.ask(read)]
    await consume(agent, begun, { execution_id: 'exec_1' })
    await agent.send('POST', `/v1/approvals/${reported.id}/outcome`, { status: 'succeeded' })
    await admin().freeze({ agent: null, reason: 'a leak' }, operator)
    expect(await consume(agent, waiting, { execution_id: 'exec_1' })).toMatchObject({ status: 403 })
    await desk.settle()
    expect(await consume(agent, waiting, { execution_id: 'exec_1' })).toMatchObject({
      status: 403,
      body: { type: problem('withdrawn'), detail: expect.stringContaining('a leak') },
    })
    expect(await agent.get(waiting.id)).toMatchObject({ permit: null, withdrawn: { reason: 'a leak' } })
    for (const { id } of [begun, reported])
      expect(await agent.get(id)).toMatchObject({ withdrawn: null, permit: expect.any(String) })
    expect((await consume(agent, begun, { execution_id: 'exec_1' })).status).toBe(200)
    await admin().unfreeze({ agent: null }, operator)
    await desk.settle()
    expect((await consume(agent, waiting, { execution_id: 'exec_1' })).status).toBe(403)
  })

  test('that races executions, fifteen times: each permit is either used or withdrawn, never both', async () => {
    const replica = createAgent((await desk.replica()).url, agent)
    for (let round = 0; round < 15; round++) {
      const approvals = await Promise.all([agent.ask(read), agent.ask(read), agent.ask(read)])
      const [one, two, three] = approvals
      const answers = await Promise.all([
        consume(agent, one, { execution_id: 'exec_1' }),
        consume(replica, two, { execution_id: 'exec_1' }),
        admin().freeze({ agent: null, reason: `round ${round}` }, operator),
        consume(replica, three, { execution_id: 'exec_1' }),
      ])
      await desk.settle()
      for (const [i, approval] of [one, two, null, three].entries()) {
        if (approval === null) continue
        const { status } = answers[i] as { status: number }
        const { withdrawn } = await agent.get(approval.id)
        expect([status, withdrawn === null]).toEqual(status === 200 ? [200, true] : [403, false])
      }
      await admin().unfreeze({ agent: null }, operator)
      await desk.settle()
    }
  })
})

describe('keys', () => {
  test('of the published set are public, and say what they are for', async () => {
    const { keys } = await jwks()
    for (const key of keys) expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x'])
  })

  test('rotate: the new one signs at once, also through another replica, and the old one is published until its last permit is over', async () => {
    const replica = createAgent((await desk.replica()).url, agent)
    const before = (await jwks()).keys
    const [old, used] = [await replica.ask(read), await agent.ask(read)]
    const waiting = await agent.ask(refund)
    const card = await desk.card(waiting.id)
    await consume(agent, used, { execution_id: 'exec_1' })

    const { json } = await commandLine(desk, 'key', 'rotate', 'permit', '--json')
    const { kid } = json as { kid: string }
    const renewed = [await replica.ask(read), await agent.ask(read)]
    await desk.click('U_BOB', 'approve', card)
    renewed.push(await agent.get(waiting.id))
    for (const one of renewed) expect((await verify(one)).protectedHeader.kid).toBe(kid)
    expect((await jwks()).keys.map((key) => key.kid)).toEqual([kid, ...before.map((key) => key.kid)])
    expect((await verify(old)).protectedHeader.kid).toBe(before[0]?.kid)
    expect((await consume(agent, old, { execution_id: 'exec_1' })).status).toBe(200)

    await desk.advance('1h')
    expect((await jwks()).keys.map((key) => key.kid)).toEqual([kid])
    // What it permitted stays permitted, for the execution that has it.
    expect((await consume(agent, used, { execution_id: 'exec_1' })).status).toBe(200)
    expect((await consume(agent, old, { execution_id: 'exec_2' })).status).toBe(409)
  })

  test('can end at once: nobody checks anything with the old ones any more, and what we gave is still ours', async () => {
    const approval = await agent.ask(read)
    expect(await commandLine(desk, 'key', 'rotate', 'checkpoint', '--at-once')).toMatchObject({ code: 1 })
    expect(await commandLine(desk, 'key', 'rotate', 'permit', '--at-once')).toMatchObject({ code: 0 })
    expect((await jwks()).keys).toHaveLength(1)
    await expect(verify(approval)).rejects.toThrow('no applicable key found')
    expect((await consume(agent, approval, { execution_id: 'exec_1' })).status).toBe(200)
  })

  test('are good for whoever knows RFC 7515 and no library of ours', async () => {
    const approval = await agent.ask(read)
    const [header = '', payload = '', signature = ''] = approval.permit?.split('.') ?? []
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string }
    const { x = '' } = (await jwks()).keys.find((key) => key.kid === kid) ?? {}
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    const signed = (text: string) =>
      cryptoVerify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'))
    expect(signed(`${header}.${payload}`)).toBe(true)
    expect(signed(`${header}.${payload}A`)).toBe(false)
  })

  test('and permits are nowhere in the audit', async () => {
    const approval = await agent.ask(read)
    await consume(agent, approval, { execution_id: 'exec_1' })
    expect(JSON.stringify(await desk.audit(approval.id))).not.toContain(approval.permit?.slice(0, 40))
  })
})

test('an action as large as one can be asked for can be run with its permit', async () => {
  const large = { tool: 'read.order', arguments: { text: 'x'.repeat(256 * 1024 - 70) } }
  const approval = await agent.ask(large)
  expect(Buffer.byteLength(JSON.stringify({ action: large }))).toBeGreaterThan(256 * 1024 - 20)
  expect((await consume(agent, approval, { execution_id: 'x'.repeat(200) })).status).toBe(200)
  const larger = { ...large, arguments: { text: 'x'.repeat(300 * 1024) } }
  expect((await consume(agent, approval, { execution_id: 'exec_1', action: larger })).status).toBe(413)
})
