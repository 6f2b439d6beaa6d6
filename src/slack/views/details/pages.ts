import type { KnownBlock, RichTextBlock, RichTextBlockElement } from '@slack/types'
import { fit, limits } from '../limits.ts'
import { richText } from '../text.ts'
import type { Part } from './parts.ts'
import type { Piece } from './pieces.ts'

/** `parts` are the titles of the parts that begin on the page. */
export type Page = { blocks: KnownBlock[]; parts: string[] }

/**
 * What one page holds: far below what a view takes (100 blocks and 250,000 bytes), as nobody reads more in one go, and a
 * phone has to draw it.
 */
const most = { characters: 9_000, texts: 300, lines: 200 }

/** Cuts Details into pages; there is always one. */
export function pagesOf(parts: Part[]): Page[] {
  const pages = [emptyPage()]
  let room = most
  for (const { title, pieces } of parts) {
    let begun = false
    // Where a part or a page begins, so does a block.
    let block: RichTextBlock | null = null
    for (const piece of pieces) {
      const size = sizeOf(piece.elements)
      if (!fits(size, room)) {
        pages.push(emptyPage())
        room = most
        block = null
      }
      const page = pages.at(-1)!
      if (!begun) page.parts.push(title)
      if (block === null) {
        if (!begun || page.blocks.length === 0)
          page.blocks.push(begun ? continued(title, piece) : heading(title))
        block = richText()
        page.blocks.push(block)
      }
      begun = true
      block.elements.push(...piece.elements)
      room = left(room, size)
    }
  }
  return pages
}

function emptyPage(): Page {
  return { blocks: [], parts: [] }
}

type Size = typeof most

function fits(size: Size, room: Size): boolean {
  return size.characters <= room.characters && size.texts <= room.texts && size.lines <= room.lines
}

function left(room: Size, size: Size): Size {
  return {
    characters: room.characters - size.characters,
    texts: room.texts - size.texts,
    lines: room.lines - size.lines,
  }
}

function sizeOf(elements: RichTextBlockElement[]): Size {
  const texts = elements.flatMap(textsIn)
  const characters = texts.reduce((sum, text) => sum + text.length, 0)
  const breaks = texts.reduce((sum, text) => sum + text.split('\n').length - 1, 0)
  return { characters, texts: texts.length, lines: elements.length + breaks }
}

function textsIn(element: RichTextBlockElement): string[] {
  return element.elements.flatMap((inner) =>
    'elements' in inner ? textsIn(inner) : 'text' in inner ? [inner.text ?? ''] : [''],
  )
}

function heading(title: string): KnownBlock {
  return { type: 'header', text: { type: 'plain_text', text: fit(title, limits.header), emoji: false } }
}

/** Where one is, at the head of a page that goes on with a part. */
function continued(title: string, { within }: Piece): KnownBlock {
  const path = [title, ...within].join(' › ')
  return { type: 'context', elements: [{ type: 'plain_text', text: fit(`… ${path}`, 300), emoji: false }] }
}
