/**
 * Every limit that the sandbox holds an app to. Lengths are in UTF-16 units unless a comment says otherwise: where Slack
 * may count more kindly, the sandbox does not. Each group names its source; pages are on docs.slack.dev.
 */
export const limits = {
  /** reference/block-kit/blocks and the messages, modals and app-home pages below surfaces/ */
  blocks: { in_message: 50, in_view: 100, block_id: 255 },

  /** reference/block-kit/blocks/{header,section,context,actions,image,input,markdown}-block */
  header: { text: 150 },
  section: { text: 3000, fields: 10, field: 2000 },
  context: { elements: 10 },
  actions: { elements: 25 },
  image: { alt_text: 2000, url: 3000, title: 2000 },
  input: { label: 2000, hint: 2000 },
  markdown: { text: 12_000 },

  /** reference/block-kit/composition-objects/{text,confirmation-dialog,option,option-group}-object */
  text: { text: 3000 },
  confirm: { title: 100, text: 300, button: 30 },
  /** `value` is 75 in the SDK's types and 150 on the page: the lower. */
  option: { text: 75, value: 75, description: 75, url: 3000 },
  option_group: { label: 75, options: 100 },

  /** reference/block-kit/block-elements/… */
  action_id: 255,
  placeholder: 150,
  button: { text: 75, value: 2000, url: 3000, accessibility_label: 75 },
  select: { options: 100, option_groups: 100 },
  overflow: { options: 5 },
  checkboxes: { options: 10 },
  radio_buttons: { options: 10 },
  plain_text_input: { min_length: 3000, max_length: 3000 },
  rich_text_input: { lines: 100 },
  file_input: { max_files: 10, bytes: 10_000_000 },

  /** reference/views/modal-views, reference/methods/views.open; `bytes` of the view's JSON */
  view: {
    title: 24,
    button: 24,
    private_metadata: 3000,
    callback_id: 255,
    external_id: 255,
    bytes: 250_000,
    stack: 3,
  },

  message: {
    /** reference/methods/chat.postMessage: more "risks truncation"; cut text is never what an approver should see */
    text: 40_000,
    /** Measured, gitlab-org/gitlab!258898: an edited message's text, in bytes, after `&`, `<` and `>` are escaped */
    updated_text_bytes: 4000,
    /**
     * `msg_blocks_too_long`. Undocumented; measured in slackapi/bolt-js#2509: one markdown block of 13,297 characters
     * is taken and, with a divider beside it, one of 13,172 at most, so that each further block weighs 125.
     */
    weight: 13_297,
    block_weight: 125,
    /** reference/methods/chat.postMessage knows `metadata_too_large` and names no size; bytes of its JSON, kept low */
    metadata_bytes: 8000,
    metadata_event_type: 255,
  },

  /** interactivity/handling-user-interaction: acknowledge, open a view, answer to a response_url */
  interaction: { ack_ms: 3000, trigger_ms: 3000, response_url_uses: 5, response_url_ms: 30 * 60_000 },

  /** apis/events-api#error-handling: almost at once, after 1 minute, after 5 more */
  event_retry_after_ms: [0, 60_000, 300_000],

  /** reference/methods/files.getUploadURLExternal leaves the size to the plan; this is what one process should hold */
  file_bytes: 20_000_000,
} as const

/** reference/methods/…: what each method allows a minute ("Tier n"), for this app in this workspace. */
export const callsPerMinute: Readonly<Record<string, number>> = {
  'chat.update': 50,
  'chat.delete': 50,
  'chat.postEphemeral': 100,
  'conversations.history': 50,
  'conversations.replies': 50,
  'conversations.info': 50,
  'conversations.join': 50,
  'conversations.list': 20,
  'conversations.members': 100,
  'conversations.open': 50,
  'users.info': 100,
  'users.list': 20,
  'usergroups.list': 20,
  'usergroups.users.list': 20,
  'views.open': 100,
  'views.push': 100,
  'views.update': 100,
  'views.publish': 100,
  'files.getUploadURLExternal': 100,
  'files.completeUploadExternal': 100,
  'files.info': 100,
  'bots.info': 50,
  'team.info': 50,
}

/** reference/methods/chat.postMessage: about one a second for each channel. Slack lets short bursts pass; this does not. */
export const postsPerSecondAndChannel = 1
