import { chmod, chown, mkdir, readdir, rm, stat } from "node:fs/promises";
import type { EmptyDirVolumeSource, Pod, ResourceList, Volume } from "@kube-ts/api/core/v1";
import { Quantity } from "@kube-ts/api/quantity";
import type { Clock } from "@kube-ts/std/clock";
import type { ImageService } from "../runtime/image-service.ts";
import { containersOf } from "../pods/pod-containers.ts";
import { writePayload } from "./atomic-writer.ts";
import { type ClaimSource, claimNameOf, claimedVolume } from "./claims.ts";
import { setUpHostPath } from "./host-path.ts";
import { imagePlugin } from "./image-volumes.ts";
import { hugePageSize } from "./huge-pages.ts";
import { type Mounts, isMountPoint, mountsBelow } from "./mounts.ts";
import type { ObjectSource } from "./object-source.ts";
import { type Projected, projectAll, projectConfigMap, projectDownwardApi, projectSecret } from "./projection.ts";
import type { TokenSource } from "./token-source.ts";
import { VolumeError } from "./volume-error.ts";
import type { VolumeMetrics, VolumeOperation } from "./volume-metrics.ts";
import { giveToGroup } from "./volume-ownership.ts";
import type { VolumePaths } from "./volume-paths.ts";
import { pluginOf } from "./volume-plugin.ts";

export interface PodVolumesOptions {
  readonly paths: VolumePaths;
  readonly mounts: Mounts;
  readonly objects: ObjectSource;
  readonly tokens: TokenSource;
  readonly metrics: VolumeMetrics;
  readonly images: Pick<ImageService, "release">;
  readonly claims: ClaimSource;
  readonly clock: Clock;
  /** What the node can give to pods. */
  allocatable(): ResourceList;
}

export interface SetUpResult {
  /** Where each volume lies on the node, by name. */
  readonly directories: ReadonlyMap<string, string>;
  /** When the volumes must be set up again although nothing changed; undefined for never. */
  readonly refreshAtMs: number | undefined;
}

const localPlugin = "kubernetes.io/local-volume";
/** What of a persistent volume's spec is not its source. */
const claimFields: ReadonlySet<string> = new Set([
  "accessModes",
  "capacity",
  "claimRef",
  "mountOptions",
  "nodeAffinity",
  "persistentVolumeReclaimPolicy",
  "storageClassName",
  "volumeAttributesClassName",
  "volumeMode",
]);

/** Several volumes that could not be set up. */
export class VolumesError extends AggregateError {
  override readonly name = "VolumesError";
  override readonly errors: VolumeError[];

  constructor(errors: VolumeError[]) {
    super(errors, errors.map((error) => error.message).join("; "));
    this.errors = errors;
  }
}

/** The volumes of the pods of this node, on disk. */
export class PodVolumes {
  readonly #options: PodVolumesOptions;

  constructor(options: PodVolumesOptions) {
    this.#options = options;
  }

