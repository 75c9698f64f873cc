import { endToEndTestFiles, integrationTestFiles, nightlyTestFiles, runTests, unitTestFiles } from "./test-files.ts";

/**
 * `npm test`: everything but what only the night has time for, which `npm run test:nightly` runs. Paths given as arguments
 * run alone. The last line counts what passed and failed.
 */
const chosen = process.argv.slice(2);
const alone = { concurrency: 1 };
const stages = chosen.includes("--nightly")
  ? [{ title: "nightly tests", files: nightlyTestFiles(), options: alone }]
  : chosen.length > 0
    ? [{ title: "chosen tests", files: chosen, options: alone }]
    : [
        { title: "unit tests", files: unitTestFiles(), options: {} },
        { title: "integration tests", files: integrationTestFiles(), options: alone },
        { title: "end-to-end tests", files: endToEndTestFiles(), options: alone },
      ];

let passed = 0;
let failed = 0;
for (const { title, files, options } of stages) {
  process.stdout.write(`\n== ${title}: ${files.length} files\n`);
  const outcome = await runTests(files, options);
  passed += outcome.passed;
  failed += outcome.failed;
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
