import type { z } from 'zod'
import {
  approvalSchema,
  consumedSchema,
  keySetSchema,
  listSchema,
  problemSchema,
  runSchema,
} from './approval-schema.ts'
import { metricsSchema } from './metrics-schema.ts'
import { previewSchema } from './preview-schema.ts'
import { published } from './published.ts'
import {
  answerBody,
  approvalPath,
  cancelBody,
  consumeBody,
  findQuery,
  listQuery,
  metricsQuery,
  openBody,
  openHeaders,
  outcomeBody,
  runBody,
  runPath,
} from './schemas.ts'

const schemas = {
  Open: published(openBody),
  Cancel: published(cancelBody),
  Outcome: published(outcomeBody),
  Answer: published(answerBody),
  Consume: published(consumeBody),
  RunReport: published(runBody),
  Approval: published(approvalSchema),
  ApprovalList: published(listSchema),
  Preview: published(previewSchema),
  Consumed: published(consumedSchema),
  Run: published(runSchema),
  Metrics: published(metricsSchema),
  KeySet: published(keySetSchema),
  Problem: published(problemSchema),
}

/** The agent API as an OpenAPI 3.1 document, made from the schemas that requests are checked against. */
export const openapi = {
  openapi: '3.1.1',
  info: {
    title: 'Countersign',
    version: '1',
    description: 'Agents ask here for permission to act, and wait for the answer.',
  },
  security: [{ key: [] }],
  paths: {
    '/v1/approvals': {
      post: {
        operationId: 'openApproval',
        summary: 'Ask for permission to take one action',
        parameters: parameters('header', openHeaders),
        requestBody: { required: true, content: jsonOf('Open') },
        responses: {
          201: {
            description: 'Opened',
            headers: header('Location', 'Where it can be read'),
            content: jsonOf('Approval'),
          },
          200: {
            description: 'Opened earlier with the same idempotency key and body',
            headers: header('Idempotent-Replayed', 'true'),
            content: jsonOf('Approval'),
          },
          ...refusals(409, 413, 415),
        },
      },
      get: {
        operationId: 'listApprovals',
        summary: "This agent's approvals, newest first",
        parameters: parameters('query', listQuery),
        responses: answers('One page', 'ApprovalList'),
      },
    },
    '/v1/approvals/preview': {
      post: {
        operationId: 'previewApproval',
        summary: 'What would become of a request. Nothing is stored, and nobody is asked',
        requestBody: { required: true, content: jsonOf('Open') },
        responses: answers('What would become of it', 'Preview', 413, 415),
      },
    },
    '/v1/approvals/{id}': {
      get: {
        operationId: 'findApproval',
        summary: 'One approval, at once or as soon as it is decided',
        parameters: [...parameters('path', approvalPath), ...parameters('query', findQuery)],
        responses: answers('As it is now', 'Approval', 404),
      },
    },
    '/v1/approvals/{id}/cancel': {
      post: {
        operationId: 'cancelApproval',
        summary: 'Take a pending request back',
        parameters: parameters('path', approvalPath),
        requestBody: { required: false, content: jsonOf('Cancel') },
        responses: answers('Cancelled', 'Approval', 404, 409, 413, 415),
      },
    },
    '/v1/approvals/{id}/outcome': {
      post: {
        operationId: 'reportOutcome',
        summary: 'Say what came of an approved action',
        parameters: parameters('path', approvalPath),
        requestBody: { required: true, content: jsonOf('Outcome') },
        responses: answers('Reported', 'Approval', 404, 409, 413, 415),
      },
    },
    '/v1/approvals/{id}/answers': {
      post: {
        operationId: 'answerQuestion',
        summary: 'Answer a question that an approver asked',
        parameters: parameters('path', approvalPath),
        requestBody: { required: true, content: jsonOf('Answer') },
        responses: answers('Answered', 'Approval', 404, 409, 413, 415),
      },
    },
    '/v1/permits/consume': {
      post: {
        operationId: 'consumePermit',
        summary: 'Ask for leave to run an approved action, once',
        requestBody: { required: true, content: jsonOf('Consume') },
        responses: answers(
          'This execution may run it; the same again for the same execution',
          'Consumed',
          409,
          410,
          413,
          415,
          422,
        ),
      },
    },
    '/v1/runs/{run_id}': {
      put: {
        operationId: 'keepRun',
        summary: 'Say what a run cost and how its tools fared; the last word counts',
        parameters: parameters('path', runPath),
        requestBody: { required: true, content: jsonOf('RunReport') },
        responses: answers('As it is kept', 'Run', 413, 415),
      },
    },
    '/v1/metrics': {
      get: {
        operationId: 'readMetrics',
        summary: "This agent's own figures: how long it waited, what people decided, what it cost",
        parameters: parameters('query', metricsQuery),
        responses: answers('With those of the window before', 'Metrics'),
      },
    },
    '/.well-known/jwks.json': {
      get: {
        operationId: 'findPermitKeys',
        summary: 'The public keys that permits are checked with',
        security: [],
        responses: { 200: { description: 'A JWK Set (RFC 7517)', content: jsonOf('KeySet') } },
      },
    },
    '/v1/openapi.json': {
      get: {
        operationId: 'describeApi',
        summary: 'This document',
        security: [],
        responses: {
          200: {
            description: 'OpenAPI 3.1',
            content: { 'application/json': { schema: { type: 'object' } } },
          },
        },
      },
    },
  },
  components: {
    schemas,
    securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key, csk_…' } },
  },
}

function jsonOf(name: keyof typeof schemas) {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } }
}

/** What is answered where all is well, and the refusals that are `possible` besides those of every call. */
function answers(description: string, name: keyof typeof schemas, ...possible: number[]) {
  return { 200: { description, content: jsonOf(name) }, ...refusals(...possible) }
}

/** The refusals that every call can meet, and `more`. */
function refusals(...more: number[]) {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
  const description = 'A problem document (RFC 9457)'
  return Object.fromEntries([400, 401, 403, ...more, 503].map((status) => [status, { description, content }]))
}

function header(name: string, description: string) {
  return { [name]: { description, schema: { type: 'string' } } }
}

function parameters(where: 'query' | 'path' | 'header', schema: z.ZodType) {
  const { properties = {}, required = [] } = published(schema)
  return Object.entries(properties).map(([name, field]) => ({
    name,
    in: where,
    required: required.includes(name),
    schema: field,
  }))
}
