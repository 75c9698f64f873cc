import type { Lease } from "@kube-ts/api/coordination/v1";
import type { Node } from "@kube-ts/api/core/v1";
import { formatMicroTime } from "@kube-ts/api/rfc3339";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { ResourceClient } from "@kube-ts/client/client";
import type { Clock } from "@kube-ts/std/clock";
import { withDeadline } from "@kube-ts/std/abort";
import { type Logger, errorFields } from "@kube-ts/std/log";

export const leaseNamespace = "kube-node-lease";
const renewShare = 0.25;
const retryMs = 2_000;
const maxTries = 5;

export interface NodeLeaseOptions {
  readonly leases: Pick<ResourceClient<Lease>, "get" | "create" | "update">;
  readonly nodeName: string;
  readonly durationSeconds: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** The node's object; undefined while it is not registered. */
  node(): Node | undefined;
}

/** Renews the lease by which the cluster knows that the node is alive. */
export class NodeLease {
  readonly #options: NodeLeaseOptions;
  #last: Lease | undefined;

  constructor(options: NodeLeaseOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, durationSeconds, log } = this.#options;
    const periodMs = durationSeconds * 1000 * renewShare;
    for (;;) {
      let waitMs = periodMs;
      try {
        using attempt = withDeadline(clock, signal, periodMs);
        await this.#renew(maxTries, attempt.signal);
      } catch (error) {
        if (signal.aborted) throw error;
        log.warn("node lease could not be renewed", { error: errorFields(error) });
        waitMs = Math.min(retryMs, periodMs);
      }
      await clock.sleep(waitMs, signal);
    }
  }

  async #renew(tries: number, signal: AbortSignal): Promise<void> {
    const { leases, nodeName } = this.#options;
    const known = this.#last ?? (await this.#get(signal));
    if (!known) {
      this.#last = await leases.create(
        this.#renewed({ metadata: { namespace: leaseNamespace, name: nodeName }, spec: {} }),
        { signal },
      );
      return;
    }
    try {
      this.#last = await leases.update(this.#renewed(known), { signal });
    } catch (error) {
      this.#last = undefined;
      // Somebody else wrote or deleted it: once more from what is stored.
      if (tries <= 1 || (!isConflict(error) && !isNotFound(error))) throw error;
      await this.#renew(tries - 1, signal);
    }
  }

  async #get(signal: AbortSignal): Promise<Lease | undefined> {
    const key = { namespace: leaseNamespace, name: this.#options.nodeName };
    return this.#options.leases.get(key, { signal }).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
  }

  #renewed(lease: Lease): Lease {
    const { nodeName, durationSeconds, clock, node } = this.#options;
    const owner = node();
    const owned = (lease.metadata.ownerReferences?.length ?? 0) > 0;
    return {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: {
        ...lease.metadata,
        ...(owner?.metadata.uid && !owned
          ? { ownerReferences: [{ apiVersion: "v1", kind: "Node", name: nodeName, uid: owner.metadata.uid }] }
          : {}),
      },
      spec: {
        ...lease.spec,
        holderIdentity: nodeName,
        leaseDurationSeconds: durationSeconds,
        renewTime: formatMicroTime(clock.now()),
      },
    };
  }
}
