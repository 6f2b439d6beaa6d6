import type { Span } from './reveal.ts'

/** What tells a secret from other values. What a policy adds to what is built in is one too. */
export type SecretFinder = {
  /** Whether the value under such a key is nobody's business. */
  isSecretKey(key: string): boolean
  /** Where in a text there are secrets, in order and apart. */
  spansIn(text: string): Span[]
}

/** The last words of a key that names a secret: `password`, `db_password`, `clientSecret`, `X-Api-Key`. */
const secretKey =
  /(^|_)(pass|passwd|password|pwd|passphrase|secret|secrets|token|api_?key|private_?key|secret_?key|access_?key|signing_?key|encryption_?key|credential|credentials|authorization|cookie|otp|cvv|cvc)$/

/** Forms by which secrets are known. Each is read in one pass: what an agent wrote cannot make it slow. */
const secretForms: RegExp[] = [
  // A private key, or what there is of one.
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,40}PRIVATE KEY-----)?/g,
  // AWS, GitHub, Slack, Stripe, Google, OpenAI and Anthropic, npm, GitLab, and our own.
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255})/g,
  /\bx(?:ox[a-z]|app)-[A-Za-z0-9-]{10,250}/g,
  /\b(?:[sr]k_(?:live|test)_|whsec_|csk_)[A-Za-z0-9+/=_-]{12,250}/g,
  /\bAIza[A-Za-z0-9_-]{35}/g,
  /\bsk-[A-Za-z0-9_-]{20,250}/g,
  /\b(?:npm_|glpat-)[A-Za-z0-9_-]{20,100}/g,
  // A JSON Web Token.
  /\beyJ[A-Za-z0-9_-]{8,500}\.[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{0,4000}/g,
]

/** Forms of which only the part that is captured is secret. */
const secretParts: RegExp[] = [
  /:\/\/[^\s/:@]{0,200}:([^\s/@]{1,200})@/dg,
  /\b(?:Bearer|Basic)[ \t]{1,4}([A-Za-z0-9._~+/=-]{16,4000})/dg,
  /(?:password|passwd|pwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key)["']?[ \t]{0,4}=[ \t]{0,4}["']?([^\s"'&;,]{1,500})/dgi,
  /["'](?:[a-z_-]{0,40})(?:password|passwd|pwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key)["'][ \t]{0,4}:[ \t]{0,4}["']([^"'\n]{1,500})["']/dgi,
  /--?(?:password|passwd|token|secret|api-key)[ =]([^\s"']{1,500})/dgi,
]

/** A text without any of this has none of those forms: most texts are done with here. */
const hint =
  /-----BEGIN|AKIA|ASIA|gh[pousr]_|github_pat|xox|xapp|[sr]k_|whsec|csk_|AIza|sk-|npm_|glpat|eyJ|:\/\/|bearer|basic|pass|pwd|secret|token|key/i

/** More secrets than that in one text, and all of it is one. */
const mostSpans = 50

export const builtInSecrets: SecretFinder = {
  isSecretKey: (key) => secretKey.test(wordsOf(key)),
  spansIn(text) {
    // The shortest of the forms has more characters.
    if (text.length < 8 || !hint.test(text)) return []
    const whole = secretForms.flatMap((form) =>
      [...text.matchAll(form)].map(({ index, 0: found }): Span => [index, index + found.length]),
    )
    const parts = secretParts.flatMap((form) =>
      [...text.matchAll(form)].flatMap(({ indices }): Span[] => (indices?.[1] ? [indices[1]] : [])),
    )
    return joined([...whole, ...parts], text.length)
  },
}

/** In order and apart; where there are too many, the text as a whole. */
export function joined(spans: Span[], length: number): Span[] {
  const apart: Span[] = []
  for (const [from, to] of spans.sort((a, b) => a[0] - b[0])) {
    const last = apart.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else apart.push([from, to])
  }
  return apart.length > mostSpans ? [[0, length]] : apart
}

/** `clientSecret`, `CLIENT-SECRET` and `client_secret` are one name. */
export function wordsOf(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase()
}
