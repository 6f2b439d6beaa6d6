import type { Approval, JsonObject } from './approval.ts'

/** What runs if the approval is approved, and nothing else. `digest` is that of the tool with these arguments. */
export type EffectiveAction = { tool: string; arguments: JsonObject; digest: string }

export function effective({ action, action_digest }: Approval): EffectiveAction {
  return { tool: action.tool, arguments: action.arguments, digest: action_digest }
}
