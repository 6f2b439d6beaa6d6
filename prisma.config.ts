import { defineConfig } from 'prisma/config'

// `prisma generate` would download a native schema engine that it does not need: naming any file that exists stops it.
// Migrations are made and applied by the same engine in WebAssembly, see docs/decisions/0006-migrations-in-webassembly.md.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
})
