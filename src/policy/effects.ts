import type { PolicyEffect } from '../approval/plan.ts'

/** What a rule can come to. */
export const effects = ['allow', 'deny', 'require_approval'] as const satisfies PolicyEffect[]
