import { gzipSync } from 'node:zlib'
import { badExecutions } from './bad-executions.ts'

/**
 * A request that must be refused, with nothing stored: `key` names whose (the good agent's unless said), `headers`
 * are all that is sent besides, and a POST to /v1/approvals is meant where `method` and `path` are left out.
 * `pointers` are those of all the faults, in any order.
 */
export type BadRequest = {
  name: string
  method?: string
  path?: string
  key?: 'none' | 'unknown' | 'disabled'
  headers?: Record<string, string>
  body?: string | Uint8Array
  status: number
  problem: string
  pointers?: string[]
}

const id = 'apr_01k00000000000000000000000'
const json = { 'Content-Type': 'application/json' }
const good = '{"action":{"tool":"t"}}'

/** Good JSON with fields that are not as they should be. */
export const badFields: BadRequest[] = fields()

export const badRequests: BadRequest[] = [
  ...authentication(),
  ...media(),
  ...notIJson(),
  ...badFields,
  ...outsideTheBody(),
  ...elsewhere(),
  ...badExecutions,
]

function authentication(): BadRequest[] {
  const refused = { status: 401, problem: 'unauthenticated' }
  return [
    { name: 'no key', key: 'none', headers: json, body: good, ...refused },
    { name: 'an unknown key', key: 'unknown', headers: json, body: good, ...refused },
    {
      name: 'a key of another scheme',
      key: 'none',
      headers: { ...json, Authorization: 'Basic Y3NrOg==' },
      body: good,
      ...refused,
    },
    {
      name: 'two words for a key',
      key: 'none',
      headers: { ...json, Authorization: 'Bearer csk_refund x' },
      body: good,
      ...refused,
    },
    {
      name: "a disabled agent's key",
      key: 'disabled',
      headers: json,
      body: good,
      status: 403,
      problem: 'agent-disabled',
    },
    { name: 'no key and a bad body: the key comes first', key: 'none', body: '{', ...refused },
    { name: 'no key and a strange address', key: 'none', method: 'GET', path: '/v1/secrets', ...refused },
  ]
}

function media(): BadRequest[] {
  const refused = { status: 415, problem: 'unsupported-media-type' }
  const large = { status: 413, problem: 'too-large' }
  const as = (type: string) => ({ 'Content-Type': type })
  const kib300 = `{"action":{"tool":"t","justification":"${'x'.repeat(300 * 1024)}"}}`
  return [
    { name: 'a form', headers: as('application/x-www-form-urlencoded'), body: 'tool=t', ...refused },
    { name: 'text', headers: as('text/plain'), body: good, ...refused },
    { name: 'JSON by another name', headers: as('application/problem+json'), body: good, ...refused },
    { name: 'another charset', headers: as('application/json; charset=utf-16'), body: good, ...refused },
    { name: 'a body without a content type', headers: {}, body: good, ...refused },
    {
      name: 'an unknown content encoding',
      headers: { ...json, 'Content-Encoding': 'zip' },
      body: good,
      ...refused,
    },
    {
      name: 'two content encodings',
      headers: { ...json, 'Content-Encoding': 'gzip, gzip' },
      body: good,
      ...refused,
    },
    { name: '300 KiB', headers: json, body: kib300, ...large },
    {
      name: '300 KiB packed into little',
      headers: { ...json, 'Content-Encoding': 'gzip' },
      body: gzipSync(kib300),
      ...large,
    },
    {
      name: '100 MiB packed into 100 KiB',
      headers: { ...json, 'Content-Encoding': 'gzip' },
      body: bomb(),
      ...large,
    },
    whole('what is called gzip and is not', good, { ...json, 'Content-Encoding': 'gzip' }),
    whole('gzip cut short', gzipSync(good).subarray(0, 20), { ...json, 'Content-Encoding': 'gzip' }),
  ]
}

function bomb(): Uint8Array {
  return gzipSync(Buffer.alloc(100 * 1024 * 1024, ' '), { level: 9 })
}

