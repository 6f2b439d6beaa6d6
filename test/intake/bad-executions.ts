import type { BadRequest } from './bad-requests.ts'

// What must be refused of what agents say while they run: permits, outcomes, runs.

const id = 'apr_01k00000000000000000000000'
const json = { 'Content-Type': 'application/json' }
const bad = { headers: json, status: 400, problem: 'invalid-request' }
const permit = 'eyJhbGciOiJFZERTQSJ9.e30.AAAA'

export const badExecutions: BadRequest[] = [
  ...consuming(),
  ...reporting(),
  ...answering(),
  ...running(),
  ...elsewhere(),
]

function consuming(): BadRequest[] {
  const good = { permit, action: { tool: 't' }, execution_id: 'exec_1' }
  const path = '/v1/permits/consume'
  const consume = (name: string, body: unknown, ...pointers: string[]): BadRequest => ({
    name: `consuming ${name}`,
    path,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    pointers,
    ...bad,
  })
  return [
    consume('nothing', {}, '/permit', '/action', '/execution_id'),
    consume('with no body', '', ''),
    consume('half a token', { ...good, permit: 'eyJ.e30' }, '/permit'),
    consume('a token with padding', { ...good, permit: `${permit}==` }, '/permit'),
    consume('a token with a line break', { ...good, permit: `${permit}\n` }, '/permit'),
    consume('what nobody signed', good, '/permit'),
    consume('a tool alone', { ...good, action: 't' }, '/action'),
    consume(
      'with a summary, which no digest covers',
      { ...good, action: { tool: 't', summary: 'x' } },
      '/action/summary',
    ),
    consume(
      'arguments that are none',
      { ...good, action: { tool: 't', arguments: [] } },
      '/action/arguments',
    ),
    consume(
      'for an execution of 201 characters',
      { ...good, execution_id: 'x'.repeat(201) },
      '/execution_id',
    ),
    consume(
      'for an execution with a NUL',
      '{"permit":"a.b.c","action":{"tool":"t"},"execution_id":"a\\u0000"}',
      '/execution_id',
    ),
    consume(
      'arguments with a key twice and a number too large',
      `{"permit":"${permit}","action":{"tool":"t","arguments":{"a":1,"a":1e999}},"execution_id":"e"}`,
      '/action/arguments/a',
    ),
  ]
}

function reporting(): BadRequest[] {
  const report = (name: string, body: object, ...pointers: string[]): BadRequest => ({
    name: `reporting ${name}`,
    path: `/v1/approvals/${id}/outcome`,
    body: JSON.stringify({ status: 'failed', ...body }),
    pointers,
    ...bad,
  })
  const amount = (written: unknown) =>
    report(
      `a cost of ${JSON.stringify(written)}`,
      { cost: { amount: written, currency: 'USD' } },
      '/cost/amount',
    )
  return [
    report('no status', { status: undefined }, '/status'),
    report('a status of another word', { status: 'done' }, '/status'),
    report('an error of 4,001 characters', { error: 'x'.repeat(4_001) }, '/error'),
    report(
      'five things wrongly at once',
      { attempts: -1, duration_ms: '1', tokens: { input: 0.5 }, retries: 1 },
      '/attempts',
      '/duration_ms',
      '/tokens/input',
      '/tokens/output',
      '/retries',
    ),
    report('more attempts than anybody makes', { attempts: 1_000_001 }, '/attempts'),
    report('a duration of more than a year', { duration_ms: 1e11 }, '/duration_ms'),
    report('tokens beyond counting', { tokens: { input: 1e16, output: 0 } }, '/tokens/input'),
    ...[
      0.42,
      '',
      '-1',
      '+1',
      '1,5',
      '1.',
      '.5',
      '01',
      '1e3',
      ' 1',
      '1\n',
      '0x1',
      'NaN',
      '٣',
      `1${'0'.repeat(12)}`,
      `0.${'1'.repeat(13)}`,
    ].map(amount),
    ...['usd', 'US', 'EURO', '', 'U$D', 'USD\n', null].map((currency) =>
      report(`in ${JSON.stringify(currency)}`, { cost: { amount: '1', currency } }, '/cost/currency'),
    ),
    report('half a cost', { cost: { amount: '1' } }, '/cost/currency'),
    { ...report('of what has no such name', {}, '{id}'), path: '/v1/approvals/all/outcome' },
  ]
}

