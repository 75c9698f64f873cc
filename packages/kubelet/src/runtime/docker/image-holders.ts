import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ImageInspectInfo } from "dockerode";
import { labels } from "../labels.ts";
import type { HeldImage, ImageHolder, ImageLayers } from "../image-service.ts";
import { RuntimeError, isNotFound } from "../runtime-error.ts";
import { createNamed, removeForced } from "./create-named.ts";
import { labelFilters, packLabels } from "./docker-labels.ts";
import type { DockerEngine } from "./engine.ts";
import { realNames } from "./image-names.ts";

const volumeLabel = "io.kubernetes.volume.name";
/** Never runs; images without a command need one all the same. */
const noCommand = ["none"];
const layerDriver = "overlay2";

/** Images that volumes of pods use: a container that is never started keeps the engine from removing each. */
export class ImageHolders {
  readonly #engine: DockerEngine;

  constructor(engine: DockerEngine) {
    this.#engine = engine;
  }

  async hold(imageId: string, holder: ImageHolder, signal: AbortSignal): Promise<ImageLayers> {
    const image = await this.#engine.call((docker) => docker.getImage(imageId).inspect(), signal);
    const layers = await imageLayers(image);
    const former = await this.#find(holder, signal);
    if (former?.imageId === image.Id) return { ...held(image), ...layers };
    if (former) await removeForced(this.#engine, former.id, signal);
    const { name, namespace, uid } = holder.pod;
    const own = { [labels.podName]: name, [labels.podNamespace]: namespace, [labels.podUid]: uid };
    await createNamed(
      this.#engine,
      {
        name: nameOf(holder),
        Image: image.Id,
        Entrypoint: noCommand,
        Labels: packLabels("imagevolume", own, {}, { [volumeLabel]: holder.volume }),
        HostConfig: { NetworkMode: "none" },
      },
      signal,
    );
    return { ...held(image), ...layers };
  }

  async holding(holder: ImageHolder, signal: AbortSignal): Promise<HeldImage | undefined> {
    const found = await this.#find(holder, signal);
    if (!found) return undefined;
    return held(await this.#engine.call((docker) => docker.getImage(found.imageId).inspect(), signal));
  }

  async release(podUid: string, signal: AbortSignal): Promise<void> {
    for (const { id } of await this.#list({ [labels.podUid]: podUid }, signal)) {
      await removeForced(this.#engine, id, signal);
    }
  }

  async held(signal: AbortSignal): Promise<ReadonlySet<string>> {
    return new Set((await this.#list({}, signal)).map(({ imageId }) => imageId));
  }

  async #list(selector: Readonly<Record<string, string>>, signal: AbortSignal) {
    const filters = { label: labelFilters("imagevolume", selector) };
    const found = await this.#engine.call(
      (docker, abortSignal) => docker.listContainers({ all: true, filters, abortSignal }),
      signal,
    );
    return found.map(({ Id: id, ImageID: imageId }) => ({ id, imageId }));
  }

  async #find(holder: ImageHolder, signal: AbortSignal) {
    try {
      const found = await this.#engine.call(
        (docker, abortSignal) => docker.getContainer(nameOf(holder)).inspect({ abortSignal }),
        signal,
      );
      return { id: found.Id, imageId: found.Image };
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

function nameOf({ pod, volume }: ImageHolder): string {
  return ["k8s-volume", volume, pod.uid].join("_");
}

function held(image: ImageInspectInfo): HeldImage {
  return { imageId: image.Id, imageRef: realNames(image.RepoDigests)[0] ?? image.Id };
}

/**
 * The directories of the image's layers by their short names: the kernel takes no more than a page of options, and an
 * image may have more than a hundred layers.
 */
async function imageLayers({ GraphDriver: driver }: ImageInspectInfo): Promise<Omit<ImageLayers, keyof HeldImage>> {
  const data = (driver?.Data ?? {}) as { readonly UpperDir?: string; readonly LowerDir?: string };
  if (driver?.Name !== layerDriver || !data.UpperDir) {
    const text = `image volumes need the storage driver ${layerDriver}; the engine has ${driver?.Name ?? "another"}`;
    throw new RuntimeError("Unsupported", text);
  }
  const directories = [data.UpperDir, ...(data.LowerDir ?? "").split(":").filter((path) => path !== "")];
  const layers = await Promise.all(
    directories.map(async (directory) => {
      const home = dirname(directory);
      const link = (await readFile(join(home, "link"), "utf8").catch(() => "")).trim();
      return link === "" ? join(basename(home), basename(directory)) : join("l", link);
    }),
  );
  return { directory: dirname(dirname(data.UpperDir)), layers };
}
