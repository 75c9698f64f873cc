import type {
  FilesystemInfo,
  HeldImage,
  ImageHolder,
  ImageLayers,
  ImageService,
  RuntimeImage,
} from "../runtime/image-service.ts";
import { RuntimeError } from "../runtime/runtime-error.ts";

/** Images in memory: every reference can be pulled unless it is listed as missing. */
export class MemoryImages implements ImageService {
  /** References that no registry has. */
  readonly missing = new Set<string>();
  readonly pulls: string[] = [];
  readonly #held = new Map<string, HeldImage>();
  readonly #present = new Map<string, RuntimeImage>();

  async list(): Promise<readonly RuntimeImage[]> {
    return [...this.#present.values()];
  }

  async status(reference: string): Promise<RuntimeImage | undefined> {
    return this.#present.get(reference) ?? [...this.#present.values()].find((image) => image.id === reference);
  }

  async pull(reference: string): Promise<string> {
    this.pulls.push(reference);
    if (this.missing.has(reference)) throw new RuntimeError("ErrImagePull", `manifest for ${reference} not found`);
    const image: RuntimeImage = {
      id: `sha256:${reference}`,
      repoTags: [reference],
      repoDigests: [],
      sizeBytes: 1_000_000,
      uid: undefined,
      username: "",
      pinned: false,
    };
    this.#present.set(reference, image);
    return image.id;
  }

  async remove(reference: string): Promise<void> {
    for (const [name, { id }] of this.#present) if (name === reference || id === reference) this.#present.delete(name);
  }

  async hold(imageId: string, { pod, volume }: ImageHolder): Promise<ImageLayers> {
    const held = { imageId, imageRef: `${imageId.replace("sha256:", "")}@digest` };
    this.#held.set(`${pod.uid}/${volume}`, held);
    return { ...held, directory: "/layers", layers: ["l/b", "l/a"] };
  }

  async holding({ pod, volume }: ImageHolder): Promise<HeldImage | undefined> {
    return this.#held.get(`${pod.uid}/${volume}`);
  }

  async release(podUid: string): Promise<void> {
    for (const key of this.#held.keys()) if (key.startsWith(`${podUid}/`)) this.#held.delete(key);
  }

  async held(): Promise<ReadonlySet<string>> {
    return new Set([...this.#held.values()].map(({ imageId }) => imageId));
  }

  async fsInfo(): Promise<FilesystemInfo> {
    const size = { capacityBytes: 1e11, availableBytes: 9e10, usedBytes: 1e10, inodesTotal: 1e7, inodesFree: 9e6 };
    return { mountpoint: "/", timestampMs: 0, ...size };
  }
}
