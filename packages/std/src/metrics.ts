import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics, exponentialBuckets } from "prom-client";
import { kubernetesVersion } from "./version.ts";

export { Counter, Gauge, Histogram, Registry, exponentialBuckets };

/** How often the delay of the event loop is sampled; ten times as often takes half a percent of a processor. */
const loopDelayPeriodMs = 100;

/** A registry with the process and Node.js metrics that every daemon serves. */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: loopDelayPeriodMs });
  addBuildInfo(registry);
  return registry;
}

/** Of which release the daemon is, under upstream's name. */
function addBuildInfo(registry: Registry): void {
  const [major = "", minor = ""] = kubernetesVersion.replace(/^v/, "").split(".");
  const info = {
    major,
    minor,
    git_version: kubernetesVersion,
    platform: `${process.platform}/${process.arch === "x64" ? "amd64" : process.arch}`,
  };
  const labelNames = Object.keys(info) as (keyof typeof info)[];
  const help = "The release that the daemon is of.";
  new Gauge({ name: "kubernetes_build_info", help, labelNames, registers: [registry] }).set(info, 1);
}

/** Histogram buckets, in seconds, of request durations as upstream chooses them. */
export const requestDurationBuckets: readonly number[] = [
  0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60,
];
