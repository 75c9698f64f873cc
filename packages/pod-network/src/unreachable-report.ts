import type { EventRecorder } from "@kube-ts/client/event-recorder";
import type { Logger } from "@kube-ts/std/log";
import { assertNever } from "@kube-ts/std/assert-never";
import type { UnreachableNode, UnreachableReason } from "./plan/network-plan.ts";

/** Tells of each node whose pods cannot be reached, once, in the log and as an event of this node. */
export class UnreachableReport {
  readonly #nodeName: string;
  readonly #events: EventRecorder;
  readonly #log: Logger;
  #known = new Set<string>();

  constructor(nodeName: string, events: EventRecorder, log: Logger) {
    this.#nodeName = nodeName;
    this.#events = events;
    this.#log = log;
  }

  tell(unreachable: readonly UnreachableNode[]): void {
    const known = new Set<string>();
    // Events of nodes name their subject by name, where others have the uid.
    const subject = { kind: "Node", apiVersion: "v1", name: this.#nodeName, uid: this.#nodeName };
    for (const entry of unreachable) {
      const key = JSON.stringify(entry);
      known.add(key);
      if (this.#known.has(key)) continue;
      const message = `Pods of node ${entry.node} cannot be reached over ${entry.family}: ${explain(entry.reason)}`;
      this.#log.warn("pods of a node cannot be reached", { ...entry });
      this.#events.event(subject, "Warning", "PodNetworkUnreachable", message);
    }
    for (const key of this.#known) {
      if (!known.has(key)) this.#log.info("pods of a node can be reached again", { entry: key });
    }
    this.#known = known;
  }
}

function explain(reason: UnreachableReason): string {
  switch (reason) {
    case "OffSegment":
      return "its address is behind a router; use the mode vxlan or auto";
    case "NoAddress":
      return "it has no InternalIP of the family that is needed";
    case "RangeConflict":
      return "its range of pod addresses belongs to another node, too";
    default:
      return assertNever(reason);
  }
}
