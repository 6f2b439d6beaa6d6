import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { keys, startServer } from './agents-server.ts'
import { badRequests } from './bad-requests.ts'

let server: Awaited<ReturnType<typeof startServer>>
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

describe('what is wrong in every way is refused, with nothing stored and no defect of ours', () => {
  test.each(badRequests)(
    '$name',
    async ({ method = 'POST', path = '/v1/approvals', key, headers, body, ...expected }) => {
      const api_key = key === 'none' ? null : keys[key ?? 'good']

      const reply = await server.call(method, path, {
        key: api_key,
        ...(headers ? { headers } : {}),
        ...(body === undefined ? {} : { body }),
      })

      expect(reply.body).toMatchObject({
        type: `urn:countersign:problem:${expected.problem}`,
        title: expect.any(String),
        status: expected.status,
        detail: expect.any(String),
      })
      expect(reply.status).toBe(expected.status)
      expect(reply.headers.get('content-type')).toBe('application/problem+json')
      if (expected.pointers) {
        const pointers = reply.body.errors.map((fault: { pointer: string }) => fault.pointer)
        expect([...new Set(pointers)].sort()).toEqual([...expected.pointers].sort())
      }
      expect(server.desk.stored()).toBe(0)
      expect(server.defects()).toEqual([])
    },
  )
})
