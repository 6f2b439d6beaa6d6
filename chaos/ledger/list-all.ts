import type { World } from '../world/world.ts'

type Page = { data: { id: string; status: string }[]; next_cursor: string | null }

/** Every approval that its agent can see, with its status, through the API. */
export async function listAll({ agents, urls }: World): Promise<Map<string, string>> {
  const listed = new Map<string, string>()
  for (const { api_key } of agents) {
    let cursor: string | null = null
    do {
      const [url] = urls()
      const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const response = await fetch(`${url}/v1/approvals?limit=100${query}`, {
        headers: { authorization: `Bearer ${api_key}` },
      })
      if (!response.ok) throw new Error(`the list was answered ${response.status}`)
      const page = (await response.json()) as Page
      for (const { id, status } of page.data) listed.set(id, status)
      cursor = page.next_cursor
    } while (cursor !== null)
  }
  return listed
}
