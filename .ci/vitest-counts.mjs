// Prints "<passed> <failed> <skipped>" of a vitest JSON report; a report that is missing or cannot be read counts as nothing,
// because the step that should have written it has failed already.
import { readFileSync } from 'node:fs';

try {
  const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  console.log(report.numPassedTests, report.numFailedTests, report.numPendingTests);
} catch {
  console.log('0 0 0');
}
