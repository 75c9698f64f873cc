import type { Machine } from "../machines/machine.ts";
import type { ApiAccess } from "../machines/load/api-access.ts";
import { ApiClient } from "../machines/load/api-access.ts";

/** The daemons whose unasked restarts are noticed. */
const daemons = [
  "etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy", "pod-network-agent",
  "cluster-dns", "docker",
]; // prettier-ignore

/** Daemons of which one at a time works. */
export const electedDaemons = ["kube-controller-manager", "kube-scheduler"] as const;
export type ElectedDaemon = (typeof electedDaemons)[number];

/** What runs on the machines: a daemon's process or a pod's container, with what tells it from its successor. */
export type RunningThings = ReadonlyMap<string, string>;

/** Looks at the machines that answer. Keys are `MACHINE/docker.service` and `MACHINE/k8s_CONTAINER_POD_…`. */
export async function runningThings(machines: readonly Machine[]): Promise<RunningThings> {
  const lists = await Promise.all(machines.map((machine) => thingsOf(machine)));
  return new Map(lists.flat());
}

async function thingsOf(machine: Machine): Promise<readonly (readonly [string, string])[]> {
  const units = daemons.map((name) => `${name}.service`).join(" ");
  const containers = "docker ps --no-trunc --filter label=io.kubernetes.pod.uid --format '{{.Names}} {{.ID}}'";
  const { stdout } = await machine.attempt(
    `systemctl show --property=Id,MainPID ${units}; test ! -e /var/lib/kubelet/config.yaml || ${containers}`,
  );
  const running = [...stdout.matchAll(/^(?:Id=(\S+)\nMainPID=(\d+)|MainPID=(\d+)\nId=(\S+)|(k8s_\S+) (\S+))$/gm)];
  return running.flatMap(([, id, pid, pidFirst, idSecond, name, container]) => {
    const what = name ?? id ?? idSecond;
    const instance = container ?? pid ?? pidFirst;
    return what === undefined || instance === undefined || instance === "0"
      ? []
      : [[`${machine.name}/${what}`, instance] as const];
  });
}

/** What ran before and runs no longer, or runs anew. */
export function notTheSame(before: RunningThings, after: RunningThings): readonly string[] {
  return [...before].filter(([key, instance]) => after.get(key) !== instance).map(([key]) => key);
}

/** Asks whichever API server answers first, in turn, so that the loss of one does not matter. */
export class AnyApiServer implements Disposable {
  readonly #clients: readonly ApiClient[];

  constructor(servers: readonly string[], access: ApiAccess) {
    this.#clients = servers.map((server) => new ApiClient(server, access));
  }

  async json<T>(path: string): Promise<T> {
    return Promise.any(this.#clients.map((client) => client.json<T>("GET", path, undefined, 2_000)));
  }

  /** Who holds the lease of an elected daemon: `MACHINE_…`. */
  async holder(lease: ElectedDaemon): Promise<string> {
    const path = `/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/${lease}`;
    const { spec } = await this.json<{ spec: { holderIdentity?: string } }>(path);
    return spec.holderIdentity ?? "";
  }

  [Symbol.dispose](): void {
    for (const client of this.#clients) client.close();
  }
}

/** The machine whose member leads etcd, if any of these says so. */
export async function etcdLeader(machines: readonly Machine[]): Promise<Machine | undefined> {
  const ask = "busybox wget -q -O - http://127.0.0.1:2381/metrics | grep -q '^etcd_server_is_leader 1'";
  const answers = await Promise.all(machines.map((machine) => machine.attempt(ask, { timeoutMs: 5_000 })));
  return machines.find((_, index) => answers[index]?.code === 0);
}

/** Whether all members of etcd are healthy, as one of them sees it. */
export async function etcdIsHealthy(machine: Machine): Promise<boolean> {
  const pki = "/etc/kubernetes/pki/etcd";
  // While an authority is exchanged members show certificates of either.
  const trusted = `$(ls ${pki}/ca-bundle.crt 2>/dev/null || echo ${pki}/ca.crt)`;
  const tls = `--cacert ${trusted} --cert ${pki}/healthcheck-client.crt --key ${pki}/healthcheck-client.key`;
  const command = `ETCDCTL_API=3 etcdctl ${tls} --endpoints https://127.0.0.1:2379 endpoint health --cluster`;
  return (await machine.attempt(command, { timeoutMs: 10_000 })).code === 0;
}
