import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../deploy/local/layout.ts";
import { startServer } from "./api-server-process.ts";
import { LoadClient } from "./load-client.ts";
import { processUsage } from "./process-usage.ts";
import { prepare, workloads } from "./workloads.ts";

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
}

const baselineFile = join(repositoryRoot, "bench", "baseline.json");

/** `npm run bench`: measures the API server and compares with the baseline; `--update` writes a new baseline. */
async function main(): Promise<void> {
  await using server = await startServer();
  using client = new LoadClient(server, 256);
  const rssIdleMiB = processUsage(server.pid).rssMiB;
  await prepare(client);
  const measurements: Measurement[] = [];
  for (const workload of workloads) {
    const cpuBefore = processUsage(server.pid).cpuMs;
    const begin = performance.now();
    const operations = await workload.run(client);
    const seconds = (performance.now() - begin) / 1000;
    const cpuMs = (processUsage(server.pid).cpuMs - cpuBefore) / operations;
    measurements.push({ name: workload.name, operationsPerSecond: operations / seconds, cpuMs });
  }
  const result: Baseline = { measurements, rssIdleMiB, rssAfterMiB: processUsage(server.pid).rssMiB };
  print(result, existsSync(baselineFile) ? (JSON.parse(readFileSync(baselineFile, "utf8")) as Baseline) : undefined);
  if (process.argv.includes("--update")) writeFileSync(baselineFile, `${JSON.stringify(rounded(result), null, 2)}\n`);
}

function print(result: Baseline, baseline: Baseline | undefined): void {
  const rows = result.measurements.map(({ name, operationsPerSecond, cpuMs }) => {
    const before = baseline?.measurements.find((entry) => entry.name === name);
    return [name, operationsPerSecond.toFixed(0), cpuMs.toFixed(4), before ? (cpuMs / before.cpuMs).toFixed(2) : "-"];
  });
  const memory = (name: string, mib: number, before: number | undefined) => [
    name,
    "",
    `${mib.toFixed(0)} MiB`,
    before ? (mib / before).toFixed(2) : "-",
  ];
  rows.push(memory("RSS idle", result.rssIdleMiB, baseline?.rssIdleMiB));
  rows.push(memory("RSS after", result.rssAfterMiB, baseline?.rssAfterMiB));
  const header = ["operation", "ops/s", "CPU ms/op", "ratio to baseline"];
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of [header, ...rows]) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    process.stdout.write(`${cells.join("  ")}\n`);
  }
}

function rounded({ measurements, rssIdleMiB, rssAfterMiB }: Baseline): Baseline {
  return {
    measurements: measurements.map(({ name, operationsPerSecond, cpuMs }) => ({
      name,
      operationsPerSecond: Math.round(operationsPerSecond),
      cpuMs: Number(cpuMs.toFixed(4)),
    })),
    rssIdleMiB: Math.round(rssIdleMiB),
    rssAfterMiB: Math.round(rssAfterMiB),
  };
}

await main();