function notIJson(): BadRequest[] {
  const inArguments = (name: string, text: string, ...pointers: string[]) =>
    faulty(
      name,
      `{"action":{"tool":"t","arguments":${text}}}`,
      ...pointers.map((pointer) => `/action/arguments${pointer}`),
    )
  return [
    { name: 'no body at all', headers: {}, status: 400, problem: 'invalid-request', pointers: [''] },
    whole('an empty body', ''),
    whole('half an object', '{"action":{"tool":"t"}'),
    whole('two values', `${good}${good}`),
    whole('a trailing comma', '{"action":{"tool":"t"},}'),
    whole('a comment', `${good} // please`),
    whole('single quotes', "{'action':{'tool':'t'}}"),
    whole('NaN', '{"action":{"tool":"t","arguments":{"a":NaN}}}'),
    whole('a byte order mark', `\uFEFF${good}`),
    whole(
      'broken UTF-8',
      Buffer.concat([
        Buffer.from('{"action":{"tool":"t","summary":"'),
        Buffer.from([0xc3, 0x28]),
        Buffer.from('"}}'),
      ]),
    ),
    whole(
      'a surrogate in UTF-8',
      Buffer.concat([
        Buffer.from('{"action":{"tool":"t","summary":"'),
        Buffer.from([0xed, 0xa0, 0x80]),
        Buffer.from('"}}'),
      ]),
    ),
    whole('UTF-16', Buffer.from(good, 'utf16le')),
    whole('a bare NUL', '{"action":{"tool":"t","summary":"a\0b"}}'),
    whole('null', 'null'),
    whole('a list', `[${good}]`),
    whole('a text', '"action"'),
    whole('100,000 brackets and no end', '['.repeat(100_000)),
    faulty('100,000 brackets', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, '/0'.repeat(64)),
    inArguments('65 levels', `${'{"a":'.repeat(63)}1${'}'.repeat(63)}`, '/a'.repeat(62)),
    faulty('a key twice', '{"action":{"tool":"t"},"action":{"tool":"u"}}', '/action'),
    inArguments('a key twice, once in disguise', '{"amount":1,"\\u0061mount":2}', '/amount'),
    inArguments('a key twice in a list', '[{"a":1,"a":1}]', '/0/a', ''),
    inArguments('a whole number beyond a double', '{"n":9007199254740993}', '/n'),
    inArguments('a huge whole number', `{"n":1${'0'.repeat(400)}}`, '/n'),
    inArguments('a number too large', '{"n":1e400}', '/n'),
    inArguments('a number too small', '{"n":[0,1e-400]}', '/n/1'),
    inArguments('more decimals than a double has', '{"n":0.1234567890123456789}', '/n'),
    inArguments('a lone surrogate', '{"s":"\\ud83d"}', '/s'),
    inArguments('surrogates the wrong way round', '{"s":"\\ude00\\ud83d"}', '/s'),
    inArguments('a lone surrogate in a key', '{"\\ud83d":1}', '/\ud83d'),
    inArguments('a NUL character', '{"s":"a\\u0000"}', '/s'),
    inArguments('a NUL character in a key', '{"a\\u0000":{}}', '/a\0'),
    inArguments('__proto__', '{"__proto__":{"admin":true}}', '/__proto__'),
    inArguments('__proto__ in disguise, and deep', '{"a":[{"\\u005f_proto__":null}]}', '/a/0/__proto__'),
    inArguments('keys that a pointer must escape', '{"a/b":{"m~n":1e999}}', '/a~1b/m~0n'),
    inArguments(
      'several of these at once',
      '{"a":1,"a":1e999,"b":"\\ud800","c":{"__proto__":9007199254740993}}',
      '/a',
      '/b',
      '/c/__proto__',
    ),
  ]
}

