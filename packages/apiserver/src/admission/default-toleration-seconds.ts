import type { Pod, Toleration } from "@kube-ts/api/core/v1";
import { pods } from "@kube-ts/api/resource-types";
import { notReadyTaint, unreachableTaint } from "@kube-ts/api/well-known-labels";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { isWriteOf } from "./forbidden.ts";

/** How long pods stay on a node that fails, unless they say otherwise. */
export interface TolerationSeconds {
  /** `--default-not-ready-toleration-seconds`. */
  readonly notReady: number;
  /** `--default-unreachable-toleration-seconds`. */
  readonly unreachable: number;
}

/** Lets pods stay for a while on nodes that are not ready or not reachable. */
export class DefaultTolerationSeconds implements AdmissionPlugin {
  readonly name = "DefaultTolerationSeconds";
  readonly #seconds: TolerationSeconds;

  constructor(seconds: TolerationSeconds = { notReady: 300, unreachable: 300 }) {
    this.#seconds = seconds;
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE" || operation === "UPDATE";
  }

  admit(attributes: AdmissionAttributes): void {
    if (!isWriteOf(attributes, pods) || !attributes.object) return;
    const { spec } = attributes.object as Pod;
    const given = spec.tolerations ?? [];
    const added = [
      ...(tolerates(given, notReadyTaint) ? [] : [toleration(notReadyTaint, this.#seconds.notReady)]),
      ...(tolerates(given, unreachableTaint) ? [] : [toleration(unreachableTaint, this.#seconds.unreachable)]),
    ];
    if (added.length > 0) spec.tolerations = [...given, ...added];
  }
}

function tolerates(tolerations: readonly Toleration[], key: string): boolean {
  return tolerations.some((each) => (!each.key || each.key === key) && (!each.effect || each.effect === "NoExecute"));
}

function toleration(key: string, tolerationSeconds: number): Toleration {
  return { key, operator: "Exists", effect: "NoExecute", tolerationSeconds };
}
