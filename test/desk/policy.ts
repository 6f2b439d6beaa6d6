/** The policy that stories are told under, unless they bring their own. */
export const storyPolicy = `
admins: [U_ALICE]
roles:
  finance: {channel: C_FINANCE, members: [U_ALICE, S_FINANCE]}
  platform: {channel: C_PLATFORM, members: [U_CAROL, U_DAVE]}
defaults:
  stages: [{role: platform, approvals: 1}]
  expires_in: 1h
rules:
  - name: no-table-drops
    when: action.tool == "sql.execute" && action.arguments.query.matches("(?i)drop table")
    effect: deny
    reason: Schema changes go through migrations
  - name: reads
    when: action.tool.startsWith("read.")
    effect: allow
  - name: big-refunds
    when: action.tool == "stripe.refund" && action.arguments.amount > 1000
    stages: [{role: finance, approvals: 2}]
  - name: refunds
    when: action.tool == "stripe.refund"
    stages: [{role: finance, approvals: 1}]
  - name: two-stages
    when: action.tool == "prod.migrate"
    stages: [{role: platform, approvals: 1}, {role: finance, approvals: 1}]
  - name: rejected-by-silence
    when: action.tool == "mail.send"
    on_timeout: reject
`
