import type { ListMeta, ObjectMeta, TypeMeta } from "../meta/v1/object-meta.ts";
import type { Int32, MicroTime } from "../meta/v1/primitives.ts";

/** How the next leader of a coordinated lease is chosen; OldestEmulationVersion is the built-in value. */
export type CoordinatedLeaseStrategy = "OldestEmulationVersion";

/**
 * Lock and heartbeat record, used for leader election and for node heartbeats.
 * @kind
 */
export interface Lease extends TypeMeta {
  /**
   * Standard object metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ObjectMeta;
  /**
   * Holder and timing of the lease.
   * @proto 2
   * @alwaysPresent
   */
  spec: LeaseSpec;
}

/**
 * List of Lease objects.
 * @kind
 */
export interface LeaseList extends TypeMeta {
  /**
   * Standard list metadata.
   * @proto 1
   * @alwaysPresent
   */
  metadata: ListMeta;
  /**
   * Lease objects in the list.
   * @proto 2
   */
  items: Lease[];
}

/** Holder and timing of a lease. */
export interface LeaseSpec {
  /**
   * Identity of the current holder.
   * @proto 1
   */
  holderIdentity?: string;
  /**
   * Seconds, counted from the last renewal, that candidates must wait before they may take over the lease.
   * @proto 2
   */
  leaseDurationSeconds?: Int32;
  /**
   * Time at which the current lease was acquired.
   * @proto 3
   */
  acquireTime?: MicroTime;
  /**
   * Time at which the holder last renewed the lease.
   * @proto 4
   */
  renewTime?: MicroTime;
  /**
   * Number of times the lease has passed between holders.
   * @proto 5
   */
  leaseTransitions?: Int32;
  /**
   * How the leader is picked for coordinated leader election. Requires the CoordinatedLeaderElection
   * feature gate.
   * @proto 6
   */
  strategy?: CoordinatedLeaseStrategy;
  /**
   * Tells the current holder that a better candidate exists and it should give up the lease. Can be set
   * only when strategy is set; requires the CoordinatedLeaderElection feature gate.
   * @proto 7
   */
  preferredHolder?: string;
}
