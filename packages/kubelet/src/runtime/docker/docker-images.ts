import { statfs } from "node:fs/promises";
import type { Readable } from "node:stream";
import type { Clock } from "@kube-ts/std/clock";
import { formatImageReference, isImageId, parseImageReference } from "../image-reference.ts";
import type {
  FilesystemInfo,
  ImageHolder,
  ImageService,
  PullOptions,
  RegistryAuth,
  RuntimeImage,
} from "../image-service.ts";
import { RuntimeError, isNotFound, runtimeErrorCode } from "../runtime-error.ts";
import type { DockerEngine } from "./engine.ts";
import type { EngineTraitsReader } from "./engine-traits.ts";
import { ImageHolders } from "./image-holders.ts";
import { isImageAskedFor, pullSource, realNames } from "./image-names.ts";
import { PullTracker, readJsonLines } from "./pull-progress.ts";

export interface DockerImagesOptions {
  readonly engine: DockerEngine;
  readonly traits: EngineTraitsReader;
  readonly clock: Clock;
  /** Never collected. */
  readonly pauseImage: string;
  /** A pull that reports nothing for so long is given up. */
  readonly progressTimeoutMs: number;
}

/** The images of a Docker Engine. */
export class DockerImages implements ImageService {
  readonly #options: DockerImagesOptions;

  readonly #holders: ImageHolders;

  constructor(options: DockerImagesOptions) {
    this.#options = options;
    this.#holders = new ImageHolders(options.engine);
  }

  hold(imageId: string, holder: ImageHolder, signal: AbortSignal) {
    return this.#holders.hold(imageId, holder, signal);
  }

  holding(holder: ImageHolder, signal: AbortSignal) {
    return this.#holders.holding(holder, signal);
  }

  release(podUid: string, signal: AbortSignal) {
    return this.#holders.release(podUid, signal);
  }

  held(signal: AbortSignal) {
    return this.#holders.held(signal);
  }

  async list(signal: AbortSignal): Promise<readonly RuntimeImage[]> {
    const images = await this.#options.engine.call((docker, abortSignal) => docker.listImages({ abortSignal }), signal);
    return images.map((image) => ({
      id: image.Id,
      repoTags: realNames(image.RepoTags),
      repoDigests: realNames(image.RepoDigests),
      sizeBytes: image.Size,
      uid: undefined,
      username: "",
      pinned: isImageAskedFor(image, this.#options.pauseImage),
    }));
  }

  async status(reference: string, signal: AbortSignal): Promise<RuntimeImage | undefined> {
    const name = isImageId(reference) ? reference : formatImageReference(parseImageReference(reference));
    const image = await this.#inspect(name, signal);
    if (!image || !isImageAskedFor(image, reference)) return undefined;
    const user = (image.Config?.User ?? "").split(":")[0] ?? "";
    const numeric = /^\d+$/.test(user);
    return {
      id: image.Id,
      repoTags: realNames(image.RepoTags),
      repoDigests: realNames(image.RepoDigests),
      sizeBytes: image.Size,
      uid: numeric ? Number(user) : undefined,
      username: numeric ? "" : user,
      pinned: isImageAskedFor(image, this.#options.pauseImage),
    };
  }

  async pull(reference: string, options: PullOptions, signal: AbortSignal): Promise<string> {
    const parsed = parseImageReference(reference);
    const idle = new AbortController();
    await this.#runPull(pullSource(parsed), options, idle, AbortSignal.any([signal, idle.signal])).catch((error) => {
      signal.throwIfAborted();
      throw asPullError(idle.signal.aborted ? idle.signal.reason : error);
    });
    const image = await this.status(reference, signal);
    if (!image) throw new RuntimeError("ErrImagePull", `image "${reference}" is not present after it was pulled`);
    return image.id;
  }

  async remove(reference: string, signal: AbortSignal): Promise<void> {
    const { engine } = this.#options;
    const image = await this.#inspect(reference, signal);
    if (!image || !isImageAskedFor(image, reference)) return;
    // The engine refuses to remove an image by id while several names point to it.
    for (const name of [...realNames(image.RepoTags), image.Id]) {
      try {
        await engine.call((docker, abortSignal) => docker.getImage(name).remove({ abortSignal }), signal);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
  }

  async fsInfo(signal: AbortSignal): Promise<FilesystemInfo> {
    const { rootDirectory } = await this.#options.traits.read(signal);
    const [stats, images] = await Promise.all([statfs(rootDirectory), this.list(signal)]);
    const capacityBytes = stats.blocks * stats.bsize;
    const filledBytes = (stats.blocks - stats.bfree) * stats.bsize;
    return {
      mountpoint: rootDirectory,
      timestampMs: this.#options.clock.now(),
      capacityBytes,
      availableBytes: stats.bavail * stats.bsize,
      // Layers that images share are counted for each: an upper bound, kept below what is really filled.
      usedBytes: Math.min(
        filledBytes,
        images.reduce((sum, image) => sum + image.sizeBytes, 0),
      ),
      inodesTotal: stats.files,
      inodesFree: stats.ffree,
    };
  }

  async #runPull(
    source: { readonly fromImage: string; readonly tag: string },
    options: PullOptions,
    idle: AbortController,
    signal: AbortSignal,
  ): Promise<void> {
    const { engine, clock, progressTimeoutMs } = this.#options;
    const arm = () =>
      clock.setTimer(progressTimeoutMs, () =>
        idle.abort(
          new RuntimeError("ErrImagePull", `image pull made no progress for ${Math.round(progressTimeoutMs / 1000)}s`),
        ),
      );
    let timer = arm();
    try {
      const auth = options.auth === undefined ? {} : { authconfig: engineAuth(options.auth) };
      const stream = (await engine.stream(
        (docker, abortSignal) => docker.createImage({ ...source, ...auth, abortSignal }),
        signal,
      )) as Readable;
      const onAbort = () => stream.destroy(signal.reason as Error);
      signal.addEventListener("abort", onAbort, { once: true });
      const tracker = new PullTracker();
      for await (const message of readJsonLines(stream)) {
        timer[Symbol.dispose]();
        timer = arm();
        options.onProgress?.(tracker.note(message as object));
      }
      signal.removeEventListener("abort", onAbort);
      signal.throwIfAborted();
    } finally {
      timer[Symbol.dispose]();
    }
  }

  async #inspect(name: string, signal: AbortSignal) {
    try {
      return await this.#options.engine.call((docker) => docker.getImage(name).inspect(), signal);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

function engineAuth(auth: RegistryAuth): Record<string, string> {
  const { username, password, identityToken, registryToken, serverAddress } = auth;
  const fields = { username, password, auth: auth.auth, identitytoken: identityToken, registrytoken: registryToken };
  const all: Record<string, string | undefined> = { ...fields, serveraddress: serverAddress };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Whatever the engine failed with, a failed pull is one; only an unreachable engine is told apart. */
function asPullError(error: unknown): RuntimeError {
  const code = runtimeErrorCode(error);
  const message = error instanceof Error ? error.message : String(error);
  if (code === "Unavailable" || code === "RegistryUnavailable" || code === "ErrImagePull") return error as RuntimeError;
  return new RuntimeError("ErrImagePull", message, { cause: error });
}
