import { type DaemonName } from "../../local/daemon-ports.ts";
import type { Check, Outcome } from "../check.ts";
import { fail, pass, skip, some, warn } from "../check.ts";
import type { DaemonFacts, EtcdFacts, MachineView } from "../machine-view.ts";

const daemonNames: readonly DaemonName[] = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  "cluster-dns",
];

const noCluster = "there is no local cluster: `npm run up` makes one";

function running(name: DaemonName, daemon: DaemonFacts | undefined, view: MachineView): Outcome {
  if (daemon?.isRunning) return pass();
  return view.hasCluster ? fail("it does not run", `\`npm run up\`; see .cluster/logs/${name}.log`) : skip(noCluster);
}

/** A daemon listens on its ports; where it does not run, nobody else does. */
function ports(name: DaemonName, daemon: DaemonFacts | undefined): Outcome {
  const all = daemon?.ports ?? [];
  const numbers = (listener: string) => all.filter((one) => one.listener === listener).map((one) => String(one.port));
  const others = numbers("another program");
  if (others.length > 0)
    return fail(`another program listens on ${some(others)}`, "find it with `ss -ltnp`, and end it");
  if (!daemon?.isRunning) return pass(`free: ${some(all.map(({ port }) => String(port)))}`);
  const silent = numbers("nobody");
  if (silent.length > 0) return fail(`nobody listens on ${some(silent)}`, `see .cluster/logs/${name}.log`);
  return pass(some(all.map(({ port }) => String(port))));
}

const daemonChecks = daemonNames.flatMap((name): readonly Check<MachineView>[] => [
  { id: name, title: `${name} runs`, decide: (view) => running(name, view.daemons.get(name), view) },
  { id: `${name} ports`, title: `${name}'s ports are its own`, decide: (view) => ports(name, view.daemons.get(name)) },
]);

function etcdCheck(id: string, title: string, decide: (etcd: EtcdFacts) => Outcome): Check<MachineView> {
  return {
    id,
    title,
    decide: (view) => {
      if (view.etcd) return decide(view.etcd);
      return view.daemons.get("etcd")?.isRunning
        ? fail("it does not answer", "see .cluster/logs/etcd.log")
        : skip("etcd does not run here");
    },
  };
}

const etcdChecks: readonly Check<MachineView>[] = [
  etcdCheck("etcd members", "etcd has a leader and all of its members", ({ members, hasLeader }) => {
    const gone = members.filter(({ isStarted }) => !isStarted).map(({ name }) => name || "one without a name");
    if (!hasLeader) return fail("there is no leader", "bring most of the members up");
    if (gone.length > 0)
      return fail(`never started: ${some(gone)}`, "start these members, or remove them with etcdctl");
    return pass(some(members.map(({ name }) => name)));
  }),
  etcdCheck("etcd alarms", "etcd has raised no alarm", ({ alarms }) =>
    alarms.length === 0
      ? pass()
      : fail(some(alarms), "make room (compact, defragment), then `etcdctl alarm disarm`; CORRUPT: restore a backup"),
  ),
  etcdCheck("etcd size", "etcd's database has room to grow", ({ sizeBytes, quotaBytes }) => {
    const mib = (bytes: number) => Math.round(bytes / 2 ** 20);
    const text = `${mib(sizeBytes)} of ${mib(quotaBytes)} MiB`;
    return sizeBytes < 0.8 * quotaBytes ? pass(text) : warn(text, "`etcdctl defrag`, or raise --quota-backend-bytes");
  }),
];

export const clusterHealthChecks: readonly Check<MachineView>[] = [
  ...daemonChecks,
  ...etcdChecks,
  {
    id: "readyz",
    title: "the API server is ready",
    decide: ({ apiServer, daemons }) => {
      if (!daemons.get("kube-apiserver")?.isRunning) return skip("the API server does not run here");
      if (!apiServer) return fail("it does not answer", "see .cluster/logs/kube-apiserver.log");
      return apiServer.failing.length === 0
        ? pass()
        : fail(some(apiServer.failing), "see .cluster/logs/kube-apiserver.log");
    },
  },
  {
    id: "node",
    title: "the node is Ready",
    decide: ({ apiServer, daemons }) => {
      if (!apiServer) return skip("the API server does not answer");
      const { node } = apiServer;
      if (!node && !daemons.get("kubelet")?.isRunning) return skip("the kubelet does not run here");
      if (!node) return fail("it is not registered", "see .cluster/logs/kubelet.log");
      return node.isReady ? pass() : fail(node.message, "see .cluster/logs/kubelet.log");
    },
  },
];
