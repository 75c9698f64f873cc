import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { Sysctl } from "@kube-ts/std/sysctl";
import type { AgentConfig } from "./agent-config.ts";
import { precedingConfig, writeCniConfig } from "./host/cni-config-file.ts";
import { enableForwarding, enableOverlayIpv6 } from "./host/forwarding.ts";
import type { NetworkHost } from "./host/network-host.ts";
import type { PacketFilter } from "./host/packet-filter.ts";
import type { NetworkMetrics } from "./network-metrics.ts";
import { cniConfig } from "./plan/cni-config.ts";
import type { ClusterNode } from "./plan/cluster-node.ts";
import { planHostChanges, planLinkChanges } from "./plan/host-changes.ts";
import type { HostCommand } from "./plan/host-changes.ts";
import { planNetwork } from "./plan/network-plan.ts";
import type { NetworkPlan } from "./plan/network-plan.ts";
import { packetRules } from "./plan/packet-rules.ts";

export interface NodeNetworkParts {
  readonly config: AgentConfig;
  readonly host: NetworkHost;
  readonly filter: PacketFilter;
  readonly sysctl: Sysctl;
  readonly metrics: NetworkMetrics;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The packet filter is large on some nodes: it is read less often than routes are. */
const filterPeriodMs = 60_000;

/** This node's part of the pod network. One call at a time. */
export class NodeNetwork {
  readonly #parts: NodeNetworkParts;
  /** The rules that were written last, as text, and when they were found in place. */
  #filtered = { rules: "", atMs: Number.NEGATIVE_INFINITY };
  #said = "";
  #first = true;

  constructor(parts: NodeNetworkParts) {
    this.#parts = parts;
  }

  /**
   * Brings this host to what the nodes ask for, and repairs what others changed. Answers what is in place then, or
   * undefined when there is nothing to go by yet: then everything stays as it is.
   */
  async sync(nodes: readonly ClusterNode[], signal: AbortSignal): Promise<NetworkPlan | undefined> {
    const { config, host, metrics, sysctl } = this.#parts;
    const own = nodes.find(({ name }) => name === config.nodeName);
    const others = nodes.filter((node) => node !== own);
    let state = await host.read(signal);
    const plan = planNetwork(config.network, own, others, state);
    if (plan.kind === "waiting" || !own) {
      if (plan.kind === "waiting") this.#say("waiting for the cluster", { reason: plan.reason });
      return undefined;
    }
    this.#say("pod network", { mode: config.network.mode, device: plan.device, mtu: plan.podMtu });
    metrics.planned(plan);
    const families = own.podCidrs.map(({ family }) => family);
    this.#changedSettings(await enableForwarding(sysctl, families, plan.device));
    const linkChanges = planLinkChanges(plan.link, state);
    if (linkChanges.length > 0) {
      await this.#apply(linkChanges, signal);
      state = await host.read(signal);
    }
    this.#changedSettings(await enableOverlayIpv6(sysctl, plan));
    // A node that cannot be reached keeps no pods from being connected.
    const failure = await failureOf(this.#apply(planHostChanges(plan, state), signal));
    signal.throwIfAborted();
    await this.#writeFilter(own, others, signal);
    await this.#writeCniConfig(own, plan);
    if (failure) throw failure.error;
    this.#first = false;
    return plan;
  }

  async #apply(commands: readonly HostCommand[], signal: AbortSignal): Promise<void> {
    if (commands.length === 0) return;
    const { host, metrics, log } = this.#parts;
    for (const { tool } of commands) metrics.commands.inc({ tool });
    const shown = commands.slice(0, 10).map(({ tool, line }) => `${tool} ${line}`);
    log.info("changing the host's network", { commands: commands.length, first: shown, start: this.#first });
    await host.apply(commands, signal);
  }

  async #writeFilter(own: ClusterNode, others: readonly ClusterNode[], signal: AbortSignal): Promise<void> {
    const { config, filter, clock, log } = this.#parts;
    const rules = packetRules(config.packets, own, others);
    const text = JSON.stringify(rules);
    const nowMs = clock.monotonicMs();
    if (text === this.#filtered.rules && nowMs - this.#filtered.atMs < filterPeriodMs) return;
    const written = await filter.write(rules, signal);
    if (written.length > 0) log.info("packet filter written", { chains: written });
    this.#filtered = { rules: text, atMs: nowMs };
  }

  /** Last: from then on the kubelet connects pods. */
  async #writeCniConfig(own: ClusterNode, plan: NetworkPlan): Promise<void> {
    const { config, log } = this.#parts;
    const { cniConfDirectory: directory } = config;
    if (!(await writeCniConfig(directory, cniConfig(own, plan.podMtu)))) return;
    log.info("pod network configuration written", { directory, mtu: plan.podMtu });
    const preceding = await precedingConfig(directory);
    if (preceding !== undefined) log.warn("the kubelet takes another network configuration", { file: preceding });
  }

  #changedSettings(names: readonly string[]): void {
    if (names.length > 0) this.#parts.log.info("set kernel settings", { sysctls: names });
  }

  /** Once, until something else is to be said. */
  #say(message: string, fields: Readonly<Record<string, unknown>>): void {
    const said = JSON.stringify([message, fields]);
    if (said !== this.#said) this.#parts.log.info(message, fields);
    this.#said = said;
  }
}

function failureOf(work: Promise<void>): Promise<{ readonly error: unknown } | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
}
