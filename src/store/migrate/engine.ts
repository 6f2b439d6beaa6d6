import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Pool } from 'pg'
import { migrationAdapter } from './adapter.ts'

/**
 * Runs `work` with Prisma's schema engine, compiled to WebAssembly, on the one connection of `pool` to `url`. It has
 * 5 MB to load, so call it only where there is something for it to do.
 */
export async function withSchemaEngine<T>(
  pool: Pool,
  url: string,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const { SchemaEngine } = await loadEngine()
  const adapter = bindMigrationAwareSqlAdapterFactory(migrationAdapter(pool, url))
  const engine = await SchemaEngine.new({ datamodels: undefined }, () => undefined, adapter)
  try {
    return await work(engine)
  } finally {
    engine.free()
  }
}

/** TypeScript knows it from a browser's types only, which this program has not. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>
}

let loaded: Promise<typeof import('@prisma/schema-engine-wasm/schema_engine_bg')> | undefined

/**
 * The package's own entry imports its `.wasm` file as a module, which not every place that runs this code can do
 * (Jest, bundlers). So the two halves are joined here, as that entry joins them.
 */
function loadEngine() {
  loaded ??= (async () => {
    const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg')
    const here = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
    const bytes = await readFile(path.join(path.dirname(here), 'schema_engine_bg.wasm'))
    const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': quietly(bindings) })
    const { __wbg_set_wasm: join } = bindings
    const { __wbindgen_start: start } = instance.exports
    join(instance.exports)
    if (typeof start === 'function') start()
    return bindings
  })()
  return loaded
}

/** The engine never clears the timer of its own lock, which would keep a finished process up for another 10 s. */
function quietly(bindings: object): object {
  return Object.fromEntries(
    Object.entries(bindings).map(([name, binding]) =>
      name.startsWith('__wbg_setTimeout_')
        ? [name, (run: () => void, after_ms: number) => setTimeout(run, after_ms).unref()]
        : [name, binding],
    ),
  )
}
