import { configDefaults, defineConfig } from 'vitest/config';

const sourceConditions = ['cryptrail-source', 'node', 'module', 'import', 'default'];

export default defineConfig({
  test: {
    projects: [
      {
        // Sources of every package, read without a build.
        resolve: { conditions: sourceConditions },
        ssr: { resolve: { conditions: sourceConditions, externalConditions: sourceConditions } },
        test: {
          name: 'unit',
          // Property tests are bounded in runs, not in time: a busy machine may take its time.
          testTimeout: 60_000,
          include: ['packages/*/{src,test,products}/**/*.test.ts'],
          environment: 'node',
          setupFiles: ['./test/setup/fail-on-console.ts', './test/setup/property-tests.ts'],
        },
      },
      {
        // Whole flows on built packages, the way a user has them.
        test: {
          name: 'flow',
          include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
          // vitest.slow.config.ts runs these.
          exclude: [...configDefaults.exclude, 'test/faults/**', 'test/collector/**'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
