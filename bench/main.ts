import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../deploy/local/layout.ts";
import { startServer } from "./api-server-process.ts";
import type { ServerUnderTest } from "./api-server-process.ts";
import { LoadClient } from "./load-client.ts";
import { processUsage } from "./process-usage.ts";
import { fill, largeWorkloads, prepare, workloads } from "./workloads.ts";
import type { Workload } from "./workloads.ts";

/** What one part cost; CPU is the server's alone, in milliseconds an operation. */
interface Measurement {
  readonly name: string;
  readonly operationsPerSecond: number;
  readonly cpuMs: number;
}

interface Baseline {
  readonly measurements: readonly Measurement[];
  readonly rssIdleMiB: number;
  readonly rssAfterMiB: number;
  /** After a start with 30,000 pods. */
  readonly rssLargeMiB: number;
}

const baselineFile = join(repositoryRoot, "bench", "baseline.json");

/** `npm run bench`: measures the API server and compares with the baseline; `--update` writes a new baseline. */
async function main(): Promise<void> {
  await using server = await startServer();
  using client = new LoadClient(server, 1_100);
  const rssIdleMiB = processUsage(server.pid).rssMiB;
  await prepare(client);
  const measurements: Measurement[] = [];
  for (const workload of workloads) measurements.push(await measure(workload, server, client));
  const rssAfterMiB = processUsage(server.pid).rssMiB;
  await fill(client);
  for (const workload of largeWorkloads) measurements.push(await measure(workload, server, client));
  measurements.push(await measureStart(server));
  const result: Baseline = { measurements, rssIdleMiB, rssAfterMiB, rssLargeMiB: processUsage(server.pid).rssMiB };
  print(result, existsSync(baselineFile) ? (JSON.parse(readFileSync(baselineFile, "utf8")) as Baseline) : undefined);
  if (process.argv.includes("--update")) writeFileSync(baselineFile, `${JSON.stringify(rounded(result), null, 2)}\n`);
}

async function measure(workload: Workload, server: ServerUnderTest, client: LoadClient): Promise<Measurement> {
  const cpuBefore = processUsage(server.pid).cpuMs;
  const begin = performance.now();
  const operations = await workload.run(client);
  const seconds = (performance.now() - begin) / 1000;
  const cpuMs = (processUsage(server.pid).cpuMs - cpuBefore) / operations;
  return { name: workload.name, operationsPerSecond: operations / seconds, cpuMs };
}

/** A start with everything that is stored, until the server is ready. */
async function measureStart(server: ServerUnderTest): Promise<Measurement> {
  const begin = performance.now();
  await server.restart();
  const operationsPerSecond = 1000 / (performance.now() - begin);
  return { name: "start with 30,000 pods", operationsPerSecond, cpuMs: processUsage(server.pid).cpuMs };
}

function print(result: Baseline, baseline: Baseline | undefined): void {
  const rows = result.measurements.map(({ name, operationsPerSecond, cpuMs }) => {
    const before = baseline?.measurements.find((entry) => entry.name === name);
    return [
      name,
      operationsPerSecond.toFixed(operationsPerSecond < 100 ? 2 : 0),
      cpuMs.toFixed(4),
      before ? (cpuMs / before.cpuMs).toFixed(2) : "-",
    ];
  });
  const memory = (name: string, mib: number, before: number | undefined) => [
    name,
    "",
    `${mib.toFixed(0)} MiB`,
    before ? (mib / before).toFixed(2) : "-",
  ];
  rows.push(memory("RSS idle", result.rssIdleMiB, baseline?.rssIdleMiB));
  rows.push(memory("RSS after", result.rssAfterMiB, baseline?.rssAfterMiB));
  rows.push(memory("RSS with 30,000 pods", result.rssLargeMiB, baseline?.rssLargeMiB));
  const header = ["operation", "ops/s", "CPU ms/op", "ratio to baseline"];
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of [header, ...rows]) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    process.stdout.write(`${cells.join("  ")}\n`);
  }
}

function rounded({ measurements, rssIdleMiB, rssAfterMiB, rssLargeMiB }: Baseline): Baseline {
  return {
    measurements: measurements.map(({ name, operationsPerSecond, cpuMs }) => ({
      name,
      operationsPerSecond: Number(operationsPerSecond.toPrecision(3)),
      cpuMs: Number(cpuMs.toFixed(4)),
    })),
    rssIdleMiB: Math.round(rssIdleMiB),
    rssAfterMiB: Math.round(rssAfterMiB),
    rssLargeMiB: Math.round(rssLargeMiB),
  };
}

await main();
