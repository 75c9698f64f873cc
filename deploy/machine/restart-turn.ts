import { existsSync } from "node:fs";
import { isAlreadyExists, isConflict } from "@kube-ts/api/status-error";
import type { Client } from "@kube-ts/client/client";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { LeaseElector } from "@kube-ts/client/lease-elector";
import { createClient } from "@kube-ts/client/rest-client";
import type { Clock } from "@kube-ts/std/clock";
import { hasRole, machinesWith } from "../cluster/cluster-view.ts";
import type { OwnMachine } from "./own-machine.ts";
import { adminKubeconfig } from "./places.ts";

const lease = { namespace: "kube-system", name: "kube-ts-restarts" } as const;
/** Longer than one machine's restarts take: whoever has the turn does not renew it. */
const leaseDurationMs = 15 * 60_000;
const waitMs = 30 * 60_000;
const pollMs = 2_000;
/** How long an API server is looked for that answers. */
const askMs = 10_000;
const releaseMs = 10_000;

export interface TurnOptions {
  readonly clock: Clock;
  /** Tells whom is waited for, and why a turn cannot be taken. */
  warn(text: string): void;
}

/**
 * Does what restarts daemons of this machine while no other machine of the control plane does the like: where there is
 * none, and on workers, at once.
 */
export async function inOwnTurn<T>(
  { config, machine }: OwnMachine,
  options: TurnOptions,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const hasOthers = hasRole(machine, "control-plane") && machinesWith(config, "control-plane").length > 1;
  if (!hasOthers || !existsSync(adminKubeconfig)) return work();
  const open = async () =>
    createClient(await clientConfigFromFile(adminKubeconfig), {
      userAgent: "kube-ts-restarts",
      requestTimeoutMs: askMs,
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
  const isTaken = await elect((elector) => takeTurn(elector, { clock, warn }, signal));
  try {
    return await work();
  } finally {
    // Its end frees it, too.
    if (isTaken) await elect((elector) => giveBack(elector)).catch(() => undefined);
  }
}

/** False where nobody can be asked. Once another machine is known to have the turn, it is waited for whatever happens. */
async function takeTurn(elector: LeaseElector, { clock, warn }: TurnOptions, signal: AbortSignal): Promise<boolean> {
  const startMs = clock.monotonicMs();
  let told = "";
  for (;;) {
    const asked = await tryOnce(elector, signal);
    if (asked === true) return true;
    const { holder } = elector;
    const waitedMs = clock.monotonicMs() - startMs;
    if (holder === "" && asked !== false && waitedMs >= askMs) {
      warn(`no API server gives turns to restart daemons, so that none is taken: ${asked.message}`);
      return false;
    }
    if (waitedMs > waitMs) {
      throw new Error(`${holder} has had its turn to restart daemons for longer than ${waitMs / 60_000} minutes`);
    }
    if (holder !== "" && holder !== told) {
      warn(`waiting: ${holder} has its turn to restart daemons (the Lease ${lease.namespace}/${lease.name})`);
      told = holder;
    }
    await clock.sleep(pollMs, signal);
  }
}

/** Whether the turn was taken, or why that cannot be said. Another machine that writes at the same moment has it. */
async function tryOnce(elector: LeaseElector, signal: AbortSignal): Promise<boolean | Error> {
  return elector.tryAcquireOrRenew(signal, askMs).catch((error: unknown) => {
    signal.throwIfAborted();
    if (isConflict(error) || isAlreadyExists(error)) return false;
    return error instanceof Error ? error : new Error(String(error));
  });
}

async function giveBack(elector: LeaseElector): Promise<void> {
  const signal = AbortSignal.timeout(releaseMs);
  if (await elector.tryAcquireOrRenew(signal)) await elector.release(signal);
}
