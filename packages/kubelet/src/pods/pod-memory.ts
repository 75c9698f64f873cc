import type { PodStatus } from "@kube-ts/api/core/v1";
import type { PodOutcome, WaitingReason } from "../status/status-view.ts";
import type { ObservedPod } from "./observed-pod.ts";
import { type PodAction, type StartContainer, actionKey } from "./pod-action.ts";
import type { Prepared } from "./pod-executor.ts";
import type { ContainerMemory, PodPlan, PodWork, Termination } from "./pod-work.ts";
import { StartError } from "./start-error.ts";

type Circumstances = Pick<
  PodWork,
  | "inFlight"
  | "probes"
  | "crashBackoff"
  | "runtimeName"
  | "resourcePolicy"
  | "resizeRefusal"
  | "hostIps"
  | "networkProblem"
>;

/** What a pod worker remembers between plans. All of it may be lost: the next worker finds it out anew. */
export class PodMemory {
  readonly static: boolean;
  removed: boolean;
  rejection: WaitingReason | undefined;
  /** The instances whose preStop hook was begun. */
  readonly hooked = new Set<string>();
  directories: ReadonlyMap<string, string> = new Map();
  #status: PodStatus;
  #termination: Termination | undefined;
  #deleteAccepted = false;
  #prepared: PodWork["prepared"] = "no";
  /** Counts what made the volumes stale, so that a change during a refresh is not lost. */
  #spoils = 0;
  #spoilsAtBegin = 0;
  #refreshAtMs = Number.POSITIVE_INFINITY;
  #tornDown = false;
  readonly #stoppedSandboxes = new Set<string>();
  readonly #containers = new Map<string, ContainerMemory>();
  readonly #retryAtMs = new Map<string, number>();
  readonly #failures = new Map<string, number>();
  readonly #crashes = new Set<string>();
  /** Why limits could not be changed, by the instance's id. */
  readonly #resizeFailures = new Map<string, string>();

  constructor(status: PodStatus, isStatic: boolean, removed: boolean) {
    this.#status = status;
    this.static = isStatic;
    this.removed = removed;
  }

  get status(): PodStatus {
    return this.#status;
  }

  get termination(): Termination | undefined {
    return this.#termination;
  }

  work(circumstances: Circumstances): PodWork {
    return {
      ...circumstances,
      rejection: this.rejection,
      termination: this.#termination,
      removed: this.removed,
      deleteAccepted: this.#deleteAccepted,
      static: this.static,
      prepared: this.#prepared,
      tornDown: this.#tornDown,
      stoppedSandboxes: this.#stoppedSandboxes,
      containers: this.#containers,
      retryAtMs: this.#retryAtMs,
      lastStatus: this.#status,
      resizeFailure: this.#resizeFailures.values().next().value,
    };
  }

  take({ status, termination }: PodPlan): void {
    this.#status = status;
    this.#termination = termination;
  }

  /** Does nothing to a pod that ends already. */
  evict(outcome: PodOutcome, graceSeconds: number, nowMs: number): void {
    this.#termination ??= { graceSeconds, deadlineMs: nowMs + graceSeconds * 1000, outcome };
  }

  /** Forgets what concerns instances that are gone. */
  prune({ containers, sandboxes }: ObservedPod): void {
    const present = new Set([...containers, ...sandboxes].map(({ id }) => id));
    for (const ids of [this.hooked, this.#crashes, this.#stoppedSandboxes]) {
      for (const id of ids) if (!present.has(id)) ids.delete(id);
    }
    for (const id of this.#resizeFailures.keys()) if (!present.has(id)) this.#resizeFailures.delete(id);
  }

  /** Volumes may be out of date; what failed, perhaps for the same reason, need not wait. */
  spoil(): void {
    this.#spoils += 1;
    if (this.#prepared === "yes") this.#prepared = "stale";
    this.#retryAtMs.clear();
  }

  age(nowMs: number): void {
    if (nowMs < this.#refreshAtMs) return;
    this.#refreshAtMs = Number.POSITIVE_INFINITY;
    if (this.#prepared === "yes") this.#prepared = "stale";
  }

  refreshAfterMs(nowMs: number): number | undefined {
    return Number.isFinite(this.#refreshAtMs) ? Math.max(0, this.#refreshAtMs - nowMs) : undefined;
  }

  failuresOf(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  /** True once for each instance that crashed. */
  firstCrashOf(containerId: string): boolean {
    if (this.#crashes.has(containerId)) return false;
    this.#crashes.add(containerId);
    return true;
  }

  begin(action: PodAction): void {
    if (action.type === "prepare") this.#spoilsAtBegin = this.#spoils;
    if (action.type === "stopContainer" && action.restart !== "byPolicy") {
      const replaced = {
        containerId: action.containerId,
        atOnce: action.restart === "atOnce",
        ...(action.reason.code === "Resize" ? { resize: true } : {}),
      };
      this.#remember(action.name, { replaced });
    }
  }

  /** The instance runs; its hook may still be going. */
  started({ name, backoff }: StartContainer): void {
    const { startFailure, replaced } = this.#containers.get(name) ?? {};
    this.#containers.set(name, {
      ...(startFailure ? { startFailure } : {}),
      ...(replaced ? { replaced } : {}),
      ...(backoff ? { backoff } : {}),
    });
  }

  succeed(action: PodAction, prepared: Prepared | undefined): void {
    this.#forgetFailure(actionKey(action));
    switch (action.type) {
      case "prepare":
        this.#prepared = this.#spoils === this.#spoilsAtBegin ? "yes" : "stale";
        this.#tornDown = false;
        this.directories = prepared?.directories ?? new Map();
        this.#refreshAtMs = prepared?.refreshAtMs ?? Number.POSITIVE_INFINITY;
        break;
      case "stopSandbox":
        this.#stoppedSandboxes.add(action.sandboxId);
        break;
      case "startContainer": {
        const { backoff } = this.#containers.get(action.name) ?? {};
        this.#containers.set(action.name, backoff ? { backoff } : {});
        break;
      }
      case "resizeContainer":
        this.#resizeFailures.delete(action.containerId);
        break;
      case "tearDown":
        this.#tornDown = true;
        this.#prepared = "no";
        break;
      case "deletePod":
        this.#deleteAccepted = true;
        break;
      default:
    }
  }

  fail(action: PodAction, error: unknown, retryAtMs: number): void {
    const key = actionKey(action);
    this.#failures.set(key, this.failuresOf(key) + 1);
    this.#retryAtMs.set(key, retryAtMs);
    const message = error instanceof Error ? error.message : String(error);
    if (action.type === "resizeContainer") this.#resizeFailures.set(action.containerId, message);
    if (action.type !== "startContainer") return;
    const reason = error instanceof StartError ? error.reason : "CreateContainerError";
    // There is an instance, which ended as soon as it was started: its restarts are held back like those of a crash.
    if (reason === "RunContainerError") this.started(action);
    this.#remember(action.name, { startFailure: { reason, message } });
  }

  #remember(name: string, more: ContainerMemory): void {
    this.#containers.set(name, { ...this.#containers.get(name), ...more });
  }

  #forgetFailure(key: string): void {
    this.#failures.delete(key);
    this.#retryAtMs.delete(key);
  }
}
