/**
 * What the sandbox's page and a test say to the sandbox's server, over HTTP below its base path (`/sandbox` in the
 * app). The Slack Web API itself is below `api/` and is not described here: it is Slack's.
 *
 *   GET  /            the page              GET /assets/…   what it loads
 *   GET  /state       → Snapshot            GET /stream     server-sent events, `data: {"rev": n}` on every change
 *   POST /act         Act → ActResult       POST /faults    Fault → {"id"}, DELETE /faults/{id} or /faults (all)
 *   GET  /files/{id}/{name}                 the bytes of a file that `Message.files` or an image block names
 *   POST /attach/{user}?name=…              a file for a form's file input, as bytes → {ok, error?, file?: {id, name, size}}
 */

/** A Block Kit block, element or view as the app sent it; its inside is Slack's to define. */
export type SlackObject = { type: string; [key: string]: unknown }

export type Person = {
  id: string
  name: string
  real_name: string
  title: string
  tz: string
  is_bot: boolean
  is_admin: boolean
  /** Another workspace's person, as in a shared channel, where it differs from `team.id`. */
  team_id?: string
  /** Deactivated. */
  deleted?: boolean
}

export type UserGroup = { id: string; handle: string; name: string; users: string[] }

export type Channel = {
  id: string
  name: string
  topic: string
  members: string[]
  is_archived: boolean
  is_private: boolean
  /** Set for a direct message: the one person in it besides the app. */
  is_im: boolean
}

/** `url` is a path on the sandbox's own host. */
export type SharedFile = {
  id: string
  name: string
  title: string
  mimetype: string
  size: number
  url: string
}

export type Message = {
  channel: string
  ts: string
  thread_ts: string | null
  user: string
  text: string
  blocks: SlackObject[]
  metadata: { event_type: string; event_payload: Record<string, unknown> } | null
  /** Set for a private answer: the only person who sees it. */
  visible_to: string | null
  edited_at: string | null
  files?: SharedFile[]
}

export type OpenView = {
  id: string
  hash: string
  user: string
  view: SlackObject
  previous_view_id: string | null
  root_view_id: string
  /** Errors that the app answered the last submission with, by block_id. */
  errors: Record<string, string>
}

/** Something an app did that Slack would not have accepted, or would have shown its user as a failure. */
export type Complaint = { at: string; what: string; detail: string }

export type Snapshot = {
  rev: number
  team: { id: string; name: string; app_name: string; bot_user_id: string; commands: string[] }
  people: Person[]
  groups: UserGroup[]
  channels: Channel[]
  messages: Message[]
  /** Open modals, the topmost last, for every person. */
  modals: OpenView[]
  /** The app's published Home tab for every person who has one. */
  homes: { user: string; view: SlackObject }[]
  complaints: Complaint[]
}

/** What a person does in the workspace. `as` is that person's user id. */
export type Act =
  | {
      do: 'click'
      as: string
      channel: string
      ts: string
      action_id: string
      block_id?: string
      value?: ActionValue
    }
  | {
      do: 'click_in_view'
      as: string
      view_id: string
      action_id: string
      block_id?: string
      value?: ActionValue
      /** What the form holds at the click. */
      values?: ViewValues
    }
  | { do: 'click_in_home'; as: string; action_id: string; block_id?: string; value?: ActionValue }
  | { do: 'submit'; as: string; view_id: string; values: ViewValues }
  | { do: 'close'; as: string; view_id: string }
  | { do: 'command'; as: string; channel: string; command: string; text: string }
  | { do: 'say'; as: string; channel: string; text: string; thread_ts?: string }
  | { do: 'open_home'; as: string }

/** What was chosen in an element that holds a value: `{selected_option: …}`, `{value: "…"}`, as Slack would send it. */
export type ActionValue = Record<string, unknown>

/** block_id → action_id → the element's state, as Slack sends it in `view.state.values`. */
export type ViewValues = Record<string, Record<string, ActionValue>>

/** `ok: false` when nothing was sent, or when the app did not acknowledge: `error` is what Slack would show the person. */
export type ActResult = { ok: boolean; error?: string; status?: number; errors?: Record<string, string> }

/**
 * A fault on the Web API, for calls of `method` (every method where unset) and `channel`, `times` times (until it is
 * removed where unset). `drop_after_delivery` does what was asked and then cuts the connection.
 */
export type Fault = { method?: string; channel?: string; times?: number } & (
  | { kind: 'delay'; ms: number }
  | { kind: 'drop_after_delivery' }
  | { kind: 'drop_before_delivery' }
  | { kind: 'rate_limited'; retry_after_s: number }
  | { kind: 'http_error'; status: number }
  | { kind: 'slack_error'; error: string }
)
