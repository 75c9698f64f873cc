import type { PodStatus } from "@kube-ts/api/core/v1";
import type { ProbeResults } from "../probes/probe-results.ts";
import type { PodOutcome, WaitingReason } from "../status/status-view.ts";
import type { CrashBackoff, CrashBackoffPolicy } from "./crash-backoff.ts";
import type { ResourcePolicy } from "./linux-resources.ts";
import type { ResizeRefusal } from "./resize.ts";
import type { PodAction } from "./pod-action.ts";

/** The pod is to end; once set it stays, and its deadline only comes nearer. */
export interface Termination {
  readonly graceSeconds: number;
  /** When the last app container is killed at the latest. */
  readonly deadlineMs: number;
  /** Given when the pod did not end by itself and was not deleted. */
  readonly outcome?: PodOutcome;
}

/** What is remembered of a container between its instances. */
export interface ContainerMemory {
  /** Why the last try to start it failed; kept until a start succeeds. */
  readonly startFailure?: WaitingReason;
  readonly backoff?: CrashBackoff;
  /** The instance that was stopped in order to start a new one, whatever its exit code. */
  readonly replaced?: {
    readonly containerId: string;
    readonly atOnce: boolean;
    /** The new one is to have other resources. */
    readonly resize?: boolean;
  };
}

/** What a pod worker knows besides the spec and what the runtime shows. */
export interface PodWork {
  /** Set when this node refused the pod: nothing of it is ever started. */
  readonly rejection: WaitingReason | undefined;
  readonly termination: Termination | undefined;
  /** The pod's source (API or file) no longer has it. */
  readonly removed: boolean;
  /** The final delete was accepted by the API server. */
  readonly deleteAccepted: boolean;
  /** The pod comes from a file: the API holds only its mirror. */
  readonly static: boolean;
  /** Whether cgroup, directories and volumes are there and up to date. */
  readonly prepared: "no" | "stale" | "yes";
  /** Volumes, directories and cgroup are gone. */
  readonly tornDown: boolean;
  /** Sandboxes whose network was taken down. */
  readonly stoppedSandboxes: ReadonlySet<string>;
  /** Why pods with a network of their own cannot be started now. */
  readonly networkProblem: string | undefined;
  readonly containers: ReadonlyMap<string, ContainerMemory>;
  readonly inFlight: ReadonlyMap<string, PodAction>;
  /** When an action that failed may be tried again, by its key. */
  readonly retryAtMs: ReadonlyMap<string, number>;
  readonly probes: ProbeResults;
  /** The status before: the last one computed, or else the stored one. */
  readonly lastStatus: PodStatus;
  readonly hostIps: readonly string[];
  readonly runtimeName: string;
  readonly crashBackoff: CrashBackoffPolicy;
  readonly resourcePolicy: ResourcePolicy;
  /** Why the pod keeps the resources that it has although it asks for others. */
  readonly resizeRefusal: ResizeRefusal | undefined;
  /** Why the last try to give it other resources failed; undefined when it did not. */
  readonly resizeFailure: string | undefined;
}

/** What to do now. */
export interface PodPlan {
  /** Everything that shall run: what runs and is not listed is to be cancelled. */
  readonly actions: readonly PodAction[];
  readonly status: PodStatus;
  /** How long until the plan changes by itself; undefined for never. */
  readonly wakeAfterMs: number | undefined;
  readonly termination: Termination | undefined;
  /** Containers held back after a crash: name and the instance that crashed. */
  readonly crashing: ReadonlyMap<string, string>;
  /** Nothing of the pod is left here and nobody asks for it: the worker can end. */
  readonly finished: boolean;
}
