import type { ConfigMap } from "@kube-ts/api/core/v1";
import { configMaps } from "@kube-ts/api/resource-types";
import { isNotFound } from "@kube-ts/api/status-error";
import type { Client } from "@kube-ts/client/client";

const updatedAnnotation = "cluster-autoscaler.kubernetes.io/last-updated";

/** Keeps the config map that tells how things are. */
export class StatusWriter {
  readonly #client: Client;
  readonly #key: { readonly namespace: string; readonly name: string };

  constructor(client: Client, namespace: string, name: string) {
    this.#client = client;
    this.#key = { namespace, name };
  }

  async write(status: string, nowMs: number, signal: AbortSignal): Promise<void> {
    const annotations = { [updatedAnnotation]: new Date(nowMs).toISOString() };
    const resource = this.#client.resource(configMaps);
    const patch = { metadata: { annotations }, data: { status } };
    try {
      await resource.patch(this.#key, "merge", patch, { signal });
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const created: ConfigMap = { metadata: { ...this.#key, annotations }, data: { status } };
      await resource.create(created, { signal });
    }
  }
}
