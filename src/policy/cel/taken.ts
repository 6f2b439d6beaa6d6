import { typeNames } from './typing.ts'
import { variablesWith } from './variables.ts'

/** CEL's own words, and those that it keeps for later (cel-spec, langdef, "Syntax"). */
const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)

const variables = variablesWith(['any'])

/** Whether a name means something in every condition already, so that a condition cannot bear it. */
export function isTaken(name: string): boolean {
  return reserved.has(name) || typeNames.has(name) || Object.hasOwn(variables, name)
}
