import { mkdir } from "node:fs/promises";
import type { Pod, Volume } from "@kube-ts/api/core/v1";
import type { ImageProvider } from "../pods/pod-machine.ts";
import type { ImageHolder, ImageService } from "../runtime/image-service.ts";
import { type Mounts, isMountPoint } from "./mounts.ts";
import type { VolumePaths } from "./volume-paths.ts";

export const imagePlugin = "kubernetes.io/image";

export interface ImageVolumesOptions {
  readonly paths: VolumePaths;
  readonly mounts: Mounts;
  readonly provider: ImageProvider;
  readonly images: Pick<ImageService, "hold" | "holding">;
}

export interface ImageVolume {
  readonly directory: string;
  /** Which image it is, for the status of containers. */
  readonly imageRef: string;
}

/** Volumes that are the files of an image. Each is mounted once in the pod's life, whatever its reference means later. */
export class ImageVolumes {
  readonly #options: ImageVolumesOptions;
  readonly #turns = new Map<string, Promise<void>>();

  constructor(options: ImageVolumesOptions) {
    this.#options = options;
  }

  /** Pulls the image by its policy and mounts it. Throws a `StartError` when the image cannot be had now. */
  async ensure(pod: Pod, volume: Volume, signal: AbortSignal): Promise<ImageVolume> {
    const directory = this.#options.paths.volume(pod.metadata.uid ?? "", imagePlugin, volume.name);
    return this.#inTurn(directory, () => this.#ensure(pod, volume, directory, signal));
  }

  async #ensure(pod: Pod, volume: Volume, directory: string, signal: AbortSignal): Promise<ImageVolume> {
    signal.throwIfAborted();
    const { mounts, provider, images } = this.#options;
    const { name = "", namespace = "", uid = "" } = pod.metadata;
    const holder: ImageHolder = { pod: { name, namespace, uid }, volume: volume.name };
    // The directory comes first: it is what the end of the pod goes by.
    await mkdir(directory, { recursive: true, mode: 0o750 });
    if (await isMountPoint(mounts, directory)) {
      const known = await images.holding(holder, signal);
      if (known) return { directory, imageRef: known.imageRef };
      await mounts.unmount(directory, signal);
    }
    const { reference = "", pullPolicy } = volume.image ?? {};
    const wanted = { image: reference, ...(pullPolicy ? { imagePullPolicy: pullPolicy } : {}) };
    const image = await provider.ensure(pod, wanted, undefined, signal);
    const layers = await images.hold(image.id, holder, signal);
    await mounts.mountLayers(layers.directory, layers.layers, directory, signal);
    return { directory, imageRef: layers.imageRef };
  }

  /** Containers of the pod that start at the same time want the same volume. */
  async #inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(key) ?? Promise.resolve()).then(work);
    const settled = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#turns.set(key, settled);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(key) === settled) this.#turns.delete(key);
    }
  }
}
