import type { FilesystemInfo, ImageService, RuntimeImage } from "../runtime/image-service.ts";
import { RuntimeError } from "../runtime/runtime-error.ts";

/** Images in memory: every reference can be pulled unless it is listed as missing. */
export class MemoryImages implements ImageService {
  /** References that no registry has. */
  readonly missing = new Set<string>();
  readonly pulls: string[] = [];
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
    this.#present.delete(reference);
  }

  async fsInfo(): Promise<FilesystemInfo> {
    const size = { capacityBytes: 1e11, availableBytes: 9e10, usedBytes: 1e10, inodesTotal: 1e7, inodesFree: 9e6 };
    return { mountpoint: "/", timestampMs: 0, ...size };
  }
}
