import type { Config } from 'jest'

const config: Config = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  globalSetup: '<rootDir>/test/setup/start-server.ts',
  globalTeardown: '<rootDir>/test/setup/stop-server.ts',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  // Two at once also on a machine with two cores: half of the time a test waits for the database, Slack or a browser.
  maxWorkers: 2,
  testTimeout: 60_000,
}

export default config
