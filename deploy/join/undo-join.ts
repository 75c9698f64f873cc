import type { Node } from "@kube-ts/api/core/v1";
import { nodes } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { isNotFound } from "@kube-ts/api/status-error";
import type { Client } from "@kube-ts/client/client";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import type { Clock } from "@kube-ts/std/clock";
import type { Machine } from "../cluster/cluster-config.ts";
import { hasRole } from "../cluster/cluster-view.ts";
import { note, step } from "../local/progress.ts";
import { kubeconfigPath } from "../machine/places.ts";
import { resetMachine } from "../machine/reset-machine.ts";
import { stopUnit } from "../machine/systemd.ts";
import { daemonUnits } from "../units/unit-files.ts";
import type { EtcdMembership } from "./etcd/etcd-membership.ts";

const timeoutMs = 300_000;

/**
 * Takes a machine that was joining out of the cluster again, whatever of it is done. What cannot be done is said, and does
 * not keep the rest from being done.
 */
export async function undoJoin(machine: Machine, membership: EtcdMembership, clock: Clock): Promise<void> {
  // It is undone when somebody interrupts the join, too.
  const signal = AbortSignal.timeout(timeoutMs);
  const attempt = (what: string, work: () => Promise<void>) =>
    step(what, () =>
      work().catch((error: unknown) => {
        note(`warning: ${error instanceof Error ? error.message : String(error)}`);
      }),
    );
  if (hasRole(machine, "worker")) await attempt("the node is taken back", () => withdrawNode(machine, clock, signal));
  // Before it has data, too: an empty seat counts for the majority.
  if (hasRole(machine, "etcd")) await attempt("etcd is left", () => membership.leave(signal));
  await resetMachine(machine.name, signal);
}

/** Another try finds no node that seems to be alive. */
async function withdrawNode(machine: Machine, clock: Clock, signal: AbortSignal): Promise<void> {
  await stopUnit(daemonUnits.kubelet.unit, signal);
  const kubeconfig = kubeconfigPath(hasRole(machine, "control-plane") ? "admin.conf" : "kubelet.conf");
  const config = await clientConfigFromFile(kubeconfig).catch(() => undefined);
  if (!config) return;
  await using client = createClient(config, { userAgent: "kube-ts-join", requestTimeoutMs: 20_000 });
  try {
    if (hasRole(machine, "control-plane")) await client.resource(nodes).delete({ name: machine.name }, { signal });
    else await markDead(client, machine.name, clock, signal);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** A node may say of itself that it is not ready, and may not delete itself. */
async function markDead(client: Client, name: string, clock: Clock, signal: AbortSignal): Promise<void> {
  const now = formatTime(clock.now());
  const ready: NonNullable<NonNullable<Node["status"]>["conditions"]>[number] = {
    type: "Ready",
    status: "False",
    reason: "JoinFailed",
    message: "The machine did not join the cluster",
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  };
  await client
    .resource(nodes)
    .patch({ name }, "strategic", { status: { conditions: [ready] } }, { signal, subresource: "status" });
}
