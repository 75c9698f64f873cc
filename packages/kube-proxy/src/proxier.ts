import { isAbort } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import type { IpFamily } from "@kube-ts/std/ip-address";
import { errorFields } from "@kube-ts/std/log";
import type { Logger } from "@kube-ts/std/log";
import { ensureSysctl, type Sysctl } from "@kube-ts/std/sysctl";
import type { ChangeTracker, PendingChanges } from "./change-tracker.ts";
import type { ClusterView, FamilyProxy, FamilyRound } from "./family-proxy.ts";
import type { ProxyHealth } from "./health/proxy-health.ts";
import type { ServiceHealthServers } from "./health/service-health-servers.ts";
import { healthCheckPorts } from "./model/health-check-ports.ts";
import type { ProxyMetrics } from "./proxy-metrics.ts";
import type { ProxyTable } from "./rules/rule-set.ts";
import type { FlowCleaner } from "./writer/flow-cleaner.ts";
import { routeLocalnet } from "./writer/route-localnet.ts";

export interface ProxierParts {
  readonly families: readonly { readonly proxy: FamilyProxy; readonly flows: FlowCleaner }[];
  /** Undefined while the rules cannot be decided yet. */
  view(): ClusterView | undefined;
  readonly changes: ChangeTracker;
  readonly health: ProxyHealth;
  readonly serviceHealth: ServiceHealthServers;
  readonly sysctl: Sysctl;
  readonly metrics: ProxyMetrics;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Rounds of rule writing: one call at a time, for all families. */
export class Proxier {
  readonly #parts: ProxierParts;

  constructor(parts: ProxierParts) {
    this.#parts = parts;
  }

  /**
   * Brings this node to what the cluster asks for now. With `resync` what others changed in the tables is repaired.
   * A family that fails does not keep the others from being written; the first failure is thrown at the end.
   * Answers false when there is nothing to go by yet.
   */
  async sync(resync: boolean, signal: AbortSignal): Promise<boolean> {
    const { changes, clock, health, metrics } = this.#parts;
    const view = this.#parts.view();
    if (!view) return false;
    const startedMs = clock.monotonicMs();
    const pending = changes.take();
    try {
      const rounds = await this.#writeFamilies(view, resync, signal);
      await this.#updateHealthChecks(rounds);
      this.#reportProgramming(pending);
      this.#reportNoLocalEndpoints(rounds);
    } catch (error) {
      changes.giveBack(pending);
      throw error;
    } finally {
      metrics.serviceChangesPending.set(changes.pending.services);
      metrics.endpointChangesPending.set(changes.pending.endpoints);
    }
    health.updated(startedMs);
    return true;
  }

  async #writeFamilies(view: ClusterView, resync: boolean, signal: AbortSignal): Promise<readonly FamilyRound[]> {
    const rounds: FamilyRound[] = [];
    let failure: { readonly error: unknown } | undefined;
    for (const { proxy, flows } of this.#parts.families) {
      try {
        const round = await this.#writeFamily(proxy, view, resync, signal);
        rounds.push(round);
        await this.#cleanFlows(proxy.family, flows, round, view, signal);
      } catch (error) {
        if (isAbort(error, signal)) throw error;
        failure ??= { error };
      }
    }
    if (failure) throw failure.error;
    return rounds;
  }

  async #writeFamily(
    proxy: FamilyProxy,
    view: ClusterView,
    resync: boolean,
    signal: AbortSignal,
  ): Promise<FamilyRound> {
    const { clock, metrics, log } = this.#parts;
    const labels = { ip_family: proxy.family };
    const startedMs = clock.monotonicMs();
    try {
      const round = await proxy.write(view, resync, signal);
      const { drifted, full } = round.outcome;
      if (drifted.length > 0) log.warn("repaired rules that were changed by others", { family: proxy.family, drifted });
      await this.#routeLoopback(round);
      const seconds = (clock.monotonicMs() - startedMs) / 1_000;
      metrics.syncDuration.observe(labels, seconds);
      (full ? metrics.fullSyncDuration : metrics.partialSyncDuration).observe(labels, seconds);
      metrics.lastSync.set(labels, clock.now() / 1_000);
      this.#reportRules(proxy.family, round);
      return round;
    } catch (error) {
      if (!isAbort(error, signal)) {
        metrics.restoreFailures.inc(labels);
        if (!resync) metrics.partialRestoreFailures.inc(labels);
      }
      throw error;
    }
  }

  /** Only once the rules are in place, among them the one that keeps loopback addresses private. */
  async #routeLoopback(round: FamilyRound): Promise<void> {
    if (!round.needsRouteLocalnet) return;
    const { sysctl, log } = this.#parts;
    if (await ensureSysctl(sysctl, routeLocalnet, "1")) {
      log.info("turned on routing of loopback addresses for node ports on 127.0.0.1", { sysctl: routeLocalnet });
    }
  }

  async #cleanFlows(
    family: IpFamily,
    flows: FlowCleaner,
    round: FamilyRound,
    view: ClusterView,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock, metrics } = this.#parts;
    const startedMs = clock.monotonicMs();
    const removed = await flows.clean(round.ports, view.hostAddresses, round.outcome.full, signal);
    metrics.conntrackDuration.observe({ ip_family: family }, (clock.monotonicMs() - startedMs) / 1_000);
    metrics.conntrackDeleted.inc({ ip_family: family }, removed);
  }

  async #updateHealthChecks(rounds: readonly FamilyRound[]): Promise<void> {
    const checks = healthCheckPorts(rounds.flatMap((round) => round.ports));
    const hosts = rounds.flatMap(({ family, nodePortAddresses }) => {
      if (nodePortAddresses.kind === "some") return nodePortAddresses.addresses;
      return [family === "IPv4" ? "0.0.0.0" : "::"];
    });
    await this.#parts.serviceHealth.set(checks, hosts);
  }

  #reportProgramming({ triggerTimesMs }: PendingChanges): void {
    const { clock, metrics, families } = this.#parts;
    for (const { proxy } of families) {
      for (const timeMs of triggerTimesMs) {
        const seconds = Math.max(0, clock.now() - timeMs) / 1_000;
        metrics.networkProgramming.observe({ ip_family: proxy.family }, seconds);
      }
    }
  }

  #reportRules(family: IpFamily, { built, outcome }: FamilyRound): void {
    const { metrics } = this.#parts;
    for (const [table, rules] of built.rules) {
      const labels = { table, ip_family: family };
      const owned = [...rules.chains.values()].reduce((count, chain) => count + chain.length, 0);
      metrics.rulesTotal.set(labels, owned + rules.ensured.length);
      metrics.rulesLast.set(labels, outcome.written.get(table satisfies ProxyTable) ?? 0);
    }
  }

  #reportNoLocalEndpoints(rounds: readonly FamilyRound[]): void {
    const { metrics } = this.#parts;
    for (const policy of ["internal", "external"] as const) {
      const count = rounds.reduce((sum, round) => sum + round.built.noLocalEndpoints[policy], 0);
      metrics.noLocalEndpoints.set({ traffic_policy: policy }, count);
    }
  }
}

/** Logs a failed round; the runner tries again. */
export function logFailedRound(log: Logger): (error: unknown) => void {
  return (error) => log.error("rules could not be written", { error: errorFields(error) });
}
