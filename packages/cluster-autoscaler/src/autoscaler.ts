import { isAbort } from "@kube-ts/std/abort";
import { errorFields } from "@kube-ts/std/log";
import { TaskGroup } from "@kube-ts/std/task-group";
import { type AutoscalerContext, reportForCluster, type ScanView } from "./autoscaler-context.ts";
import type { HealthMonitor } from "./health-monitor.ts";
import { countNodes, type GroupView, groupViews, isHealthy, type NodeCounts } from "./model/group-view.ts";
import { conditionOf } from "./model/node-marks.ts";
import { SimulatedCluster } from "./model/simulated-cluster.ts";
import { type TemplateNode, templateOf } from "./model/template-node.ts";
import { GroupBackoff } from "./plan/group-backoff.ts";
import { addUpcomingNodes, placePending, unschedulablePods, isExpendable } from "./plan/pending-pods.ts";
import type { ScaleDownPlan } from "./plan/plan-scale-down.ts";
import { ProviderError } from "./provider/node-group-provider.ts";
import { ScaleDown } from "./scale-down.ts";
import { ScaleUp } from "./scale-up.ts";
import { StatusReport } from "./status-report.ts";
import { StatusWriter } from "./status-writer.ts";
import { Upkeep } from "./upkeep.ts";

const nothing: ScaleDownPlan = { unneeded: [], unremovable: [] };

/** Looks at the cluster from time to time and changes its size. What it remembers is only since when things are as they are. */
export class Autoscaler {
  readonly #context: AutoscalerContext;
  readonly #backoff: GroupBackoff;
  readonly #upkeep: Upkeep;
  readonly #scaleUp: ScaleUp;
  readonly #scaleDown: ScaleDown;
  readonly #status = new StatusReport();
  readonly #statusWriter: StatusWriter | undefined;

  constructor(context: AutoscalerContext) {
    const { config, client } = context;
    this.#context = context;
    this.#backoff = new GroupBackoff(config.backoff);
    this.#upkeep = new Upkeep(context, this.#backoff);
    this.#scaleUp = new ScaleUp(context, this.#backoff);
    this.#scaleDown = new ScaleDown(context);
    this.#statusWriter =
      config.statusConfigMap === undefined
        ? undefined
        : new StatusWriter(client, config.namespace, config.statusConfigMap);
  }

  /** Scans until the signal aborts, and then waits for the removals that are under way. */
  async run(health: HealthMonitor, signal: AbortSignal): Promise<void> {
    const removals = new TaskGroup(signal);
    const { clock, config, log, metrics } = this.#context;
    while (!removals.signal.aborted) {
      const startMs = clock.monotonicMs();
      try {
        await this.scan(removals, removals.signal);
        health.noteScan(true);
      } catch (error) {
        if (isAbort(error, removals.signal)) break;
        log.warn("scan failed", { error: errorFields(error) });
        metrics.errors.inc({ type: error instanceof ProviderError ? "cloudProviderError" : "apiCallError" });
        health.noteScan(false);
      }
      const spentMs = clock.monotonicMs() - startMs;
      metrics.functionDuration.observe({ function: "main" }, spentMs / 1_000);
      metrics.lastActivity.set({ activity: "main" }, clock.now() / 1_000);
      await clock.sleep(Math.max(0, config.scanIntervalMs - spentMs), removals.signal).catch((error: unknown) => {
        if (!isAbort(error, removals.signal)) throw error;
      });
    }
    await removals.settled();
  }

  /** One look at the cluster. Removals that it starts go on in `removals`. */
  async scan(removals: TaskGroup, signal: AbortSignal): Promise<void> {
    const { provider, config, clock, cache } = this.#context;
    const groups = await provider.list(signal);
    this.#backoff.retain(new Set(groups.map(({ name }) => name)));
    const nodes = cache.nodes();
    const { startupTaints } = config.scaleUp;
    const views = groupViews(groups, nodes, config.groupLimits, startupTaints, clock.now());
    const nowMs = clock.monotonicMs();
    const counts = countNodes(nodes.map((node) => conditionOf(node, startupTaints, clock.now())));
    const healthy = isHealthy(counts, config.health);
    this.#measure(views, counts, healthy, nowMs);
    await this.#upkeep.finishLeftovers(views, (name) => this.#scaleDown.isUnderWay(name), signal);
    const hasCleaned = await this.#upkeep.removeUseless(views, nowMs, signal);
    // What was removed still stands in the list that this scan has: the next one sees things as they are.
    const plan = hasCleaned ? nothing : await this.#act(views, healthy, nowMs, removals, signal);
    await this.#tell({ views, counts, healthy, plan, nowMs }, signal);
  }

