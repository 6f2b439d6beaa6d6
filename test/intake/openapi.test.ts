import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { openapi } from '../../src/intake/openapi.ts'
import { startServer } from './agents-server.ts'
import { badRequests } from './bad-requests.ts'

let server: Awaited<ReturnType<typeof startServer>>
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

const ajv = new Ajv2020({ strict: true, strictTypes: false, validateFormats: false })
ajv.addSchema({ $id: 'countersign:', ...openapi })
const validator = (name: keyof typeof openapi.components.schemas) =>
  ajv.compile({ $ref: `countersign:#/components/schemas/${name}` })

test('is served to anyone, without a key', async () => {
  const { status, headers, body } = await server.call('GET', '/v1/openapi.json', { key: null })

  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('application/json')
  expect(body).toEqual(openapi)
})

test('names every address that there is, with its methods', async () => {
  for (const [path, methods] of Object.entries(openapi.paths)) {
    const reply = await server.call('OPTIONS', path.replace('{id}', 'apr_1'))
    const allowed = reply.headers.get('allow')?.toLowerCase().split(', ') ?? []
    expect(allowed.filter((method) => method !== 'head' && method !== 'options').sort()).toEqual(
      Object.keys(methods).sort(),
    )
  }
})

test('has only schemas that are JSON Schema 2020-12, and references that lead somewhere', () => {
  const schemas: unknown[] = [...Object.values(openapi.components.schemas)]
  for (const methods of Object.values(openapi.paths)) {
    for (const operation of Object.values(methods)) {
      for (const parameter of 'parameters' in operation ? operation.parameters : [])
        schemas.push(parameter.schema)
    }
  }

  for (const schema of schemas) expect(ajv.validateSchema(schema as object)).toBe(true)
  for (const [, pointer = ''] of JSON.stringify(openapi).matchAll(/"\$ref":"#\/([^"]*)"/g)) {
    const target = pointer
      .split('/')
      .reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], openapi)
    expect(target).toBeInstanceOf(Object)
  }
})

test('accepts what the server accepts, and describes what it answers', async () => {
  const json = {
    action: { tool: 't', arguments: { a: [1] } },
    expires_in: 5,
    metadata: { a: 'b' },
    state: [null],
  }
  const opened = await server.call('POST', '/v1/approvals', { json })
  const list = await server.call('GET', '/v1/approvals')
  const cancelled = await server.call('POST', `/v1/approvals/${opened.body.id}/cancel`)
  const problem = await server.call('GET', '/v1/approvals?limit=0')

  const open = validator('Open')
  expect([open(json), open.errors]).toEqual([true, null])
  for (const [name, body] of [
    ['Approval', opened.body],
    ['ApprovalList', list.body],
    ['Approval', cancelled.body],
    ['Problem', problem.body],
  ] as const) {
    const validate = validator(name)
    expect([name, validate(body), validate.errors]).toEqual([name, true, null])
  }
})

test('refuses the bodies that the server refuses, but for what JSON Schema cannot say', () => {
  const open = validator('Open')
  const unsaid =
    /^(callback to|a script|two bad links|a schema|9 KiB|a duration of nothing|a bad field and bad JSON|header, query)/
  const bodies = badRequests.filter(
    ({ status, path, pointers, name }) =>
      status === 400 && path === undefined && pointers?.[0]?.startsWith('/') && !unsaid.test(name),
  )

  for (const { name, body } of bodies) {
    const text = String(body)
    if (/__proto__|\\u|e999|e400|e-400|\d{17}|"a":1,"a"|"action".*"action"|^\[|\{"a":\{"a"/.test(text))
      continue
    expect([name, open(JSON.parse(text))]).toEqual([name, false])
  }
})
