import type { Approval, JsonObject } from '../approval/approval.ts'
import { editableKeys } from '../approval/effective.ts'
import { jsonPointer, maxFaults, type JsonFault } from '../json/fault.ts'
import { maxDepth, scanJson } from '../json/scan.ts'
import { checkSchema } from '../json/schema.ts'
import { writeJson } from '../json/write.ts'

/** What an editor wants of the arguments: values by their keys, and keys that are to be left out. */
export type Wanted = { set: JsonObject; remove: string[] }

/** As much as an agent may send, in bytes. */
const mostBytes = 256 * 1024

/** So deep do the arguments lie in what agents send: an agent must be able to send them back. */
const levelsAbove = 2

/** The arguments as they would become. Keys keep their order, so that what is shown is easy to compare. */
export function withWanted(before: JsonObject, { set, remove }: Wanted): JsonObject {
  const entries = Object.entries({ ...before, ...set })
  return Object.fromEntries(entries.filter(([key]) => !remove.includes(key)))
}

/** What is wrong with edited arguments: keys that the rule does not list, JSON that an agent could not send, the schema's. */
export async function argumentFaults(
  approval: Pick<Approval, 'plan' | 'edited' | 'arguments_schema'>,
  edited: JsonObject,
  { set, remove }: Wanted,
): Promise<JsonFault[]> {
  const { plan, arguments_schema } = approval
  const editable = editableKeys(approval)
  const others = [...Object.keys(set), ...remove].filter((key) => !editable.includes(key))
  if (others.length > 0)
    return others.slice(0, maxFaults).map((key) => ({
      pointer: jsonPointer([key]),
      detail: `cannot be changed here; what can is ${editable.join(', ')}`,
    }))
  const text = writeJson(edited)
  if (Buffer.byteLength(text) > mostBytes)
    return [{ pointer: '', detail: 'these arguments are more than an agent could send: 256 KiB' }]
  const { faults } = scanJson(text, maxDepth - levelsAbove)
  if (faults.length > 0 || arguments_schema === null) return faults
  const answer = await checkSchema(arguments_schema, edited)
  if ('faults' in answer) return isPartlyHidden(plan) ? answer.faults.map(withoutWords) : answer.faults
  return [
    {
      pointer: '',
      detail: `the agent’s schema cannot be used (${answer.unusable}), and without it nothing can be edited`,
    },
  ]
}

/** Whether there is something in the agent’s schema that nobody is shown: what it says of a value could tell. */
function isPartlyHidden({ masked }: Approval['plan']): boolean {
  return masked.some(({ at }) => at.startsWith('/arguments_schema'))
}

function withoutWords({ pointer }: JsonFault): JsonFault {
  return { pointer, detail: 'is not what the agent’s schema allows' }
}
