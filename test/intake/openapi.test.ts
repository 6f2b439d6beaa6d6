import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { openapi } from '../../src/intake/openapi.ts'
import { startServer } from './agents-server.ts'
import { badFields } from './bad-requests.ts'

let server: Awaited<ReturnType<typeof startServer>>
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

const ajv = new Ajv2020({ strict: true, strictTypes: false, validateFormats: false })
const { schemas } = openapi.components

test('is served to anyone, without a key', async () => {
  const { status, headers, body } = await server.call('GET', '/v1/openapi.json', { key: null })

  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('application/json')
  expect(body).toEqual(openapi)
})

test('names every address that there is, with its methods', async () => {
  for (const [path, methods] of Object.entries(openapi.paths)) {
    const reply = await server.call('OPTIONS', path.replace('{id}', 'apr_1').replace('{run_id}', 'run_1'))
    const allowed = reply.headers.get('allow')?.toLowerCase().split(', ') ?? []
    expect(allowed.filter((method) => method !== 'head' && method !== 'options').sort()).toEqual(
      Object.keys(methods).sort(),
    )
  }
})

test('has only schemas that are JSON Schema 2020-12, and references that lead somewhere', () => {
  const parameters = Object.values(openapi.paths)
    .flatMap((methods) => Object.values(methods))
    .flatMap((operation) => ('parameters' in operation ? operation.parameters : []))
  const names = Object.keys(schemas).map((name) => `#/components/schemas/${name}`)

  for (const { schema } of parameters) expect(ajv.validateSchema(schema)).toBe(true)
  for (const schema of Object.values(schemas)) expect(ajv.validateSchema(schema)).toBe(true)
  for (const [, reference] of JSON.stringify(openapi).matchAll(/"\$ref":"([^"]*)"/g))
    expect(names).toContain(reference)
})

test('accepts what the server accepts, and describes what it answers', async () => {
  const json = {
    action: { tool: 't', arguments: { a: [1] } },
    expires_in: 5,
    metadata: { a: 'b' },
    state: [null],
  }
  const opened = await server.call('POST', '/v1/approvals', { json })
  const preview = await server.call('POST', '/v1/approvals/preview', { json })
  const list = await server.call('GET', '/v1/approvals')
  const cancelled = await server.call('POST', `/v1/approvals/${opened.body.id}/cancel`)
  const problem = await server.call('GET', '/v1/approvals?limit=0')
  const second = await server.open()
  await server.desk.vote(second.body.id, 'approve')
  const approved = await server.call('GET', `/v1/approvals/${second.body.id}`)
  const { tool, arguments: given } = approved.body.effective_action ?? approved.body.action
  const consume = { permit: approved.body.permit, action: { tool, arguments: given }, execution_id: 'exec_1' }
  const consumed = await server.call('POST', '/v1/permits/consume', { json: consume })
  const differs = await server.call('POST', '/v1/permits/consume', {
    json: { ...consume, action: { tool: 'other' } },
  })
  const figures = { cost: { amount: '0.42', currency: 'USD' }, tokens: { input: 1, output: 2 } }
  const outcome = { status: 'failed', error: 'x', attempts: 1, duration_ms: 1.5, ...figures }
  const reported = await server.call('POST', `/v1/approvals/${second.body.id}/outcome`, { json: outcome })
  const times = { started_at: '2026-03-02T10:00:00Z', ended_at: '2026-03-02T12:00:00+01:00' }
  const run = { status: 'running', ...figures, tool_calls: 3, tool_errors: 1, tool_retries: 1, ...times }
  const kept = await server.call('PUT', '/v1/runs/run_1', { json: run })
  const figuresOfMine = await server.call('GET', '/v1/metrics?window=30d&by=tool')
  const keySet = await server.call('GET', '/.well-known/jwks.json', { key: null })

  const described = [
    [schemas.Open, json],
    [schemas.Approval, opened.body],
    [schemas.Preview, preview.body],
    [schemas.ApprovalList, list.body],
    [schemas.Approval, cancelled.body],
    [schemas.Problem, problem.body],
    [schemas.Approval, approved.body],
    [schemas.Consume, consume],
    [schemas.Consumed, consumed.body],
    [schemas.Problem, differs.body],
    [schemas.Outcome, outcome],
    [schemas.Approval, reported.body],
    [schemas.RunReport, run],
    [schemas.Run, kept.body],
    [schemas.Metrics, figuresOfMine.body],
    [schemas.KeySet, keySet.body],
  ] as const
  for (const [schema, body] of described) {
    const validate = ajv.compile(schema)
    expect([validate(body), validate.errors]).toEqual([true, null])
  }
})

test('refuses the fields that the server refuses, but for what JSON Schema cannot say', () => {
  const validate = ajv.compile(schemas.Open)

  const missed = badFields.filter(
    ({ body }) => !/1e999/.test(String(body)) && validate(JSON.parse(String(body))),
  )

  expect(missed.map(({ name }) => name)).toEqual([
    'a script for a subject',
    'a schema from elsewhere',
    'a schema of another dialect',
    'a schema of no type',
    'a schema with several faults',
    '9 KiB of state',
    'a duration of nothing',
    ...badFields
      .map(({ name }) => name)
      .filter((name) => name.startsWith('callback to') && !name.endsWith('xxx')),
  ])
})
