import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import { endpointSlices, nodes } from "@kube-ts/api/resource-types";
import { isAlreadyExists, isNotFound } from "@kube-ts/api/status-error";
import type { Client } from "@kube-ts/client/client";
import { WorkQueue } from "@kube-ts/client/work-queue";
import { withTimeout } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import { errorFields } from "@kube-ts/std/log";
import type { Logger } from "@kube-ts/std/log";
import { dnsService, isCurrent, ownSliceNames, ownSlices } from "./own-slice.ts";
import type { OwnSlice, Presence } from "./own-slice.ts";

export interface RegistrationParts {
  readonly client: Client;
  readonly nodeName: string;
  /** Where this server answers now. */
  presence(): Presence;
  /** The slices of the DNS Service, as the informer knows them. */
  slices(): readonly EndpointSlice[];
  readonly clock: Clock;
  readonly log: Logger;
}

const all = "slices";
/** Changes of the cluster come in numbers; few of them concern these slices. */
const gatherMs = 1_000;
const retryMaxMs = 30_000;
/** So long the end of the server waits for the API server. */
const removalTimeoutMs = 5_000;

/** Keeps this server's own slices of the DNS Service: there while it answers, gone when it ends in order. */
export class SliceRegistration {
  readonly #parts: RegistrationParts;
  readonly #queue: WorkQueue<typeof all>;

  constructor(parts: RegistrationParts) {
    const { clock, log } = parts;
    this.#parts = parts;
    this.#queue = new WorkQueue({ name: "dns_registration", clock, log, retryBaseMs: 500, retryMaxMs });
  }

  /** Says that slices or addresses may have changed. */
  changed(): void {
    this.#queue.addAfter(all, gatherMs);
  }

  /** Registers, and keeps it so, until the signal aborts; then takes the slices away. Nothing here ends the server. */
  async run(signal: AbortSignal): Promise<void> {
    this.#queue.add(all);
    await this.#queue.run(signal, 1, (_key, inner) => this.#reconcile(inner));
    await this.#remove();
  }

  async #reconcile(signal: AbortSignal): Promise<void> {
    const { client, nodeName } = this.#parts;
    const existing = this.#own();
    const wanted = ownSlices(this.#parts.presence());
    for (const slice of wanted) {
      const found = existing.find(({ metadata }) => metadata.name === slice.name);
      if (!found || !isCurrent(found, slice)) await this.#write(slice, found, signal);
    }
    const stale = existing.filter(({ metadata }) => !wanted.some(({ name }) => name === metadata.name));
    for (const { metadata } of stale) await deleteSlice(client, metadata.name ?? nodeName, signal);
  }

  /** The Node owns the slice, so that it goes with the machine. */
  async #write(slice: OwnSlice, found: EndpointSlice | undefined, signal: AbortSignal): Promise<void> {
    const { client, nodeName, log } = this.#parts;
    const node = await client.resource(nodes).get({ name: nodeName }, { signal });
    const { name, labels, ...content } = slice;
    const owner = { apiVersion: "v1", kind: "Node", name: nodeName, uid: node.metadata.uid ?? "" };
    const metadata = { name, namespace: dnsService.namespace, labels, ownerReferences: [owner] };
    const slices = client.resource(endpointSlices);
    if (found) {
      const { resourceVersion } = found.metadata;
      await slices.update({ ...content, metadata: { ...metadata, resourceVersion } }, { signal });
    } else {
      await slices.create({ ...content, metadata }, { signal }).catch((error: unknown) => {
        // One that is not in the cache yet: when it comes, it is looked at.
        if (!isAlreadyExists(error)) throw error;
      });
    }
    log.info("registered with the DNS Service", { slice: name, addresses: slice.endpoints.length });
  }

  async #remove(): Promise<void> {
    const { client, nodeName, log } = this.#parts;
    const signal = withTimeout(new AbortController().signal, removalTimeoutMs);
    try {
      // By name, as the latest may not be in the cache yet.
      for (const name of ownSliceNames(nodeName)) await deleteSlice(client, name, signal);
    } catch (error) {
      log.warn("the DNS Service still names this server", { error: errorFields(error) });
    }
  }

  #own(): readonly EndpointSlice[] {
    const names = ownSliceNames(this.#parts.nodeName);
    return this.#parts.slices().filter(({ metadata }) => names.includes(metadata.name ?? ""));
  }
}

async function deleteSlice(client: Client, name: string, signal: AbortSignal): Promise<void> {
  const { namespace } = dnsService;
  await client
    .resource(endpointSlices)
    .delete({ namespace, name }, { signal })
    .catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
}
