import type { Node, NodeCondition } from "@kube-ts/api/core/v1";
import { nodes } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { isForbidden, isNotFound } from "@kube-ts/api/status-error";
import type { Client } from "@kube-ts/client/client";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";

const type = "NetworkUnavailable";

/** Says in the Node's status that its network is set up, which takes the taint of a node without one away. */
export class NodeConditionWriter {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #log: Logger;
  #forbidden = false;

  constructor(client: Client, clock: Clock, log: Logger) {
    this.#client = client;
    this.#clock = clock;
    this.#log = log;
  }

  /** Writes the condition unless the Node has it. Without the right to do so it warns, once. */
  async write(node: Node, signal: AbortSignal): Promise<void> {
    if (this.#forbidden || hasCondition(node)) return;
    const now = formatTime(this.#clock.now());
    const condition: NodeCondition = {
      type,
      status: "False",
      reason: "PodNetworkReady",
      message: "Routes to the pods of the other nodes are kept by pod-network-agent",
      lastHeartbeatTime: now,
      lastTransitionTime: now,
    };
    const name = node.metadata.name ?? "";
    const patch = { status: { conditions: [condition] } };
    try {
      await this.#client.resource(nodes).patch({ name }, "strategic", patch, { subresource: "status", signal });
    } catch (error) {
      if (isNotFound(error)) return;
      if (!isForbidden(error)) throw error;
      this.#forbidden = true;
      this.#log.warn("the Node's condition may not be written", { condition: type, error });
    }
  }
}

function hasCondition(node: Node): boolean {
  return node.status?.conditions?.some((condition) => condition.type === type && condition.status === "False") ?? false;
}
