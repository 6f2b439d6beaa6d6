/** What Slack accepts, in characters; from docs.slack.dev/reference/block-kit, and `message_characters` as measured. */
export const limits = {
  header: 150,
  section_text: 3_000,
  button_value: 2_000,
  button_label: 75,
  private_metadata: 3_000,
  confirm_text: 300,
  option_text: 75,
  modal_title: 24,
  input_text: 3_000,
  /** What somebody may say in a form of ours. */
  said: 1_000,
  /** The last moment that Slack shows, in seconds since 1970, where its dates begin. */
  date: 100_000_000_000,
  message_blocks: 50,
  view_blocks: 100,
  /** All text of a message's blocks together: refused from about 13,200 (`msg_blocks_too_long`, undocumented). */
  message_characters: 12_000,
  /** `text` of a message; longer is cut by Slack. */
  fallback_text: 4_000,
} as const

/** Cuts to `limit` characters, an ellipsis included, never through a surrogate pair. */
export function fit(text: string, limit: number): string {
  if (text.length <= limit) return text
  const cut = text.slice(0, limit - 1)
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`
}
