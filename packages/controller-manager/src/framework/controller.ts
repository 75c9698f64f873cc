import type { Client } from "@kube-ts/client/client";
import type { EventRecorder } from "@kube-ts/client/event-recorder";
import type { InformerSource } from "@kube-ts/client/informer";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { Registry } from "@kube-ts/std/metrics";
import type { Random } from "@kube-ts/std/random";
import type { ControllerManagerConfig } from "../config/controller-manager-config.ts";
import type { RateFactors } from "./request-rate.ts";

/** What every controller works with. */
export interface ControllerContext {
  /** Shared by all controllers; started once all of them have subscribed. Read-only. */
  readonly informers: InformerSource;
  /** Writes with this controller's own credentials. */
  readonly client: Client;
  /** Reports under this controller's own name. */
  readonly events: EventRecorder;
  readonly config: ControllerManagerConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly metrics: Registry;
}

/** A control loop: it watches the state of the cluster and moves it towards what is wanted. */
export interface Controller {
  /** Resolves when the signal has aborted and all work has ended. Its informers are synced when it is called. */
  run(signal: AbortSignal): Promise<void>;
}

/** One entry of the list of controllers. */
export interface ControllerDefinition {
  /** Upstream's name, as in `--controllers` and in logs: `deployment-controller`. */
  readonly name: string;
  /**
   * Upstream's service account, in kube-system, whose rights it needs: `deployment-controller`. Undefined for one
   * that works with the daemon's own rights.
   */
  readonly serviceAccount: string | undefined;
  /** How many requests it may make; the daemon's usual rate where this is left out. */
  readonly rateFactors?: RateFactors;
  /** Whether it runs only where `--controllers` names it: `*` does not mean it. */
  readonly offByDefault?: true;
  /** Subscribes to what it needs; starts nothing. */
  create(context: ControllerContext): Controller;
}
