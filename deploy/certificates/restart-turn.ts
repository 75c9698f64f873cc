import { isAlreadyExists, isConflict } from "@kube-ts/api/status-error";
import { isTransportError } from "@kube-ts/client/transport-error";
import type { Client } from "@kube-ts/client/client";
import { LeaseElector } from "@kube-ts/client/lease-elector";
import type { Clock } from "@kube-ts/std/clock";

const lease = { namespace: "kube-system", name: "kube-ts-restarts" } as const;
/** Longer than one machine's restarts take: whoever has the turn does not renew it. */
const leaseDurationMs = 15 * 60_000;
const waitMs = 30 * 60_000;
const pollMs = 2_000;

/**
 * Does the work while no other machine of the cluster does the like, so that never two of them restart their daemons at
 * the same time. Where no API server answers there is nobody to ask: the work may be what brings them back.
 */
export async function inTurn(
  client: Client,
  identity: string,
  { clock, warn }: { readonly clock: Clock; warn(text: string): void },
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  const elector = new LeaseElector({ client, ...lease, identity, leaseDurationMs, clock });
  const isTaken = await takeTurn(elector, clock, signal).catch((error: unknown) => {
    if (!isTransportError(error)) throw error;
    warn(`no API server answers, so that no turn is taken: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  });
  try {
    await work();
  } finally {
    // Its end frees it, too.
    if (isTaken) await elector.release(AbortSignal.timeout(10_000)).catch(() => undefined);
  }
}

async function takeTurn(elector: LeaseElector, clock: Clock, signal: AbortSignal): Promise<boolean> {
  const deadlineMs = clock.monotonicMs() + waitMs;
  while (!(await tryOnce(elector, signal))) {
    if (clock.monotonicMs() > deadlineMs) {
      throw new Error(
        `${elector.holder} has had its turn to restart daemons for longer than ${waitMs / 60_000} minutes`,
      );
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
