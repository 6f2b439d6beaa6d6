import type { ApprovalShape } from '../../src/approval/shape.ts'

/** The approval as an agent receives it: dates are texts. */
export type SeenApproval = JsonOf<ApprovalShape>
type JsonOf<T> = T extends Date
  ? string
  : T extends (infer U)[]
    ? JsonOf<U>[]
    : T extends object
      ? { [K in keyof T]: JsonOf<T[K]> }
      : T

export type Answer<T = SeenApproval> = { status: number; headers: Headers; body: T }

/** An agent as one would write it: a key and plain HTTP. */
export function createAgent(url: string, agent: { name: string; api_key: string; callback_secret: string }) {
  async function send<T = SeenApproval>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${agent.api_key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? null : JSON.parse(text)) as T,
    }
  }
  return {
    ...agent,
    send,
    /** Asks for permission and expects to be heard. */
    async ask(action: object, more: object = {}): Promise<SeenApproval> {
      const { status, body } = await send('POST', '/v1/approvals', { action, ...more })
      if (status !== 201) throw new Error(`asked, and was answered ${status} ${JSON.stringify(body)}`)
      return body
    },
    async get(id: string, query = ''): Promise<SeenApproval> {
      return (await send('GET', `/v1/approvals/${id}${query}`)).body
    },
  }
}

export type TestAgent = ReturnType<typeof createAgent>
