import type { Complaint, Fault, RateMode } from '../../src/sandbox/index.ts'

// What this process and the workspace's say to one another.

export type SlackArgument = {
  app_url: string
  bot_token: string
  signing_secret: string
  rates: RateMode
}

/** A message with an approval's metadata, as it was posted. */
export type PostedCard = { approval_id: string; stage: number; channel: string; ts: string }

/** A card as it is in the end: `open` where it still has buttons. */
export type FinalCard = PostedCard & { open: boolean }

/**
 * A person presses the button with that text on a message (and waits for a form, or for a word why there is none), or
 * sends the form before them with `words` in its fields.
 */
export type Deed =
  | { do: 'press'; who: string; channel: string; ts: string; button: string; opens_form?: true }
  | { do: 'send'; who: string; view_id: string; words: string }
  | { do: 'close'; who: string; view_id: string }

/**
 * What came of a deed: Slack got its acknowledgement; or did not, and showed the person an error; or there was nothing
 * to press any more. `form` is what is before them now.
 */
export type Seen = {
  taken: 'acked' | 'unanswered' | 'not there'
  /** Until Slack had its answer, or gave up waiting for one. */
  took_ms: number
  form: { view_id: string; can_submit: boolean } | null
}

export type Ask =
  | { do: 'deed'; deed: Deed }
  | { do: 'inject'; fault: Fault }
  | { do: 'clear'; fault_id: string }
  | { do: 'report' }

export type Answer = {
  deed: Seen
  inject: { fault_id: string }
  clear: null
  report: {
    cards: FinalCard[]
    complaints: Complaint[]
    calls: Record<string, number>
    /** For each person, when they were told something that nobody else sees. */
    told: Record<string, number[]>
  }
}

export type ToSlack = { number: number; ask: Ask }
export type FromSlack =
  { api_url: string } | { number: number; answer: Answer[Ask['do']] } | { posted: PostedCard }
