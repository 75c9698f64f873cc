import type { PortMapping } from "./config.ts";
import type { PodIdentity } from "./runtime.ts";

/** What the network needs to know of a sandbox that has just started. */
export interface NetworkRequest {
  readonly sandboxId: string;
  /** Path of the sandbox's network namespace. */
  readonly netnsPath: string;
  readonly pod: PodIdentity;
  readonly portMappings: readonly PortMapping[];
  readonly annotations: Readonly<Record<string, string>>;
}

/** Gives sandboxes their network. Remembers what it did across restarts. */
export interface PodNetwork {
  /** Whether pods can be given a network now. */
  status(signal: AbortSignal): Promise<{ readonly ready: boolean; readonly reason: string; readonly message: string }>;
  /** The sandbox's addresses, the primary first. On failure nothing is left behind. Code NetworkFailed. */
  add(request: NetworkRequest, signal: AbortSignal): Promise<readonly string[]>;
  /** Gives back what `add` took; success when there is nothing. `netnsPath` is undefined once the namespace is gone. */
  remove(sandboxId: string, netnsPath: string | undefined, signal: AbortSignal): Promise<void>;
  /** What `add` answered; undefined when it did not finish or `remove` came after it. */
  addresses(sandboxId: string): Promise<readonly string[] | undefined>;
  /** The sandboxes that `add` was begun for and `remove` has not finished. */
  attached(): Promise<readonly string[]>;
  /** The node's pod address ranges, whenever they are known or change. */
  updatePodCidrs(podCidrs: readonly string[]): Promise<void>;
}
