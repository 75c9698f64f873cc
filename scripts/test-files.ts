import { globSync } from "node:fs";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { root } from "./run-program.ts";

/** How the run of some test files went. */
export interface TestOutcome {
  readonly passed: number;
  readonly failed: number;
  readonly code: number;
}

function find(pattern: string): string[] {
  return globSync(pattern, { cwd: root, exclude: (path) => path.includes("node_modules") })
    .map((path) => `${root}/${path}`)
    .sort();
}

const isIntegration = (path: string) => path.endsWith(".integration.test.ts");

/** Tests that need nothing but Node.js. */
export function unitTestFiles(): string[] {
  return find("{packages,deploy,scripts}/**/*.test.ts").filter((path) => !isIntegration(path));
}

/** Tests that start etcd, Docker or network namespaces of their own. */
export function integrationTestFiles(): string[] {
  return find("{packages,deploy,scripts}/**/*.integration.test.ts");
}

const isNightly = (path: string) => path.endsWith(".nightly.test.ts");

/** Tests of a whole cluster; they run one after another, in this order. */
export function endToEndTestFiles(): string[] {
  return find("e2e/**/*.test.ts").filter((path) => !isNightly(path));
}

/** Tests of whole clusters that take too long for every change. */
export function nightlyTestFiles(): string[] {
  return find("e2e/**/*.test.ts").filter(isNightly);
}

export interface TestOptions {
  /** Files at the same time; by default one for each processor. */
  readonly concurrency?: number;
  readonly timeoutMs?: number;
}

/** Runs test files, each in a process of its own, and prints what they report. */
export async function runTests(files: readonly string[], options: TestOptions): Promise<TestOutcome> {
  if (files.length === 0) return { passed: 0, failed: 0, code: 0 };
  let passed = 0;
  let failed = 0;
  const stream = run({
    files: [...files],
    concurrency: options.concurrency ?? true,
    ...(options.timeoutMs !== undefined && { timeout: options.timeoutMs }),
  });
  stream.on("test:pass", ({ details }) => (passed += details.type === "suite" ? 0 : 1));
  stream.on("test:fail", ({ details }) => (failed += details.type === "suite" ? 0 : 1));
  const report = stream.compose(new spec());
  for await (const text of report) process.stdout.write(String(text));
  return { passed, failed, code: failed === 0 ? 0 : 1 };
}
