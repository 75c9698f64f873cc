import type { Container, EphemeralContainer, PodSpec } from "@kube-ts/api/core/v1";

/** A pod or a pod template, as controls look at it. */
export interface CheckedPod {
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
  /** Of all kinds: init containers first, ephemeral ones last. */
  readonly containers: readonly CheckedContainer[];
}

export type CheckedContainer = Container | EphemeralContainer;

/** What a pod does that a control does not allow. */
export interface Violation {
  /** In few words, for lists of many pods. */
  readonly reason: string;
  /** Which of its parts do so; may be empty. */
  readonly detail: string;
}

export type Check = (pod: CheckedPod) => Violation | undefined;

/** One control of the Pod Security Standards. */
export interface Control {
  readonly id: string;
  /** Controls of the baseline hold at the restricted level, too, unless a control there takes their place. */
  readonly level: "baseline" | "restricted";
  /** By the minor version (of 1.x) from which on they hold, ascending. */
  readonly versions: readonly { readonly since: number; readonly check: Check }[];
  /** The baseline controls in whose place this one stands wherever it holds. */
  readonly replaces?: readonly string[];
}

/** The pod with all its containers in the order in which upstream names them. */
export function checkedPod(annotations: Readonly<Record<string, string>> | undefined, spec: PodSpec): CheckedPod {
  const { initContainers, containers, ephemeralContainers } = spec;
  const isPlain = initContainers === undefined && ephemeralContainers === undefined;
  return {
    annotations: annotations ?? {},
    spec,
    containers: isPlain
      ? (containers ?? [])
      : [...(initContainers ?? []), ...(containers ?? []), ...(ephemeralContainers ?? [])],
  };
}

/** Whether the pod says that it runs on Windows, where what is peculiar to Linux means nothing. */
export function isWindowsPod({ spec }: CheckedPod): boolean {
  return spec.os?.name === "windows";
}

/** Whether the pod's users are not the node's, so that root in it is nobody on the node. */
export function hasOwnUsers({ spec }: CheckedPod): boolean {
  return spec.hostUsers === false;
}
