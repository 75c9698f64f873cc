import { endToEndTestFiles, integrationTestFiles, runTests, unitTestFiles } from "./test-files.ts";

/**
 * `npm test`: everything. Paths given as arguments run alone. The last line counts what passed and failed.
 */
const chosen = process.argv.slice(2);
const stages =
  chosen.length > 0
    ? [{ title: "chosen tests", files: chosen, options: { concurrency: 1 } }]
    : [
        { title: "unit tests", files: unitTestFiles(), options: {} },
        { title: "integration tests", files: integrationTestFiles(), options: { concurrency: 1 } },
        { title: "end-to-end tests", files: endToEndTestFiles(), options: { concurrency: 1 } },
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
