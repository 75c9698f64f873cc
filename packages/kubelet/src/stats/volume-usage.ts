import type { Pod } from "@kube-ts/api/core/v1";
import type { Clock } from "@kube-ts/std/clock";
import { type Logger, errorFields } from "@kube-ts/std/log";
import type { VolumePaths } from "../volumes/volume-paths.ts";
import { type DirectoryUsage, directoryUsage } from "./directory-usage.ts";

export interface VolumeUsageOptions {
  readonly paths: VolumePaths;
  readonly clock: Clock;
  readonly log: Logger;
  readonly periodMs: number;
  /** The pods that have volumes. */
  pods(): readonly Pod[];
}

/** The plugins of volumes that are directories of the pod alone. */
const plugins = [
  { source: "emptyDir", plugin: "kubernetes.io/empty-dir" },
  { source: "configMap", plugin: "kubernetes.io/configmap" },
  { source: "secret", plugin: "kubernetes.io/secret" },
  { source: "downwardAPI", plugin: "kubernetes.io/downward-api" },
  { source: "projected", plugin: "kubernetes.io/projected" },
] as const;

/** Looks now and then how full the pods' volumes are: looking costs a walk through their files. */
export class VolumeUsage {
  readonly #options: VolumeUsageOptions;
  #usage = new Map<string, ReadonlyMap<string, DirectoryUsage>>();

  constructor(options: VolumeUsageOptions) {
    this.#options = options;
  }

  /** By volume name; empty until the pod was first looked at. */
  of(podUid: string): ReadonlyMap<string, DirectoryUsage> {
    return this.#usage.get(podUid) ?? new Map();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, periodMs } = this.#options;
    for (;;) {
      await clock.sleep(periodMs, signal);
      await this.refresh(signal);
    }
  }

  async refresh(signal: AbortSignal): Promise<void> {
    const fresh = new Map<string, ReadonlyMap<string, DirectoryUsage>>();
    for (const pod of this.#options.pods()) fresh.set(pod.metadata.uid ?? "", await this.#measure(pod, signal));
    this.#usage = fresh;
  }

  async #measure(pod: Pod, signal: AbortSignal): Promise<ReadonlyMap<string, DirectoryUsage>> {
    const { paths, log } = this.#options;
    const uid = pod.metadata.uid ?? "";
    const usage = new Map<string, DirectoryUsage>();
    for (const volume of pod.spec.volumes ?? []) {
      const known = plugins.find(({ source }) => volume[source] !== undefined);
      if (!known) continue;
      try {
        usage.set(volume.name, await directoryUsage(paths.volume(uid, known.plugin, volume.name), signal));
      } catch (error) {
        signal.throwIfAborted();
        if ((error as { code?: unknown }).code === "ENOENT") continue;
        log.debug("volume could not be measured", { podUid: uid, volume: volume.name, error: errorFields(error) });
      }
    }
    return usage;
  }
}
