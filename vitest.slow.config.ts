import { defineConfig } from 'vitest/config';

/** Suites that need other programs (databases, Go, a real Collector) or minutes: run by name, and by `.ci/run`, never by `npm test`. */
export default defineConfig({
  test: {
    projects: [slowProject('faults'), slowProject('collector')],
  },
});

function slowProject(name: string) {
  return {
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      environment: 'node' as const,
      testTimeout: 600_000,
      hookTimeout: 600_000,
      // Each of them keeps several processes busy: side by side they would only wait for one another.
      fileParallelism: false,
    },
  };
}