function fields(): BadRequest[] {
  const field = (name: string, value: object, ...pointers: string[]) =>
    faulty(name, JSON.stringify({ action: { tool: 't' }, ...value }), ...pointers)
  const action = (name: string, value: object, ...pointers: string[]) =>
    faulty(name, JSON.stringify({ action: { tool: 't', ...value } }), ...pointers)
  const link = { title: 'Trace', url: 'https://example.com' }
  const callback = (url: string) =>
    field(`callback to ${url.slice(0, 40)}`, { callback: { url } }, '/callback/url')
  return [
    faulty(
      'wrong types in five fields at once',
      '{"action":{"tool":7,"arguments":[],"summary":{}},"links":"none","metadata":{"team":1}}',
      '/action/tool',
      '/action/arguments',
      '/action/summary',
      '/links',
      '/metadata/team',
    ),
    faulty('nothing that is required', '{}', '/action'),
    faulty('an action without a tool', '{"action":{}}', '/action/tool'),
    faulty(
      'unknown fields here and there',
      '{"action":{"tool":"t","args":{}},"rsik":"low"}',
      '/action/args',
      '/rsik',
    ),
    faulty(
      'a bad field and bad JSON together',
      '{"action":{"tool":"","arguments":{"n":1e999}}}',
      '/action/tool',
      '/action/arguments/n',
    ),
    action('an empty tool', { tool: '' }, '/action/tool'),
    action('a tool with a space', { tool: 'drop table' }, '/action/tool'),
    action('a tool that ends in a line break', { tool: 'read\n' }, '/action/tool'),
    action('a tool of 201 characters', { tool: 't'.repeat(201) }, '/action/tool'),
    action('a summary of 301 characters', { summary: '😀'.repeat(301) }, '/action/summary'),
    action(
      'a justification of 4,001 characters',
      { justification: 'x'.repeat(4_001) },
      '/action/justification',
    ),
    action('null arguments', { arguments: null }, '/action/arguments'),
    field('a strange risk', { risk: 'huge' }, '/risk'),
    field('an environment of 101 characters', { environment: 'x'.repeat(101) }, '/environment'),
    field('a run of 201 characters', { run_id: 'x'.repeat(201) }, '/run_id'),
    field('a mention for a person', { on_behalf_of: '<@U012AB3CD>' }, '/on_behalf_of'),
    field('half a subject', { subject: { type: 'order' } }, '/subject/id'),
    field(
      'a script for a subject',
      { subject: { type: 'order', id: '1', url: 'javascript:alert(1)' } },
      '/subject/url',
    ),
    field('eleven links', { links: Array.from({ length: 11 }, () => link) }, '/links'),
    field(
      'two bad links',
      { links: [link, { ...link, url: 'ftp://example.com' }, { url: 'https://example.com' }] },
      '/links/1/url',
      '/links/2/title',
    ),
    field(
      '51 keys of metadata',
      { metadata: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, ''])) },
      '/metadata',
    ),
    field('a long key of metadata', { metadata: { ['k'.repeat(101)]: '' } }, `/metadata/${'k'.repeat(101)}`),
    field('a long value of metadata', { metadata: { k: 'v'.repeat(501) } }, '/metadata/k'),
    field('an unknown decision', { allowed_decisions: ['approve', 'defer'] }, '/allowed_decisions/1'),
    field('no decision', { allowed_decisions: [] }, '/allowed_decisions'),
    field('a list for a schema', { arguments_schema: [] }, '/arguments_schema'),
    field(
      'a schema from elsewhere',
      { arguments_schema: { properties: { a: { $ref: 'https://example.com/s' } } } },
      '/arguments_schema',
    ),
    field(
      'a schema of another dialect',
      { arguments_schema: { $schema: 'http://json-schema.org/draft-07/schema#' } },
      '/arguments_schema',
    ),
    field('a schema of no type', { arguments_schema: { type: 'banana' } }, '/arguments_schema/type'),
    field(
      'a schema with several faults',
      {
        arguments_schema: {
          properties: { amount: { minimum: '1' }, 'a/b': { pattern: '(' } },
          $ref: '#/$defs/none',
          required: 'amount',
        },
      },
      '/arguments_schema/$ref',
      '/arguments_schema/properties/a~1b/pattern',
      '/arguments_schema/properties/amount/minimum',
      '/arguments_schema/required',
    ),
    field('9 KiB of state', { state: 'x'.repeat(9 * 1024) }, '/state'),
    field('a duration of nothing', { expires_in: '0m' }, '/expires_in'),
    field('a negative duration', { expires_in: -5 }, '/expires_in'),
    field('a duration in weeks', { expires_in: '1w' }, '/expires_in'),
    field('a strange earlier attempt', { retry_of: '1881' }, '/retry_of'),
    field('a callback without an address', { callback: {} }, '/callback/url'),
    ...[
      'ftp://example.com',
      'example.com',
      'https://',
      '//example.com',
      'https://me:pw@example.com',
      'https://ex ample.com',
    ].map(callback),
    ...[
      'https://example.com/\n',
      'https://example.com\\@evil.example',
      `https://example.com/${'x'.repeat(2_048)}`,
    ].map(callback),
  ]
}

