import { existsSync } from "node:fs";
import { isAlreadyExists, isConflict } from "@kube-ts/api/status-error";
import { isTransportError } from "@kube-ts/client/transport-error";
import type { Client } from "@kube-ts/client/client";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { LeaseElector } from "@kube-ts/client/lease-elector";
import { createClient } from "@kube-ts/client/rest-client";
import type { Clock } from "@kube-ts/std/clock";
import { hasRole } from "../cluster/cluster-view.ts";
import type { OwnMachine } from "./own-machine.ts";
import { adminKubeconfig } from "./places.ts";

const lease = { namespace: "kube-system", name: "kube-ts-restarts" } as const;
/** Longer than one machine's restarts take: whoever has the turn does not renew it. */
const leaseDurationMs = 15 * 60_000;
const waitMs = 30 * 60_000;
const pollMs = 2_000;
const releaseMs = 10_000;

export interface TurnOptions {
  readonly clock: Clock;
  /** Tells whom is waited for, and why a turn cannot be taken. */
  warn(text: string): void;
}

/**
 * Does what restarts daemons of this machine while no other machine of the control plane does the like. A worker's daemons
 * are nobody else's business, and a machine that starts its cluster is alone.
 */
export async function inOwnTurn<T>(
  { machine }: OwnMachine,
  options: TurnOptions,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  if (!hasRole(machine, "control-plane") || !existsSync(adminKubeconfig)) return work();
  const open = async () =>
    createClient(await clientConfigFromFile(adminKubeconfig), {
      userAgent: "kube-ts-restarts",
      requestTimeoutMs: 10_000,
    });
  return inTurn(open, machine.name, options, signal, work);
}

/**
 * Does the work while no other machine of the cluster does the like, so that never two of them restart their daemons at
 * the same time. Where no API server answers there is nobody to ask: the work may be what brings them back. `open` is
 * asked for a client before and after: credentials may be others then.
 */
export async function inTurn<T>(
  open: () => Promise<Client>,
  identity: string,
  { clock, warn }: TurnOptions,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const elect = async <R>(use: (elector: LeaseElector) => Promise<R>): Promise<R> => {
    await using client = await open();
    return await use(new LeaseElector({ client, ...lease, identity, leaseDurationMs, clock }));
  };
  const isTaken = await elect((elector) => takeTurn(elector, { clock, warn }, signal)).catch((error: unknown) => {
    if (!isTransportError(error)) throw error;
    warn(`no API server answers, so that no turn is taken: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  });
  try {
    return await work();
  } finally {
    // Its end frees it, too.
    if (isTaken) await elect((elector) => giveBack(elector)).catch(() => undefined);
  }
}

async function takeTurn(elector: LeaseElector, { clock, warn }: TurnOptions, signal: AbortSignal): Promise<boolean> {
  const deadlineMs = clock.monotonicMs() + waitMs;
  let told = "";
  while (!(await tryOnce(elector, signal))) {
    const { holder } = elector;
    if (clock.monotonicMs() > deadlineMs) {
      throw new Error(`${holder} has had its turn to restart daemons for longer than ${waitMs / 60_000} minutes`);
    }
    if (holder !== "" && holder !== told) {
      warn(`waiting: ${holder} has its turn to restart daemons (the Lease ${lease.namespace}/${lease.name})`);
      told = holder;
    }
    await clock.sleep(pollMs, signal);
  }
  return true;
}

/** Another machine that writes at the same moment has the turn. */
async function tryOnce(elector: LeaseElector, signal: AbortSignal): Promise<boolean> {
  return elector.tryAcquireOrRenew(signal).catch((error: unknown) => {
    if (isConflict(error) || isAlreadyExists(error)) return false;
    throw error;
  });
}

async function giveBack(elector: LeaseElector): Promise<void> {
  const signal = AbortSignal.timeout(releaseMs);
  if (await elector.tryAcquireOrRenew(signal)) await elector.release(signal);
}
