import { eventually } from "../harness/eventually.ts";
import type { Machine } from "../machines/machine.ts";
import { AnyApiServer, electedDaemons, etcdLeader } from "./cluster-state.ts";
import type { ElectedDaemon } from "./cluster-state.ts";
import type { MachineCluster } from "./machine-cluster.ts";

/** The machine whose process leads. */
export async function leaderOf(cluster: MachineCluster, daemon: ElectedDaemon): Promise<Machine> {
  using api = new AnyApiServer(cluster.servers, cluster.access);
  return cluster.lab.machine((await api.holder(daemon)).split("_")[0] ?? "");
}

/** The machine whose member leads etcd. */
export async function leadingMember(cluster: MachineCluster): Promise<Machine> {
  const found = await eventually("etcd has a leader", () => etcdLeader(cluster.having("etcd")));
  if (found === undefined) throw new Error("etcd has no leader");
  return found;
}

/** Has the machine lead in everything but etcd, so that all has to move when it is lost. */
export async function gatherLeadership(cluster: MachineCluster, machine: Machine): Promise<void> {
  const others = cluster.having("control-plane").filter((other) => other !== machine);
  for (const daemon of electedDaemons) {
    if ((await leaderOf(cluster, daemon)) === machine) continue;
    await Promise.all(others.map((other) => other.run(`systemctl stop ${daemon}.service`)));
    await eventually(
      `${machine.name} leads`,
      () => leaderOf(cluster, daemon),
      (leader) => leader === machine,
    );
    await Promise.all(others.map((other) => other.run(`systemctl start ${daemon}.service`)));
  }
}

/** Who led, and lost its lease, ends and starts anew: nothing else tells that its work is no longer its own. */
export function endsByElection({ name }: Machine): readonly string[] {
  return electedDaemons.map((daemon) => `${name}/${daemon}.service`);
}
