import type { Endpoints } from "@kube-ts/api/core/v1";
import type { Store } from "../storage/store.ts";

const leaseSeconds = 15;
const pageSize = 500;
const maxAttempts = 5;

/**
 * Which API servers are alive: each keeps a key under `masterleases` that vanishes when it is not renewed, at the
 * place and in the form upstream's servers use.
 */
export class MasterLeases {
  readonly #store: Store;
  readonly #prefix: string;

  /** `storagePrefix` is what all keys of the cluster begin with, such as `/registry`. */
  constructor(store: Store, storagePrefix: string) {
    this.#store = store;
    this.#prefix = `${storagePrefix}/masterleases/`;
  }

  /** Renews the lease of the server with this address for fifteen seconds. */
  async renew(address: string, signal: AbortSignal): Promise<void> {
    const key = this.#prefix + address;
    let { value } = await this.#store.get(key, signal);
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const bytes = encodeLease(address, (value ? generationOf(value.bytes) : 0) + 1);
      const options = { ttlSeconds: leaseSeconds };
      const outcome = value
        ? await this.#store.update(key, bytes, value.revision, signal, options)
        : await this.#store.create(key, bytes, signal, options);
      if (outcome.done) return;
      value = outcome.current;
    }
    throw new Error("another process keeps changing the lease of this server");
  }

  /** The addresses of all servers that are alive, sorted. */
  async addresses(signal: AbortSignal): Promise<string[]> {
    const page = await this.#store.list({ prefix: this.#prefix, limit: pageSize }, signal);
    return page.values.map(({ key }) => key.slice(this.#prefix.length)).sort();
  }

  async remove(address: string, signal: AbortSignal): Promise<void> {
    const key = this.#prefix + address;
    const { value } = await this.#store.get(key, signal);
    if (value) await this.#store.delete(key, value.revision, signal);
  }
}

function encodeLease(address: string, generation: number): Buffer {
  const lease: Endpoints = {
    kind: "Endpoints",
    apiVersion: "v1",
    metadata: { generation },
    subsets: [{ addresses: [{ ip: address }] }],
  };
  return Buffer.from(JSON.stringify(lease));
}

/** The generation only has to change; a lease that cannot be read starts anew. */
function generationOf(bytes: Buffer): number {
  try {
    const lease = JSON.parse(bytes.toString("utf8")) as Partial<Endpoints> | null;
    return lease?.metadata?.generation ?? 0;
  } catch (error) {
    if (error instanceof SyntaxError) return 0;
    throw error;
  }
}
