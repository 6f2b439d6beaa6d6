import type { Desk } from './desk.ts'

/**
 * Opens somebody's Home, and waits until nothing is left to do. Slack's events are acknowledged before they are seen to: that one
 * was shows in the row of their Home.
 */
export async function openHome({ app, slack, settle }: Desk, who: string): Promise<void> {
  const written = async () => {
    const text = 'select xmin::text as by from home where slack_user_id = $1'
    return (await app.ground.database.pool.query<{ by: string }>(text, [who])).rows[0]?.by
  }
  await settle()
  const before = await written()
  const opened = await slack.sandbox.act({ do: 'open_home', as: who })
  if (!opened.ok) throw new Error(`${who} could not open their Home: ${opened.error}`)
  while ((await written()) === before);
  await settle()
}