function outsideTheBody(): BadRequest[] {
  const get = (path: string, ...pointers: string[]): BadRequest => ({
    name: `GET ${path}`,
    method: 'GET',
    path,
    status: 400,
    problem: 'invalid-request',
    pointers,
  })
  return [
    {
      ...faulty('an empty idempotency key', good, 'Idempotency-Key'),
      headers: { ...json, 'Idempotency-Key': '' },
    },
    {
      ...faulty('an idempotency key of 256', good, 'Idempotency-Key'),
      headers: { ...json, 'Idempotency-Key': 'k'.repeat(256) },
    },
    {
      ...faulty('an idempotency key beyond ASCII', good, 'Idempotency-Key'),
      headers: { ...json, 'Idempotency-Key': 'caf\u00e9' },
    },
    {
      ...faulty('header, query and body at fault', '{}', 'Idempotency-Key', '?dry', '/action'),
      path: '/v1/approvals?dry=1',
      headers: { ...json, 'Idempotency-Key': '' },
    },
    get('/v1/approvals/1881', '{id}'),
    get('/v1/approvals/apr_', '{id}'),
    get('/v1/approvals/apr_%00', '{id}'),
    get('/v1/approvals/apr_%E0%A4%A', '{id}'),
    get('/v1/approvals/%zz', '{id}'),
    get(`/v1/approvals/apr_${'0'.repeat(65)}`, '{id}'),
    get(`/v1/approvals/apr_'%3B--?wait=soon`, '{id}', '?wait'),
    ...['61', '-1', '', '1e1', '0x10', 'NaN', '%205', '25s'].map((wait) =>
      get(`/v1/approvals/${id}?wait=${wait}`, '?wait'),
    ),
    get(`/v1/approvals/${id}?wait=1&wait=2`, '?wait'),
    get(`/v1/approvals/${id}?wiat=1`, '?wiat'),
    get('/v1/approvals?status=open&limit=0&cursor=!&run_id=', '?status', '?limit', '?cursor', '?run_id'),
    get('/v1/approvals?limit=101', '?limit'),
    get('/v1/approvals?limit=1.5', '?limit'),
    get('/v1/approvals?cursor=bm9uc2Vuc2U', '?cursor'),
    get('/v1/approvals?run_id=a%00b', '?run_id'),
    get('/v1/approvals?run_id=%ff', '?run_id'),
    get('/v1/approvals?__proto__=1', '?__proto__'),
    get('/v1/approvals?page=2', '?page'),
    get('/v1/metrics?window=week&by=agent', '?window', '?by'),
    get('/v1/metrics?window=10m', '?window'),
    get('/v1/metrics?agent=deploy-bot', '?agent'),
    {
      ...faulty('a strange reason to cancel', '{"reason":5,"why":"x"}', '/reason', '/why'),
      path: `/v1/approvals/${id}/cancel`,
    },
    {
      ...faulty('a long reason to cancel', JSON.stringify({ reason: 'x'.repeat(1_001) }), '/reason'),
      path: `/v1/approvals/${id}/cancel`,
    },
    { ...faulty('cancelling what has no such name', '{}', '{id}'), path: '/v1/approvals/all/cancel' },
  ]
}

function elsewhere(): BadRequest[] {
  const nowhere = { status: 404, problem: 'not-found' }
  const impossible = { status: 405, problem: 'method-not-allowed' }
  return [
    { name: 'an approval that is not there', method: 'GET', path: `/v1/approvals/${id}`, ...nowhere },
    { name: 'waiting for what is not there', method: 'GET', path: `/v1/approvals/${id}?wait=60`, ...nowhere },
    { name: 'cancelling what is not there', path: `/v1/approvals/${id}/cancel`, ...nowhere },
    { name: 'an unknown address', method: 'GET', path: '/v1/secrets', ...nowhere },
    {
      name: 'an unknown address below an approval',
      method: 'POST',
      path: `/v1/approvals/${id}/approve`,
      ...nowhere,
    },
    { name: 'DELETE of the list', method: 'DELETE', path: '/v1/approvals', ...impossible },
    {
      name: 'PATCH of an approval',
      method: 'PATCH',
      path: `/v1/approvals/${id}`,
      headers: json,
      body: '{',
      ...impossible,
    },
    { name: 'GET of a cancellation', method: 'GET', path: `/v1/approvals/${id}/cancel`, ...impossible },
    { name: 'POST of the description', method: 'POST', path: '/v1/openapi.json', ...impossible },
  ]
}

function faulty(name: string, body: string | Uint8Array, ...pointers: string[]): BadRequest {
  return { name, headers: json, body, status: 400, problem: 'invalid-request', pointers }
}

function whole(name: string, body: string | Uint8Array, headers: Record<string, string> = json): BadRequest {
  return { ...faulty(name, body, ''), headers }
}
