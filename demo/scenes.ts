import type { Outcome } from './client.ts'

/** One thing that an agent asks for: `body` is what it POSTs, and `hint` says who can answer it in the sandbox. */
export type Scene = {
  agent: string
  /** For whoever watches, while it waits; null where the policy decides by itself. */
  hint: string | null
  /** What it says came of it; null where the policy lets it do nothing. */
  outcome: Outcome | null
  body: { action: { tool: string; summary: string; [more: string]: unknown }; [more: string]: unknown }
}

export const scenes: Scene[] = [
  {
    agent: 'data-agent',
    hint: null,
    outcome: { status: 'succeeded', duration_ms: 180 },
    body: {
      action: {
        tool: 'read.orders',
        arguments: { since: '2026-11-01', status: 'late' },
        summary: 'Look up late orders',
      },
      risk: 'low',
    },
  },
  {
    agent: 'data-agent',
    hint: null,
    outcome: null,
    body: {
      action: {
        tool: 'sql.execute',
        arguments: { database: 'orders', query: 'DROP TABLE orders_backup' },
        summary: 'Drop the table orders_backup',
        justification: 'It looks unused, and the disk is nearly full.',
      },
      risk: 'critical',
    },
  },
  {
    agent: 'support-agent',
    hint: 'for two of finance: be Bob, then Erin, in #finance-approvals',
    outcome: { status: 'succeeded', duration_ms: 1_240, cost: { amount: '0.03', currency: 'USD' } },
    body: {
      action: {
        tool: 'stripe.refund',
        arguments: {
          charge: 'ch_3PqLs82eZ',
          amount: 2400,
          currency: 'USD',
          reason: 'duplicate',
          order: 'A-1881',
        },
        summary: 'Refund $2,400 to Northwind for order A-1881',
        justification: 'Northwind was charged twice for order A-1881; both charges settled on 18 November.',
      },
      risk: 'high',
      on_behalf_of: 'U_DAVE',
      subject: { type: 'order', id: 'A-1881', url: 'https://shop.example/orders/A-1881' },
      links: [{ title: 'Ticket 4711', url: 'https://support.example/tickets/4711' }],
      run_id: 'run_support_81',
    },
  },
  {
    agent: 'deploy-agent',
    hint: 'for one of platform: be Carol, in #platform-approvals',
    outcome: { status: 'succeeded', duration_ms: 94_000, cost: { amount: '0.11', currency: 'USD' } },
    body: {
      action: {
        tool: 'deploy.service',
        arguments: { service: 'checkout', version: '2026.11.22-3', strategy: 'canary', steps: [5, 25, 100] },
        summary: 'Deploy checkout 2026.11.22-3 to production',
        justification: 'All checks are green; it fixes the double charge that support reported.',
      },
      risk: 'medium',
      environment: 'production',
      run_id: 'run_deploy_12',
    },
  },
]
