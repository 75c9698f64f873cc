import type { Node } from "@kube-ts/api/core/v1";
import { nodes } from "@kube-ts/api/resource-types";
import { notReadyTaint } from "@kube-ts/api/well-known-labels";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { isWriteOf } from "./forbidden.ts";

const notReady = { key: notReadyTaint, effect: "NoSchedule" } as const;

/** New nodes take no pods until the node lifecycle controller has seen that they are ready. */
export class TaintNodesByCondition implements AdmissionPlugin {
  readonly name = "TaintNodesByCondition";

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE";
  }

  admit(attributes: AdmissionAttributes): void {
    if (!isWriteOf(attributes, nodes) || !attributes.object) return;
    const node = attributes.object as Node;
    const taints = node.spec?.taints ?? [];
    if (taints.some(({ key, effect }) => key === notReady.key && effect === notReady.effect)) return;
    node.spec = { ...node.spec, taints: [...taints, { ...notReady }] };
  }
}