  /**
   * Gives the pod the volumes that its containers mount, and brings those it has up to date. May be called at any time.
   * Volumes that are images wait for the containers that mount them: see `ImageVolumes`.
   * Throws `VolumesError` when some fail; the others are set up.
   */
  async setUp(pod: Pod, signal: AbortSignal): Promise<SetUpResult> {
    await mkdir(this.#options.paths.pod(pod.metadata.uid ?? ""), { recursive: true, mode: 0o750 });
    const directories = new Map<string, string>();
    const failures: VolumeError[] = [];
    let refreshAtMs = Number.POSITIVE_INFINITY;
    for (const volume of mountedVolumes(pod)) {
      if (volume.image) continue;
      try {
        const plugin = pluginOf(volume) ?? "";
        const done = await this.#timed([plugin], "volume_mount", () => this.#setUpOne(pod, volume, signal));
        directories.set(volume.name, done.directory);
        refreshAtMs = Math.min(refreshAtMs, done.refreshAtMs ?? Number.POSITIVE_INFINITY);
      } catch (error) {
        signal.throwIfAborted();
        failures.push(
          new VolumeError(volume.name, error instanceof Error ? error.message : String(error), { cause: error }),
        );
      }
    }
    if (failures.length > 0) throw new VolumesError(failures);
    return { directories, refreshAtMs: Number.isFinite(refreshAtMs) ? refreshAtMs : undefined };
  }

  /** Removes everything the node has of the pod: mounts first, then files. Success when there is nothing. */
  async tearDown(podUid: string, signal: AbortSignal): Promise<void> {
    const { paths, mounts, tokens, images } = this.#options;
    const directory = paths.pod(podUid);
    const plugins = await entriesOf(paths.volumes(podUid));
    await this.#timed(plugins.map(paths.pluginOfDirectory), "volume_unmount", async () => {
      for (const mountPoint of await mountsBelow(mounts, directory)) await mounts.unmount(mountPoint, signal);
      // Removing files through a mount that is still there would remove them at their source.
      const left = await mountsBelow(mounts, directory);
      if (left.length > 0) throw new Error(`still mounted: ${left.join(", ")}`);
      if (plugins.includes(paths.directoryOf(imagePlugin))) await images.release(podUid, signal);
      await rm(directory, { recursive: true, force: true });
    });
    tokens.release(podUid);
  }

  async #timed<T>(plugins: readonly string[], operation: VolumeOperation, work: () => Promise<T>): Promise<T> {
    const { metrics, clock } = this.#options;
    const startMs = clock.monotonicMs();
    let failed = true;
    try {
      const result = await work();
      failed = false;
      return result;
    } finally {
      const seconds = (clock.monotonicMs() - startMs) / 1000;
      for (const plugin of plugins) metrics.done(plugin, operation, failed, seconds);
    }
  }

  /** The uids of pods that have something on disk. */
  async present(): Promise<readonly string[]> {
    return entriesOf(this.#options.paths.pods);
  }

  async #setUpOne(
    pod: Pod,
    volume: Volume,
    signal: AbortSignal,
  ): Promise<{ readonly directory: string; readonly refreshAtMs?: number }> {
    const { objects, tokens, allocatable } = this.#options;
    const sources = { objects, tokens, allocatable: allocatable() };
    if (volume.hostPath) return { directory: await setUpHostPath(volume.hostPath) };
    if (volume.emptyDir) return { directory: await this.#setUpEmptyDir(pod, volume.name, volume.emptyDir, signal) };
    if (volume.configMap) {
      const projected = await projectConfigMap(pod, volume.configMap, sources, signal);
      return this.#setUpFiles(pod, volume.name, "kubernetes.io/configmap", projected, false, signal);
    }
    if (volume.secret) {
      const projected = await projectSecret(pod, volume.secret, sources, signal);
      return this.#setUpFiles(pod, volume.name, "kubernetes.io/secret", projected, true, signal);
    }
    if (volume.downwardAPI) {
      const { items = [], defaultMode = 0o644 } = volume.downwardAPI;
      const payload = projectDownwardApi(pod, items, defaultMode, sources.allocatable);
      return this.#setUpFiles(pod, volume.name, "kubernetes.io/downward-api", { payload }, true, signal);
    }
    if (volume.projected) {
      const projected = await projectAll(pod, volume.projected, sources, signal);
      return this.#setUpFiles(pod, volume.name, "kubernetes.io/projected", projected, true, signal);
    }
    const claim = claimNameOf(pod, volume);
    if (claim !== undefined) return { directory: await this.#setUpClaim(pod, volume, claim, signal) };
    const [kind = "none"] = Object.keys(volume).filter((key) => key !== "name");
    throw new Error(`volume source ${kind} is not supported on this node`);
  }

  async #setUpFiles(
    pod: Pod,
    name: string,
    plugin: string,
    { payload, refreshAtMs }: Projected,
    inMemory: boolean,
    signal: AbortSignal,
  ): Promise<{ readonly directory: string; readonly refreshAtMs?: number }> {
    const directory = this.#options.paths.volume(pod.metadata.uid ?? "", plugin, name);
    await mkdir(directory, { recursive: true, mode: 0o755 });
    if (inMemory && !(await isMountPoint(this.#options.mounts, directory))) {
      await this.#options.mounts.mountTmpfs(directory, 0, 0o755, signal);
    }
    const fsGroup = pod.spec.securityContext?.fsGroup;
    await shareWith(directory, 0o777, fsGroup);
    await writePayload(directory, payload, fsGroup === undefined ? {} : { fsGroup }, this.#options.clock.now());
    return { directory, ...(refreshAtMs === undefined ? {} : { refreshAtMs }) };
  }

  /** What a claim is bound to: a path of this node, or a directory that is mounted as a volume of the pod. */
  async #setUpClaim(pod: Pod, volume: Volume, claimName: string, signal: AbortSignal): Promise<string> {
    const { paths, mounts, claims } = this.#options;
    const { metadata, spec } = await claimedVolume(pod, volume, claimName, claims, signal);
    if (spec.hostPath) return setUpHostPath(spec.hostPath);
    const name = metadata.name ?? "";
    if (!spec.local) {
      const [kind = "none"] = Object.keys(spec).filter((key) => !claimFields.has(key));
      throw new Error(`volume source ${kind} of persistent volume "${name}" is not supported on this node`);
    }
    const directory = paths.volume(pod.metadata.uid ?? "", localPlugin, name);
    await mkdir(directory, { recursive: true, mode: 0o750 });
    if (!(await isMountPoint(mounts, directory))) {
      const info = await stat(spec.local.path).catch(() => undefined);
      if (!info?.isDirectory()) throw new Error(`path "${spec.local.path}" does not exist`);
      const { fsGroup, fsGroupChangePolicy = "Always" } = pod.spec.securityContext ?? {};
      const readOnly = volume.persistentVolumeClaim?.readOnly ?? false;
      // Before it is mounted: what fails is done again as long as it is not.
      if (fsGroup !== undefined) await giveToGroup(spec.local.path, fsGroup, fsGroupChangePolicy, readOnly, signal);
      await mounts.bind(spec.local.path, directory, signal);
    }
    return directory;
  }

  async #setUpEmptyDir(pod: Pod, name: string, source: EmptyDirVolumeSource, signal: AbortSignal): Promise<string> {
    const { medium = "", sizeLimit } = source;
    const pageSizeBytes = hugePageSize(pod, medium);
    if (medium !== "" && medium !== "Memory" && pageSizeBytes === undefined) {
      throw new Error(`unknown storage medium "${medium}"`);
    }
    const { paths, mounts, allocatable } = this.#options;
    const directory = paths.volume(pod.metadata.uid ?? "", "kubernetes.io/empty-dir", name);
    const fresh = (await mkdir(directory, { recursive: true, mode: 0o777 })) !== undefined;
    const mounting = medium !== "" && !(await isMountPoint(mounts, directory));
    if (mounting && pageSizeBytes !== undefined) await mounts.mountHugetlbfs(directory, pageSizeBytes, signal);
    else if (mounting) {
      const limit = Quantity.parse(String(sizeLimit ?? "0")).value();
      const sizeBytes = limit > 0 ? limit : Quantity.parse(String(allocatable()["memory"] ?? "0")).value();
      await mounts.mountTmpfs(directory, sizeBytes, 0o777, signal);
    }
    // What containers made of it since is theirs.
    if (fresh || mounting) await shareWith(directory, 0o777, pod.spec.securityContext?.fsGroup);
    return directory;
  }
}

/** The volumes that some container of the pod mounts. */
function mountedVolumes(pod: Pod): readonly Volume[] {
  const names = new Set(containersOf(pod).flatMap(({ spec }) => (spec.volumeMounts ?? []).map(({ name }) => name)));
  return (pod.spec.volumes ?? []).filter((volume) => names.has(volume.name));
}

/** The directories in a directory; none when it is not there. */
async function entriesOf(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: unknown) => {
    if ((error as { code?: unknown }).code === "ENOENT") return [];
    throw error;
  });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

/** Gives the directory to the group; what is created in it then belongs to the group too. */
async function shareWith(directory: string, mode: number, fsGroup: number | undefined): Promise<void> {
  if (fsGroup !== undefined) await chown(directory, 0, fsGroup);
  await chmod(directory, fsGroup === undefined ? mode : mode | 0o2000);
}
