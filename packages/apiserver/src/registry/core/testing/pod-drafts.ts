import type { Pod } from "@kube-ts/api/core/v1";
import { type Draft, RuleBench } from "../../meta/testing/rule-bench.ts";
import { podResource } from "../pod.ts";

export const podBench = new RuleBench<Pod>(podResource);

const container: Draft = { name: "c", image: "nginx:1" };

/** A pod that is right, with these fields of its spec instead. */
export function podDraft(spec: Draft = {}, metadata: Draft = {}): Draft {
  return { metadata: { name: "web", ...metadata }, spec: { containers: [container], ...spec } };
}

/** What is wrong with a new pod of this spec. */
export function specErrors(spec: Draft): string[] {
  return podBench.createErrors(podDraft(spec));
}

/** What is wrong with a new pod whose only container has these fields, without the path of the container. */
export function containerErrors(fields: Draft, spec: Draft = {}): string[] {
  const errors = specErrors({ containers: [{ ...container, ...fields }], ...spec });
  return errors.map((text) => text.replace(/^spec\.containers\[0\]\.?/, ""));
}
