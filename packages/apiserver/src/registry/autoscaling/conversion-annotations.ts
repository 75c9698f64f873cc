import type { KubeObject } from "@kube-ts/api/object";

/** Where autoscaling/v1 keeps what it has no fields for; never stored. */
export const conversionAnnotations = {
  metrics: "autoscaling.alpha.kubernetes.io/metrics",
  currentMetrics: "autoscaling.alpha.kubernetes.io/current-metrics",
  conditions: "autoscaling.alpha.kubernetes.io/conditions",
  behavior: "autoscaling.alpha.kubernetes.io/behavior",
} as const;

const names: readonly string[] = Object.values(conversionAnnotations);

export function dropConversionAnnotations({ metadata }: KubeObject): void {
  const { annotations } = metadata;
  if (!annotations || !names.some((name) => name in annotations)) return;
  for (const name of names) delete annotations[name];
  if (Object.keys(annotations).length === 0) delete metadata.annotations;
}
