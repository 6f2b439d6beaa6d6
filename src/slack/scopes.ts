/**
 * The bot token's scopes, each with what it is for. manifest.yml asks for exactly these; a test holds both against the
 * calls of this room (docs.slack.dev/reference/methods names each method's scopes).
 */
export const neededScopes: Readonly<Record<string, string>> = {
  'chat:write': 'posts cards, keeps them up to date, answers privately',
  commands: '/countersign',
  'channels:history': 'finds a card in a public channel whose posting got no answer',
  'groups:history': 'the same in a private channel',
  'channels:read': 'sees whether a role’s public channel is there and the bot is in it',
  'groups:read': 'the same of a private channel',
  'usergroups:read': 'who is in a user group that a role names',
  'files:read': 'reads a policy document that an admin uploads in a form',
  'files:write': 'uploads the pictures of /countersign metrics',
  'users:read': 'names of people, and whether they still are here',
}
