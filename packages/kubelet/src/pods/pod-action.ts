import type { LinuxResources } from "../runtime/config.ts";
import type { CrashBackoff } from "./crash-backoff.ts";

/** Why a container is stopped; the message is what the Killing event says. */
export interface StopReason {
  readonly code:
    | "PodEnds"
    | "SandboxChanged"
    | "RestartAll"
    | "SpecChanged"
    | "Resize"
    | "LivenessProbe"
    | "StartupProbe"
    | "UnknownState";
  readonly message: string;
}

/** One step towards what the pod shall be. Steps of different keys run side by side. */
export type PodAction =
  | { readonly type: "prepare" }
  | { readonly type: "createSandbox"; readonly attempt: number }
  | { readonly type: "stopSandbox"; readonly sandboxId: string; readonly replaced: boolean }
  | { readonly type: "removeSandbox"; readonly sandboxId: string }
  | StartContainer
  | StopContainer
  | { readonly type: "removeContainer"; readonly name: string; readonly containerId: string }
  | ResizeContainer
  | { readonly type: "tearDown" }
  | { readonly type: "deletePod" };

export interface ResizeContainer {
  readonly type: "resizeContainer";
  readonly name: string;
  readonly containerId: string;
  readonly resources: LinuxResources;
}

export interface StartContainer {
  readonly type: "startContainer";
  readonly name: string;
  readonly sandboxId: string;
  /** The restart count of the new instance. */
  readonly attempt: number;
  /** What to remember once the instance runs; absent when it does not count as a crash. */
  readonly backoff?: CrashBackoff;
}

/** What follows the stop: what the exit code and the policy say, or a restart with or without the crash back-off. */
export type RestartAfterStop = "byPolicy" | "backedOff" | "atOnce";

export interface StopContainer {
  readonly type: "stopContainer";
  readonly name: string;
  readonly containerId: string;
  /** When the process is killed if it has not ended; covers the preStop hook too. */
  readonly deadlineMs: number;
  readonly reason: StopReason;
  readonly restart: RestartAfterStop;
}

/** Actions of one key exclude each other in time. */
export function actionKey(action: PodAction): string {
  switch (action.type) {
    case "prepare":
    case "tearDown":
      return "volumes";
    case "createSandbox":
      return "sandbox";
    case "stopSandbox":
    case "removeSandbox":
      return `sandbox/${action.sandboxId}`;
    case "startContainer":
      return `start/${action.name}`;
    case "stopContainer":
    case "removeContainer":
    case "resizeContainer":
      return `container/${action.containerId}`;
    case "deletePod":
      return "delete";
  }
}

/** Whether an action that runs already does what is wanted, so that it is left alone. */
export function serves(running: PodAction, wanted: PodAction): boolean {
  switch (wanted.type) {
    case "createSandbox":
      return running.type === "createSandbox";
    case "startContainer":
      return running.type === "startContainer" && running.sandboxId === wanted.sandboxId;
    case "stopContainer":
      return running.type === "stopContainer" && running.deadlineMs <= wanted.deadlineMs;
    default:
      return running.type === wanted.type;
  }
}
