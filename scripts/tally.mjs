// Prints `N passed, N failed` from vitest's JSON report, as the last line of a test run, and exits with 1 if anything failed.
// Usage: node scripts/tally.mjs REPORT VITEST_EXIT_CODE
import { readFileSync } from "node:fs";

const [report = "", code = "1"] = process.argv.slice(2);
const count = { passed: 0, failed: 0, skipped: 0 };
try {
  for (const file of JSON.parse(readFileSync(report, "utf8")).testResults) {
    const states = file.assertionResults.map(({ status }) => status);
    for (const state of states) count[state === "passed" || state === "failed" ? state : "skipped"]++;
    // A file that broke outside its tests (an import, a hook) counts as one failure.
    if (file.status === "failed" && !states.includes("failed")) count.failed++;
  }
} catch {
  // No report: vitest itself broke, and its exit code says so below.
}
// An error outside every test, or a run without any test.
const total = count.passed + count.failed;
if ((code !== "0" || total === 0) && count.failed === 0) count.failed++;
const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : "";
console.log(`${count.passed} passed, ${count.failed} failed${skipped}`);
process.exitCode = count.failed > 0 ? 1 : 0;
