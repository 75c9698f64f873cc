/** In place of a unit's name, for a process of a pod. */
export const ofPod = "a pod";

/** What is looked at before anything is changed. Whatever cannot be found out is undefined. */
export interface MachineFacts {
  readonly isRoot: boolean;
  readonly hasSystemd: boolean;
  readonly hostName: string;
  readonly addresses: readonly string[];
  /** Versions of the packages of this project that are installed, by name. */
  readonly packages: ReadonlyMap<string, string>;
  /** TCP ports on which somebody listens, with the unit of the listener where one is known. */
  readonly listeners: ReadonlyMap<number, string | undefined>;
  readonly hasSwap: boolean;
  /** Values by dotted name. */
  readonly sysctls: ReadonlyMap<string, string>;
  /** Whether the overlay file system can be mounted. */
  readonly hasOverlay: boolean;
  /** Whether packet filter rules can be listed. */
  readonly hasPacketFilter: boolean;
  /** Whether systemd says that the clock follows a time server. */
  readonly clockIsSynchronized: boolean | undefined;
  readonly programs: ReadonlySet<string>;
  readonly freeBytes: number | undefined;
}
