import type { DocumentTerms, PolicyDocument } from './document.ts'
import type { Finding, Path } from './fault.ts'
import { termsOf } from './terms.ts'

/**
 * A warning for each place that allows an edit of nothing, or lists what nobody may edit. What stands in the defaults
 * may be made whole by a rule: only where none does, it is idle.
 */
export function idleEdits({ roles, defaults, rules }: PolicyDocument): Finding[] {
  const canEdit = (own?: DocumentTerms) => {
    const { effect, allowed_decisions, editable } = termsOf(roles, defaults, own)
    return effect === 'require_approval' && allowed_decisions.includes('edit') && editable.length > 0
  }
  return [
    ...(canEdit() || rules.some(canEdit) ? [] : saidOf(defaults, ['defaults'])),
    ...rules.flatMap((rule, i) => (canEdit(rule) ? [] : saidOf(rule, ['rules', i]))),
  ]
}

/** What these terms themselves say of editing, where nothing comes of it. */
function saidOf({ allowed_decisions = [], editable = [] }: DocumentTerms, path: Path): Finding[] {
  const edit = allowed_decisions.indexOf('edit')
  const allowed = {
    path: [...path, 'allowed_decisions', edit],
    detail: 'allows to edit nothing: list the arguments that may be changed under editable',
  }
  const listed = {
    path: [...path, 'editable'],
    on_key: true,
    detail: 'has no effect where allowed_decisions does not list edit',
  }
  return [...(edit >= 0 ? [allowed] : []), ...(edit < 0 && editable.length > 0 ? [listed] : [])]
}
