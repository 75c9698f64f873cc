import type { Pod } from "@kube-ts/api/core/v1";
import { findCondition } from "@kube-ts/api/conditions";
import { Gauge, type Registry } from "@kube-ts/std/metrics";
import { pluginOf } from "../volumes/volume-plugin.ts";
import type { PodWorker } from "./pod-worker.ts";

type Subject = Pick<
  PodWorker,
  "pod" | "status" | "isStatic" | "isEnding" | "isDown" | "isRejected" | "isRemoved" | "volumesMounted"
>;

/** How many pods there are of which kind. Label values are in the order of the label names. */
export interface PodCensus {
  /** By whether they are static. */
  readonly desired: ReadonlyMap<boolean, number>;
  readonly active: ReadonlyMap<boolean, number>;
  readonly mirrors: number;
  /** By `lifecycle,config,static`. */
  readonly working: ReadonlyMap<string, number>;
  readonly ephemeralContainers: number;
  /** By reason, in lower case. */
  readonly pendingResizes: ReadonlyMap<string, number>;
  readonly resizesInProgress: number;
  readonly volumes: ReadonlyMap<string, { desired: number; actual: number }>;
}

export function takeCensus(workers: readonly Subject[]): PodCensus {
  const desired = new Map([false, true].map((isStatic) => [isStatic, 0]));
  const active = new Map(desired);
  const working = new Map<string, number>();
  const pendingResizes = new Map([
    ["deferred", 0],
    ["infeasible", 0],
  ]);
  const volumes = new Map<string, { desired: number; actual: number }>();
  let mirrors = 0;
  let ephemeralContainers = 0;
  let resizesInProgress = 0;
  for (const worker of workers) {
    const { pod, status, isStatic, isRemoved } = worker;
    if (!isRemoved) add(desired, isStatic);
    if (!isRemoved && !worker.isDown && !worker.isRejected) add(active, isStatic);
    if (isStatic && !isRemoved && !worker.isRejected) mirrors += 1;
    const lifecycle = worker.isDown ? "terminated" : worker.isEnding ? "terminating" : "sync";
    add(working, [lifecycle, isRemoved ? "orphan" : "desired", String(isStatic)].join());
    ephemeralContainers += pod.spec.ephemeralContainers?.length ?? 0;
    const pending = findCondition(status.conditions, "PodResizePending")?.reason?.toLowerCase();
    if (pending !== undefined) add(pendingResizes, pending);
    if (findCondition(status.conditions, "PodResizeInProgress")) resizesInProgress += 1;
    countVolumes(volumes, pod, worker.volumesMounted);
  }
  return { desired, active, mirrors, working, ephemeralContainers, pendingResizes, resizesInProgress, volumes };
}

function add<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function countVolumes(
  counts: Map<string, { desired: number; actual: number }>,
  { spec }: Pod,
  mounted: ReadonlyMap<string, unknown>,
): void {
  for (const volume of spec.volumes ?? []) {
    const plugin = pluginOf(volume);
    if (plugin === undefined) continue;
    const count = counts.get(plugin) ?? { desired: 0, actual: 0 };
    count.desired += 1;
    if (mounted.has(volume.name)) count.actual += 1;
    counts.set(plugin, count);
  }
}

/** Shows the census, which is taken when somebody asks. */
export function serveCensus(registry: Registry, take: () => PodCensus): void {
  const gauge = (
    name: string,
    help: string,
    labelNames: readonly string[],
    fill: (gauge: Gauge, now: PodCensus) => void,
  ) => {
    const shown: Gauge = new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      collect: () => {
        shown.reset();
        fill(shown, take());
      },
    });
  };
  const byStatic = (counts: ReadonlyMap<boolean, number>, shown: Gauge) => {
    for (const [isStatic, count] of counts) shown.set({ static: String(isStatic) }, count);
  };
  gauge("kubelet_desired_pods", "Pods that this node is to run.", ["static"], (shown, { desired }) =>
    byStatic(desired, shown),
  );
  gauge("kubelet_active_pods", "Pods that count when another one is admitted.", ["static"], (shown, { active }) =>
    byStatic(active, shown),
  );
  gauge("kubelet_mirror_pods", "Static pods that the API shows.", [], (shown, { mirrors }) => shown.set(mirrors));
  gauge(
    "kubelet_working_pods",
    "Pods that the node has something of.",
    ["lifecycle", "config", "static"],
    (shown, { working }) => {
      for (const [key, count] of working) {
        const [lifecycle = "", config = "", isStatic = ""] = key.split(",");
        shown.set({ lifecycle, config, static: isStatic }, count);
      }
    },
  );
  gauge("kubelet_managed_ephemeral_containers", "Ephemeral containers of all pods.", [], (shown, now) =>
    shown.set(now.ephemeralContainers),
  );
  gauge("kubelet_pod_pending_resizes", "Resizes that wait.", ["reason"], (shown, { pendingResizes }) => {
    for (const [reason, count] of pendingResizes) shown.set({ reason }, count);
  });
  gauge("kubelet_pod_in_progress_resizes", "Resizes that are being made.", [], (shown, now) =>
    shown.set(now.resizesInProgress),
  );
  gauge("volume_manager_total_volumes", "Volumes of pods.", ["plugin_name", "state"], (shown, { volumes }) => {
    for (const [plugin, { desired, actual }] of volumes) {
      shown.set({ plugin_name: plugin, state: "desired_state_of_world" }, desired);
      shown.set({ plugin_name: plugin, state: "actual_state_of_world" }, actual);
    }
  });
}
