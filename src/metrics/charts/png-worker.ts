import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { initWasm, Resvg } from '@resvg/resvg-wasm'

// The thread that `png.ts` starts for some pictures: drawing them takes some tenths of a second, for which nobody else is to wait.

const { resolve } = createRequire(import.meta.url)
const fonts = [400, 700].map((weight) => `@fontsource/lato/files/lato-latin-${weight}-normal.woff2`)

await initWasm(await readFile(resolve('@resvg/resvg-wasm/index_bg.wasm')))
const fontBuffers = await Promise.all(fonts.map(async (font) => readFile(resolve(font))))
// Twice as large as the SVG says, for sharp screens. Nothing of this machine goes in, fonts included.
const options = {
  fitTo: { mode: 'zoom' as const, value: 2 },
  font: { fontBuffers, loadSystemFonts: false, defaultFontFamily: 'Lato' },
}
const svgs = workerData as string[]
parentPort?.postMessage(svgs.map((svg) => new Resvg(svg, options).render().asPng()))
