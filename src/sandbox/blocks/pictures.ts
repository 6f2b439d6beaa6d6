import type { SlackObject } from '../protocol.ts'
import { isRecord, isSlackObject } from './check.ts'
import type { Fault } from './check.ts'

type Placed = { image: SlackObject; at: string }

/** The images of some blocks: as a block, beside a section, within a context. */
function imagesIn(blocks: readonly SlackObject[]): Placed[] {
  return blocks
    .flatMap((block, nth): { image: unknown; at: string }[] => {
      const inside = Array.isArray(block['elements']) ? block['elements'] : []
      return [
        { image: block, at: `/blocks/${nth}` },
        { image: block['accessory'], at: `/blocks/${nth}/accessory` },
        ...inside.map((image: unknown, place) => ({ image, at: `/blocks/${nth}/elements/${place}` })),
      ]
    })
    .flatMap(({ image, at }) => (isSlackObject(image) && image.type === 'image' ? [{ image, at }] : []))
}

/**
 * Puts the address of each file that an image shows beside its id, for the page, in place.
 *
 * @param addressOf null for a file that is not there, is no picture, or is still being uploaded
 * @returns what is wrong, in Slack's words
 */
export function findPictures(
  blocks: readonly SlackObject[],
  addressOf: (id: string) => string | null,
): Fault[] {
  return imagesIn(blocks).flatMap(({ image, at }) => {
    const file = image['slack_file']
    if (!isRecord(file) || typeof file['id'] !== 'string') return []
    const address = addressOf(file['id'])
    if (address === null) return [{ at: `${at}/slack_file`, message: 'invalid slack file' }]
    file['url'] = address
    return []
  })
}