function answering(): BadRequest[] {
  const answer = (name: string, body: object, ...pointers: string[]): BadRequest => ({
    name: `answering ${name}`,
    path: `/v1/approvals/${id}/answers`,
    body: JSON.stringify({ question_id: 'qst_1', text: 'Yes', ...body }),
    pointers,
    ...bad,
  })
  return [
    answer('nothing', { question_id: undefined, text: undefined }, '/question_id', '/text'),
    answer('what is no question', { question_id: 'apr_1' }, '/question_id'),
    answer('with an empty text', { text: '' }, '/text'),
    answer('with what cannot be seen', { text: ' \u200B\n' }, '/text'),
    answer('in 4,001 characters', { text: 'x'.repeat(4_001) }, '/text'),
    answer('in a list', { text: ['Yes'] }, '/text'),
    answer('with more than is asked', { by: 'U_BOB' }, '/by'),
    { ...answer('of what has no such name', {}, '{id}'), path: '/v1/approvals/all/answers' },
  ]
}

function running(): BadRequest[] {
  const run = (name: string, body: object, ...pointers: string[]): BadRequest => ({
    name: `a run with ${name}`,
    method: 'PUT',
    path: '/v1/runs/run_1',
    body: JSON.stringify({ status: 'running', ...body }),
    pointers,
    ...bad,
  })
  const named = (path: string): BadRequest => ({
    ...run(`the name ${path.slice(0, 20)}`, {}, '{run_id}'),
    path: `/v1/runs/${path}`,
  })
  return [
    run('no status', { status: undefined }, '/status'),
    run('a status of an outcome', { status: 'skipped' }, '/status'),
    run('more errors than calls', { tool_calls: 1, tool_errors: 2 }, '/tool_errors'),
    run(
      'an end before its start, a strange field and half the tokens',
      { started_at: '2026-03-02T10:00:00Z', ended_at: '2026-03-02T09:59:59Z', tool: 1, tokens: { input: 1 } },
      '/ended_at',
      '/tool',
      '/tokens/output',
    ),
    run(
      'fractions of calls',
      { tool_calls: 1.5, tool_errors: -1, tool_retries: 1e12 },
      '/tool_calls',
      '/tool_errors',
      '/tool_retries',
    ),
    ...[
      'yesterday',
      '2026-03-02',
      '2026-02-30T00:00:00Z',
      '2026-03-02T10:00:00',
      '0000-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
      1_772_445_600,
      null,
    ].map((at) => run(`a start at ${JSON.stringify(at)}`, { started_at: at }, '/started_at')),
    named('x'.repeat(201)),
    named('%00'),
    named('a%00b'),
    named('%ff'),
    named('%E0%A4%A'),
    named('%zz'),
  ]
}

function elsewhere(): BadRequest[] {
  const impossible = { status: 405, problem: 'method-not-allowed' }
  return [
    {
      name: 'the outcome of what is not there',
      path: `/v1/approvals/${id}/outcome`,
      headers: json,
      body: '{"status":"skipped"}',
      status: 404,
      problem: 'not-found',
    },
    {
      name: 'consuming without a key',
      path: '/v1/permits/consume',
      headers: json,
      body: '{',
      key: 'none',
      status: 401,
      problem: 'unauthenticated',
    },
    {
      name: 'a run of a disabled agent',
      method: 'PUT',
      path: '/v1/runs/run_1',
      headers: json,
      body: '{"status":"failed"}',
      key: 'disabled',
      status: 403,
      problem: 'agent-disabled',
    },
    { name: 'GET of an outcome', method: 'GET', path: `/v1/approvals/${id}/outcome`, ...impossible },
    {
      name: 'answering of what is not there',
      path: `/v1/approvals/${id}/answers`,
      headers: json,
      body: '{"question_id":"qst_1","text":"Yes"}',
      status: 404,
      problem: 'not-found',
    },
    { name: 'GET of answers', method: 'GET', path: `/v1/approvals/${id}/answers`, ...impossible },
    { name: 'GET of a permit', method: 'GET', path: '/v1/permits/consume', ...impossible },
    { name: 'POST of a run', path: '/v1/runs/run_1', headers: json, body: '{}', ...impossible },
    { name: 'POST of the keys', path: '/.well-known/jwks.json', headers: json, body: '{}', ...impossible },
    { name: 'no run at all', method: 'PUT', path: '/v1/runs', status: 404, problem: 'not-found' },
  ]
}
