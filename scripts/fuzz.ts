import { mkdtempSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { propertySettings } from "@kube-ts/std/testing/check-property";
import { fuzzInThread } from "./fuzz/fuzz-in-thread.ts";
import type { FuzzResult } from "./fuzz/fuzz-thread.ts";
import type { FuzzTarget } from "./fuzz/fuzz-target.ts";
import { fuzzTargets } from "./fuzz/targets.ts";

/**
 * `npm run fuzz`: the nightly mode. Feeds a million inputs, or as many as the first argument says, to the decoders of
 * what strangers send, or to those whose names contain the second argument. Each input has to be read or refused within
 * a second and 100 MB. Prints a table; a violation comes with a file that holds its input, and the exit code is 1.
 */
const total = Number(process.argv[2] ?? "1000000");
const wanted = process.argv[3] ?? "";
if (!Number.isSafeInteger(total) || total <= 0) throw new Error(`not a number of inputs: ${process.argv[2]}`);
const seed = propertySettings().seed ?? Math.floor(Math.random() * 2 ** 31);
const targets = (await fuzzTargets()).filter(({ name }) => name.includes(wanted));
const shares = targets.reduce((sum, { share = 1 }) => sum + share, 0);
const countOf = ({ share = 1 }: FuzzTarget) => Math.ceil((total * share) / shares);

process.stdout.write(`${total} inputs for ${targets.length} decoders, KUBE_TS_PROPERTY_SEED=${seed}\n`);
process.stdout.write(`${row("decoder", "inputs", "accepted", "longest", "slowest", "memory", "mean")}\n`);
const queue = [...targets];
let inputs = 0;
let violations = 0;
await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
process.stdout.write(`${inputs} inputs, ${violations} violations\n`);
process.exitCode = violations === 0 && targets.length > 0 ? 0 : 1;

async function work(): Promise<void> {
  for (let target = queue.shift(); target; target = queue.shift()) {
    print(target, await fuzzInThread(target, countOf(target), seed));
  }
}

function print({ name }: FuzzTarget, result: FuzzResult): void {
  if (result.kind === "violated") {
    violations += 1;
    const input = Buffer.from(result.input);
    const file = join(mkdtempSync(join(tmpdir(), "kube-ts-fuzz-")), "input");
    writeFileSync(file, input);
    const begin = JSON.stringify(input.toString("latin1").slice(0, 400));
    process.stdout.write(`✗ ${result.problem}\n  ${input.length} bytes, in ${file}: ${begin}\n`);
    return;
  }
  const { report } = result;
  inputs += report.inputs;
  const share = Math.round((100 * report.accepted) / report.inputs);
  const memory = `${(report.largestBytes / 2 ** 20).toFixed(1)} MB`;
  const mean = `${((1000 * report.totalMs) / report.inputs).toFixed(0)} µs`;
  const slowest = `${report.slowestMs.toFixed(1)} ms`;
  process.stdout.write(
    `${row(name, String(report.inputs), `${share} %`, String(report.longestBytes), slowest, memory, mean)}\n`,
  );
}

function row(name: string, ...cells: readonly string[]): string {
  return name.padEnd(26) + cells.map((cell) => cell.padStart(11)).join("");
}
