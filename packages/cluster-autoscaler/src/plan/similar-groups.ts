import { detachedNodeInfo } from "@kube-ts/api/placement/node-info";
import type { Resources } from "@kube-ts/api/placement/resources";
import { hostnameLabel, regionLabel, zoneLabel } from "@kube-ts/api/well-known-labels";
import type { TemplateNode } from "../model/template-node.ts";

const labelsOfOneNode = new Set([
  hostnameLabel,
  zoneLabel,
  regionLabel,
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region",
  "beta.kubernetes.io/fluentd-ds-ready",
  "kops.k8s.io/instancegroup",
]);

/** Nodes of one size differ a little in what their kernels leave them. */
const memoryTolerance = 0.015;
const freeTolerance = 0.05;

/** Whether nodes of both groups are alike but for where they are. */
export function areSimilar(a: TemplateNode, b: TemplateNode, ignoredLabels: readonly string[]): boolean {
  return sameLabels(a, b, ignoredLabels) && sameTaints(a, b) && sameResources(a, b);
}

function sameLabels(a: TemplateNode, b: TemplateNode, ignored: readonly string[]): boolean {
  const concerns = (key: string) => !labelsOfOneNode.has(key) && !ignored.includes(key);
  const texts = [a, b].map(({ node }) =>
    Object.entries(node.metadata.labels ?? {})
      .filter(([key]) => concerns(key))
      .map(([key, value]) => `${key}=${value}`)
      .toSorted()
      .join(),
  );
  return texts[0] === texts[1];
}

function sameTaints(a: TemplateNode, b: TemplateNode): boolean {
  const texts = [a, b].map(({ node }) =>
    (node.spec.taints ?? [])
      .map(({ key, value = "", effect }) => `${key}=${value}:${effect}`)
      .toSorted()
      .join(),
  );
  return texts[0] === texts[1];
}

function sameResources(a: TemplateNode, b: TemplateNode): boolean {
  const [first, second] = [a, b].map((template) => {
    const info = detachedNodeInfo(template.node);
    for (const pod of template.pods) info.addPod(pod);
    return info;
  });
  if (!first || !second || first.allowedPods !== second.allowedPods) return false;
  const free = (info: typeof first): Resources => ({
    ...info.allocatable,
    milliCpu: info.allocatable.milliCpu - info.requested.milliCpu,
    memory: info.allocatable.memory - info.requested.memory,
  });
  const [x, y] = [first.allocatable, second.allocatable];
  if (x.milliCpu !== y.milliCpu || !near(x.memory, y.memory, memoryTolerance)) return false;
  const scalars = new Set([...(x.scalars?.keys() ?? []), ...(y.scalars?.keys() ?? [])]);
  if ([...scalars].some((name) => x.scalars?.get(name) !== y.scalars?.get(name))) return false;
  const [p, q] = [free(first), free(second)];
  return near(p.milliCpu, q.milliCpu, freeTolerance) && near(p.memory, q.memory, freeTolerance);
}

function near(a: number, b: number, tolerance: number): boolean {
  return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
}

export interface GroupSize {
  readonly group: string;
  readonly size: number;
  readonly max: number;
}

/** Shares `count` new nodes out, each to the smallest group that may still grow; answers the new sizes of those that do. */
export function shareOut(count: number, groups: readonly GroupSize[]): readonly GroupSize[] {
  const sizes = groups.map(({ size }) => size);
  for (let left = count; left > 0; left -= 1) {
    let smallest = -1;
    for (const [index, { max }] of groups.entries()) {
      const size = sizes[index] ?? 0;
      if (size < max && (smallest < 0 || size < (sizes[smallest] ?? 0))) smallest = index;
    }
    if (smallest < 0) break;
    sizes[smallest] = (sizes[smallest] ?? 0) + 1;
  }
  return groups.flatMap((group, index) => {
    const size = sizes[index] ?? group.size;
    return size > group.size ? [{ ...group, size }] : [];
  });
}
