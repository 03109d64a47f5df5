/** Reporter for vitest: at the end, one line for each test that failed, with the beginning of why, and one for each that passed only when it was tried again. */
export default class OutcomeReporter {
  onTestRunEnd(modules, unhandledErrors) {
    for (const error of unhandledErrors) console.log(`failed: outside of any test: ${firstLine(error)}`);
    for (const module of modules) {
      for (const error of module.errors()) console.log(`failed: ${module.relativeModuleId}: ${firstLine(error)}`);
      for (const test of module.children.allTests()) {
        const name = `${module.relativeModuleId}: ${test.fullName}`;
        const { state, errors } = test.result();
        if (state === 'failed') console.log(`failed: ${name}: ${firstLine(errors?.[0])}`);
        else if (test.diagnostic()?.flaky) console.log(`passed when tried again: ${name}`);
      }
    }
  }
}

function firstLine(error) {
  return String(error?.message ?? error)
    .split('\n', 1)[0]
    .slice(0, 300);
}
