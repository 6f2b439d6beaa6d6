import { parentPort } from 'node:worker_threads'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { Json, JsonObject } from '../approval/approval.ts'
import { jsonPointer, maxFaults, type JsonFault } from './fault.ts'
import type { SchemaAnswer } from './schema.ts'

// The thread that `schema.ts` starts for one check and ends afterwards, whatever it is doing.

type Ask = { schema: JsonObject; value: Json }

parentPort?.once('message', ({ schema, value }: Ask) => parentPort?.postMessage(answer(schema, value)))
parentPort?.postMessage('ready')

function answer(schema: JsonObject, value: Json): SchemaAnswer {
  try {
    // Not strict: what a schema says beyond the standard is a note, as the standard has it.
    const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false, addUsedSchema: false })
    formats.default(ajv)
    const validate = ajv.compile<Json>(schema)
    // With `$async` it would answer with a promise, which is not a yes.
    const answered: unknown = validate(value)
    if (answered === true) return { faults: [] }
    const errors = validate.errors ?? []
    return errors.length === 0
      ? { unusable: 'it does not say what is wrong' }
      : { faults: errors.slice(0, maxFaults).map(faultOf) }
  } catch (error) {
    return { unusable: error instanceof Error ? error.message : String(error) }
  }
}

type SchemaError = { instancePath: string; message?: string; params: Record<string, unknown> }

function faultOf({ instancePath, message = 'is not allowed', params }: SchemaError): JsonFault {
  const named = [params['missingProperty'], params['additionalProperty'], params['unevaluatedProperty']]
  const property = named.find((one) => typeof one === 'string')
  const allowed = params['allowedValues'] ?? params['allowedValue']
  return {
    pointer: property === undefined ? instancePath : `${instancePath}${jsonPointer([property])}`,
    detail: allowed === undefined ? message : `${message}: ${JSON.stringify(allowed)}`,
  }
}
