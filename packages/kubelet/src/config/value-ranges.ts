import type { KubeletConfiguration } from "./configuration-fields.ts";

type Field = keyof KubeletConfiguration & string;

/** Numbers and durations with the least and the greatest value that they may have. */
const ranges: { readonly [F in Field]?: readonly [least: number, greatest: number] } = {
  healthzPort: [0, 65_535],
  readOnlyPort: [0, 65_535],
  oomScoreAdj: [-1_000, 1_000],
  registryPullQPS: [0, Infinity],
  registryBurst: [0, Infinity],
  eventRecordQPS: [0, Infinity],
  eventBurst: [0, Infinity],
  kubeAPIBurst: [0, Infinity],
  nodeStatusMaxImages: [-1, Infinity],
  nodeLeaseDurationSeconds: [0, Infinity],
  maxPods: [0, Infinity],
  podsPerCore: [0, Infinity],
  podPidsLimit: [-1, Infinity],
  imageGCHighThresholdPercent: [0, 100],
  imageGCLowThresholdPercent: [0, 100],
  maxParallelImagePulls: [1, Infinity],
  containerLogMaxFiles: [2, Infinity],
  cpuCFSQuotaPeriod: [0, 1_000],
  syncFrequency: [0, Infinity],
  fileCheckFrequency: [0, Infinity],
  streamingConnectionIdleTimeout: [0, Infinity],
  nodeStatusUpdateFrequency: [0, Infinity],
  nodeStatusReportFrequency: [0, Infinity],
  imageMinimumGCAge: [0, Infinity],
  imageMaximumGCAge: [0, Infinity],
  runtimeRequestTimeout: [0, Infinity],
  evictionPressureTransitionPeriod: [0, Infinity],
};

/** What is wrong with numbers that are out of range, a line for each. Durations are milliseconds. */
export function rangeProblems(configuration: KubeletConfiguration): readonly string[] {
  const problems: string[] = [];
  for (const [field, [least, greatest]] of Object.entries(ranges)) {
    const value = configuration[field as Field];
    if (typeof value !== "number" || (value >= least && value <= greatest)) continue;
    problems.push(`${field}: Invalid value: ${value}: ${demand(least, greatest)}`);
  }
  return problems;
}

function demand(least: number, greatest: number): string {
  if (greatest < Infinity) return `must be between ${least} and ${greatest}, inclusive`;
  return least === 0 ? "must not be a negative number" : `must be at least ${least}`;
}