  async #act(
    views: readonly GroupView[],
    healthy: boolean,
    nowMs: number,
    removals: TaskGroup,
    signal: AbortSignal,
  ): Promise<ScaleDownPlan> {
    const { config, cache, clock, metrics } = this.#context;
    if (!healthy) {
      this.#scaleDown.forget();
      reportForCluster(this.#context, "Warning", "ClusterUnhealthy", "Cluster is unhealthy");
      return nothing;
    }
    const scan = this.#simulate(views, nowMs);
    const pending = unschedulablePods(cache.pods(), config.scaleUp, clock.now());
    const unplaced = placePending(scan.cluster, pending);
    metrics.unschedulablePods.set({ type: "unschedulable" }, unplaced.length);
    if (await this.#scaleUp.run(scan, unplaced, signal)) {
      this.#scaleDown.noteAddition(nowMs);
      metrics.lastActivity.set({ activity: "scaleUp" }, clock.now() / 1_000);
      return nothing;
    }
    if (!config.scaleDown.enabled) return nothing;
    return this.#scaleDown.run(scan, removals, signal);
  }

  #simulate(views: readonly GroupView[], nowMs: number): ScanView {
    const { cache, config } = this.#context;
    const { startupTaints, statusTaints, expendablePriorityCutoff } = config.scaleUp;
    const templates = new Map<string, TemplateNode>();
    for (const view of views) {
      const ignored = [...startupTaints, ...statusTaints];
      const template = templateOf(view, cache.podsOn, cache.daemonSets(), ignored);
      if (template) templates.set(view.group.name, template);
    }
    const scheduled = cache.pods().filter((pod) => !isExpendable(pod, expendablePriorityCutoff));
    const cluster = new SimulatedCluster(cache.nodes(), scheduled, cache.surroundings());
    const upcoming = addUpcomingNodes(cluster, views, templates, (id) => this.#upkeep.isOverdue(id, nowMs));
    return { views, templates, cluster, upcoming, nowMs };
  }

  #measure(views: readonly GroupView[], counts: NodeCounts, healthy: boolean, nowMs: number): void {
    const { metrics, config } = this.#context;
    metrics.safeToAutoscale.set(healthy ? 1 : 0);
    metrics.nodes.set({ state: "ready" }, counts.ready);
    metrics.nodes.set({ state: "unready" }, counts.unready);
    metrics.nodes.set({ state: "notStarted" }, counts.starting);
    const unregistered = views.flatMap((view) => view.unregistered);
    const late = unregistered.filter(({ id }) => this.#upkeep.isOverdue(id, nowMs)).length;
    metrics.nodes.set({ state: "unregistered" }, unregistered.length - late);
    metrics.nodes.set({ state: "longUnregistered" }, late);
    metrics.nodeGroups.set({ node_group_type: "autoscaled" }, views.length);
    const { maxNodesTotal } = config.scaleUp;
    metrics.maxNodes.set(Number.isFinite(maxNodesTotal) ? maxNodesTotal : 0);
    for (const gauge of [metrics.groupMin, metrics.groupMax, metrics.groupTarget, metrics.groupHealthy]) gauge.reset();
    metrics.groupBackoff.reset();
    for (const { group, target, nodes } of views) {
      const labels = { node_group: group.name };
      metrics.groupMin.set(labels, group.minSize);
      metrics.groupMax.set(labels, group.maxSize);
      metrics.groupTarget.set(labels, target);
      const own = countNodes(nodes.map(({ condition }) => condition));
      metrics.groupHealthy.set(labels, isHealthy(own, config.health) ? 1 : 0);
      metrics.groupBackoff.set(labels, this.#backoff.reason(group.name, nowMs) === undefined ? 0 : 1);
    }
  }

  /** Writes the status. That this fails is no reason to stop. */
  async #tell({ views, counts, healthy, plan, nowMs }: Outcome, signal: AbortSignal): Promise<void> {
    if (!this.#statusWriter) return;
    const { config, clock, log } = this.#context;
    const late = (id: string) => this.#upkeep.isOverdue(id, nowMs);
    const groups = views.map((view) => ({
      view,
      isHealthy: isHealthy(countNodes(view.nodes.map(({ condition }) => condition)), config.health),
      backoff: this.#backoff.reason(view.group.name, nowMs),
      candidates: plan.unneeded.filter(({ managed }) => managed.group.name === view.group.name).length,
      longUnregistered: view.unregistered.filter(({ id }) => late(id)).length,
    }));
    const wallMs = clock.now();
    const status = this.#status.format({
      nowMs: wallMs,
      counts,
      isHealthy: healthy,
      isScalingUp: views.some(({ unregistered }) => unregistered.some(({ id }) => !late(id))),
      groups,
      unneeded: plan.unneeded.length,
    });
    await this.#statusWriter.write(status, wallMs, signal).catch((error: unknown) => {
      if (isAbort(error, signal)) throw error;
      log.warn("status could not be written", { error: errorFields(error) });
    });
  }
}

interface Outcome {
  readonly views: readonly GroupView[];
  readonly counts: NodeCounts;
  readonly healthy: boolean;
  readonly plan: ScaleDownPlan;
  readonly nowMs: number;
}
