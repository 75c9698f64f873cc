import { existsSync } from "node:fs";
import { leases } from "@kube-ts/api/resource-types";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import type { Client } from "@kube-ts/client/client";
import { createClient } from "@kube-ts/client/rest-client";
import { hasRole } from "../cluster/cluster-view.ts";
import type { ClusterConfig } from "../cluster/cluster-config.ts";
import { note, step } from "../local/progress.ts";
import { type ClusterState, clusterState, missingParts, withoutMachine, withoutMissing } from "./cluster-state.ts";
import type { OwnMachine } from "./own-machine.ts";
import { adminKubeconfig } from "./places.ts";
import { type TurnOptions, inOwnTurn } from "./restart-turn.ts";
import { waitFor } from "./wait-for.ts";

/** How long other machines, which may just have restarted, are waited for before this one takes something down. */
const settleMs = 60_000;
const wholeMs = 180_000;
const askMs = 5_000;

/** What the work has to tell. */
export interface Restarts {
  readonly hasRestarted: boolean;
}

/**
 * Does what may restart daemons of this machine as its cluster can bear it: while no other machine does the like, once the
 * others serve or have been waited for, and until whatever served before, this machine itself, and the leaders do again.
 * The work is told what served when it began.
 */
export async function restartInTurn<T extends Restarts>(
  own: OwnMachine,
  options: TurnOptions,
  signal: AbortSignal,
  work: (before: ClusterState) => Promise<T>,
): Promise<T> {
  return inOwnTurn(own, options, signal, async () => {
    const before = await settledState(own, signal);
    const result = await work(before);
    if (result.hasRestarted && servesOthers(own)) {
      await step("the cluster is whole", () => waitUntilWhole(own, before, signal));
    }
    return result;
  });
}

/** What serves, as soon as that is everything on the other machines, or after a while. */
async function settledState(own: OwnMachine, signal: AbortSignal): Promise<ClusterState> {
  const { name } = own.machine;
  let state = await clusterState(own, signal);
  const missing = () => missingParts(withoutMachine(state, name));
  if (!servesOthers(own) || missing().length === 0) return state;
  note(`waiting, ${settleMs / 1_000} s at most: ${missing().join("; ")}`);
  const check = async () => {
    state = await clusterState(own, signal);
    return missing().length === 0;
  };
  await waitFor("the other machines serve", settleMs, check, signal).catch(() => signal.throwIfAborted());
  return state;
}

/** Resolves when every member of etcd serves that did before or is this machine's. Rejects with those that do not. */
export async function waitForMembers(own: OwnMachine, before: ClusterState, signal: AbortSignal): Promise<void> {
  await waitForParts(own, before, ({ members }) => ({ servers: [], members }), signal);
}

/**
 * Resolves when every API server and every member of etcd serves that did before or is this machine's, and when the
 * controller managers and the schedulers have leaders. Rejects with what does not.
 */
async function waitUntilWhole(own: OwnMachine, before: ClusterState, signal: AbortSignal): Promise<void> {
  await waitForParts(own, before, (state) => state, signal);
  if (!existsSync(adminKubeconfig)) return;
  const options = { userAgent: "kube-ts", requestTimeoutMs: askMs };
  await using client = createClient(await clientConfigFromFile(adminKubeconfig), options);
  for (const daemon of electedDaemons(own.config)) {
    await waitFor(
      `${daemon} has a leader (journalctl -u ${daemon})`,
      wholeMs,
      leaderIsAtWork(client, daemon, signal),
      signal,
    );
  }
}

async function waitForParts(
  own: OwnMachine,
  before: ClusterState,
  choose: (state: ClusterState) => ClusterState,
  signal: AbortSignal,
): Promise<void> {
  const what = "the cluster is whole, which it has to be before the next restart (kube-ts doctor there says more)";
  const check = async () => {
    const missing = missingParts(choose(withoutMissing(await clusterState(own, signal), before, own.machine.name)));
    if (missing.length > 0) throw new Error(missing.join("; "));
    return true;
  };
  await waitFor(what, wholeMs, check, signal);
}

/** Whether other machines, or clients of theirs, may depend on what runs here. */
function servesOthers({ machine }: OwnMachine): boolean {
  return hasRole(machine, "control-plane") || hasRole(machine, "etcd");
}

/** Those that elect a leader as they do by default. */
function electedDaemons({ flags }: ClusterConfig): readonly ("kube-controller-manager" | "kube-scheduler")[] {
  const daemons = ["kube-controller-manager", "kube-scheduler"] as const;
  const settings = ["leader-elect", "leader-elect-resource-name", "leader-elect-resource-namespace"];
  return daemons.filter((daemon) => !settings.some((flag) => Object.hasOwn(flags[daemon] ?? {}, flag)));
}

/** A leader is seen to renew its lease: times of other machines are not compared. */
function leaderIsAtWork(client: Client, name: string, signal: AbortSignal): () => Promise<boolean> {
  let first: string | undefined;
  return async () => {
    const { spec } = await client.resource(leases).get({ namespace: "kube-system", name }, { signal });
    const { holderIdentity = "", renewTime = "" } = spec;
    if (holderIdentity === "") throw new Error("nobody holds its lease");
    first ??= renewTime;
    if (first === renewTime) throw new Error(`${holderIdentity} does not renew its lease`);
    return true;
  };
}
