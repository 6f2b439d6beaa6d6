/** How large a picture is, in its own units. */
export const width = 960

/** Of the picture itself, so that it reads the same whether what is around it is dark or light. */
export const colours = {
  ground: '#ffffff',
  edge: '#c9ccd1',
  words: '#1d1c1d',
  faint: '#5c6066',
  grid: '#e4e6ea',
  first: '#1264a3',
  second: '#d9480f',
}

/** A picture with a title on a ground of its own. */
export function panel(title: string, about: string, height: number, body: string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Lato">`,
    `<rect x="1" y="1" width="${width - 2}" height="${height - 2}" rx="12" fill="${colours.ground}" stroke="${colours.edge}" stroke-width="2"/>`,
    words(title, { x: 32, y: 48, size: 26, weight: 700 }),
    words(about, { x: 32, y: 78, size: 17, colour: colours.faint }),
    ...body,
    '</svg>',
  ].join('')
}

export function words(
  text: string,
  at: {
    x: number
    y: number
    size: number
    weight?: number
    colour?: string
    anchor?: 'start' | 'middle' | 'end'
  },
): string {
  const { x, y, size, weight = 400, colour = colours.words, anchor = 'start' } = at
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${colour}" text-anchor="${anchor}">${escaped(text)}</text>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** A text that is not too long for its place. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`
}
