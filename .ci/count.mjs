// Prints "<passed> <failed>" of a vitest JSON report. A run that failed without a failed test (a file that does not
// load, a hook that throws, no report at all) counts as one failure.
import { readFileSync } from "node:fs";

const [report = "", exitCode = "1"] = process.argv.slice(2);
let passed = 0;
let failed = 0;
try {
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8"));
  passed = numPassedTests;
  failed = numFailedTests;
} catch {
  // The runner wrote no report; its exit code decides.
}
console.log(passed, failed === 0 && exitCode !== "0" ? 1 : failed);
