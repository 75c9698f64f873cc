import type { Node } from "@kube-ts/api/core/v1";
import { objectKey } from "@kube-ts/api/object";
import type { Client } from "@kube-ts/client/client";
import type { EventRecorder } from "@kube-ts/client/event-recorder";
import type { Informer } from "@kube-ts/client/informer";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import { systemSysctl } from "@kube-ts/std/sysctl";
import type { AgentConfig } from "./agent-config.ts";
import { createNetworkHost } from "./host/network-host.ts";
import { PacketFilter } from "./host/packet-filter.ts";
import type { NetworkMetrics } from "./network-metrics.ts";
import { NodeConditionWriter } from "./node-condition.ts";
import { NodeNetwork } from "./node-network.ts";
import { clusterNode } from "./plan/cluster-node.ts";
import { UnreachableReport } from "./unreachable-report.ts";

export interface RoundParts {
  readonly config: AgentConfig;
  readonly client: Client;
  readonly informer: Informer<Node>;
  readonly events: EventRecorder;
  readonly metrics: NetworkMetrics;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Brings the host to what the nodes ask for, and tells the cluster of it. */
export class NetworkRounds {
  readonly #parts: RoundParts;
  readonly #network: NodeNetwork;
  readonly #condition: NodeConditionWriter;
  readonly #unreachable: UnreachableReport;
  #succeededMs: number;

  constructor(parts: RoundParts) {
    const { config, client, events, metrics, clock, log } = parts;
    this.#parts = parts;
    this.#network = new NodeNetwork({
      config,
      host: createNetworkHost(),
      filter: new PacketFilter(),
      sysctl: systemSysctl,
      metrics,
      clock,
      log,
    });
    this.#condition = new NodeConditionWriter(client, clock, log);
    this.#unreachable = new UnreachableReport(config.nodeName, events, log);
    this.#succeededMs = clock.monotonicMs();
  }

  /** How long the host has not been known to be right; counted from the start before the first round. */
  sinceSuccessMs(): number {
    return this.#parts.clock.monotonicMs() - this.#succeededMs;
  }

  async run(signal: AbortSignal): Promise<void> {
    try {
      await this.#round(signal);
    } catch (error) {
      this.#parts.metrics.failures.inc();
      throw error;
    }
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { config, informer, metrics, clock } = this.#parts;
    const startedMs = clock.monotonicMs();
    const plan = await this.#network.sync(informer.list().map(clusterNode), signal);
    this.#succeededMs = clock.monotonicMs();
    metrics.syncSeconds.observe((this.#succeededMs - startedMs) / 1_000);
    if (!plan) return;
    this.#unreachable.tell(plan.unreachable);
    const own = informer.get(objectKey("", config.nodeName));
    if (own) await this.#condition.write(own, signal);
  }
}
