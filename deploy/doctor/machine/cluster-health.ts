import { type DaemonName } from "../../units/unit-files.ts";
import type { Check, Outcome } from "../check.ts";
import { fail, pass, skip, some, warn } from "../check.ts";
import type { EtcdFacts, MachineView } from "../machine-view.ts";

const daemonNames: readonly DaemonName[] = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "cluster-autoscaler",
  "kubelet",
  "kube-proxy",
  "pod-network-agent",
  "cluster-dns",
];

const notItsRole = "this machine is not to run it";

function running(name: DaemonName, { daemons, hasCluster, advice }: MachineView): Outcome {
  const daemon = daemons.get(name);
  if (daemon?.isRunning) return pass();
  if (!hasCluster) return skip(`there is no cluster: ${advice.makeCluster}`);
  return daemon ? fail("it does not run", advice.start(name)) : skip(notItsRole);
}

/** A daemon listens on its ports; where it does not run, nobody else does. */
function ports(name: DaemonName, { daemons, advice }: MachineView): Outcome {
  const daemon = daemons.get(name);
  if (!daemon) return skip(notItsRole);
  const numbers = (listener: string) =>
    daemon.ports.filter((one) => one.listener === listener).map((one) => String(one.port));
  const others = numbers("another program");
  if (others.length > 0)
    return fail(`another program listens on ${some(others)}`, "find it with `ss -ltnp`, and end it");
  if (!daemon.isRunning) return pass(`free: ${some(daemon.ports.map(({ port }) => String(port)))}`);
  const silent = numbers("nobody");
  if (silent.length > 0) return fail(`nobody listens on ${some(silent)}`, advice.logs(name));
  return pass(some(daemon.ports.map(({ port }) => String(port))));
}

const daemonChecks = daemonNames.flatMap((name): readonly Check<MachineView>[] => [
  { id: name, title: `${name} runs`, decide: (view) => running(name, view) },
  { id: `${name} ports`, title: `${name}'s ports are its own`, decide: (view) => ports(name, view) },
]);

function etcdCheck(id: string, title: string, decide: (etcd: EtcdFacts) => Outcome): Check<MachineView> {
  return {
    id,
    title,
    decide: (view) => {
      if (view.etcd) return decide(view.etcd);
      return view.daemons.get("etcd")?.isRunning
        ? fail("it does not answer", view.advice.logs("etcd"))
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
    const silent = members.filter(({ hasAnswered }) => !hasAnswered).map(({ name }) => name);
    if (silent.length > 0)
      return fail(
        `no answer from ${some(silent)}`,
        "see journalctl -u etcd there; remove machines that are gone for good",
      );
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
    decide: ({ apiServer, daemons, advice }) => {
      if (!daemons.get("kube-apiserver")?.isRunning) return skip("the API server does not run here");
      if (!apiServer) return fail("it does not answer", advice.logs("kube-apiserver"));
      return apiServer.failing.length === 0 ? pass() : fail(some(apiServer.failing), advice.logs("kube-apiserver"));
    },
  },
  {
    id: "node",
    title: "the node is Ready",
    decide: ({ apiServer, daemons, advice }) => {
      if (!apiServer) return skip("the API server does not answer");
      const { node } = apiServer;
      if (!node && !daemons.get("kubelet")?.isRunning) return skip("the kubelet does not run here");
      if (!node) return fail("it is not registered", advice.logs("kubelet"));
      return node.isReady ? pass() : fail(node.message, advice.logs("kubelet"));
    },
  },
];
