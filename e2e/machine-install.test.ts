import assert from "node:assert/strict";
import { test } from "node:test";
import { formatYaml, parseYaml } from "@kube-ts/std/yaml";
import { eventually } from "./harness/eventually.ts";
import { MachineKubectl } from "./many-machines/kubectl-on-machine.ts";
import { Packages } from "./many-machines/packages.ts";
import { Lab } from "./machines/lab.ts";
import type { Machine } from "./machines/machine.ts";

const units = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  "pod-network-agent",
  "cluster-dns",
  "docker",
];

const packages = ["kube-ts-runtime", "kube-ts-etcd", "kube-ts-control-plane", "kube-ts-node"];
const longMs = 400_000;
const etcdPki = "/etc/kubernetes/pki/etcd";

/** Whatever a cluster may leave on a machine; two of these have to be equal. */
async function traces(machine: Machine): Promise<string> {
  return machine.run(`
    find /etc/kubernetes /etc/cni /etc/modules-load.d /etc/sysctl.d /var/lib/kubelet /var/lib/etcd /var/lib/kube-proxy \
      /var/lib/cni /var/log/pods /var/log/kubernetes -type f 2>/dev/null | sort
    for save in iptables-save ip6tables-save; do $save | grep -E '^:(KUBE|CNI|POD-NETWORK)'; done
    ip -brief link | cut -d' ' -f1 | grep -v docker0
    ip route | grep -v docker0; ip rule; ip netns
    find /sys/fs/cgroup -maxdepth 2 -name 'kubepods*'
    grep kubelet /proc/self/mounts
    docker ps --all --quiet
    systemctl list-units --no-legend --plain 'kube*' 'pod-network*' 'cluster-*' 'etcd*'
    systemctl list-unit-files --no-legend --state=enabled 'kube*' 'pod-network*' 'cluster-*' 'etcd*' | cut -d' ' -f1
    true`);
}

async function pids(machine: Machine): Promise<Readonly<Record<string, number>>> {
  const found = await Promise.all(
    units.map(async (name) => [name, (await machine.unit(`${name}.service`)).MainPID] as const),
  );
  return Object.fromEntries(found);
}

function fileTimes(machine: Machine): Promise<string> {
  return machine.run(
    "find /etc/kubernetes /etc/docker /var/lib/kubelet/config.yaml -type f -printf '%p %C@ %m\\n' | sort",
  );
}

function configuration(machine: Machine, more: Readonly<Record<string, unknown>> = {}): string {
  const roles = ["etcd", "control-plane", "worker"];
  return formatYaml({
    apiVersion: "deploy.kube-ts.io/v1",
    kind: "Cluster",
    machines: [{ name: machine.name, roles, addresses: machine.addresses, taints: [] }],
    ...more,
  });
}

const install = "kube-ts install --config /root/cluster.yaml";

test("a machine is installed, changed, and itself again after a reset", async (context) => {
  using built = await Packages.build();
  await using lab = await Lab.start({ machines: [{ name: "one" }] });
  const machine = lab.machine("one");
  const kubectl = new MachineKubectl(machine);
  await built.install(machine, packages);
  const before = await traces(machine);

  await context.test("what cannot be is refused, and nothing is changed", async () => {
    const wrong = { flags: { kubelet: { bogus: "1" } }, kubelet: { maxPods: "many" }, features: { Bogus: true } };
    await machine.write("/root/cluster.yaml", configuration(machine, wrong));
    const { code, stderr } = await machine.attempt(install);
    assert.equal(code, 1);
    for (const path of ["flags.kubelet[bogus]", "kubelet.maxPods", "features[Bogus]"])
      assert.ok(stderr.includes(path), stderr);
    await machine.write("/root/cluster.yaml", configuration(machine).replaceAll(machine.address, "192.0.2.77"));
    await using listener = await taken(machine, 10_250);
    const { stderr: faults } = await machine.attempt(install);
    assert.match(faults, /no interface of this machine has the address 192.0.2.77/);
    assert.match(faults, /port 10250, which kubelet needs, is taken/);
    await listener[Symbol.asyncDispose]();
    assert.equal(await traces(machine), before);
  });

  await machine.write("/root/cluster.yaml", configuration(machine));

  await context.test("an installation that is cut short is carried on", async () => {
    for (const seconds of [1.5, 4]) {
      const { code } = await machine.attempt(`timeout --signal=KILL ${seconds} ${install}`);
      assert.notEqual(code, 0, `the installation was done within ${seconds} s`);
    }
    const output = await machine.run(install, { timeoutMs: longMs });
    assert.match(output, /✓ node is Ready/);
    assert.match(output, /✓ cluster DNS answers/);
    assert.match(output, /one is set up: etcd, control-plane, worker/);
    assert.equal((await machine.attempt("systemctl is-system-running")).stdout.trim(), "running");
  });

  await context.test("pods run and find each other by name", async () => {
    await kubectl.run(["create", "deployment", "web", "--image=kube-ts/demo:v1", "--replicas=2"]);
    await kubectl.run(["expose", "deployment", "web", "--port=80", "--target-port=8080"]);
    await kubectl.run(["rollout", "status", "deployment/web", "--timeout=90s"]);
    const address = await kubectl.run(["get", "service", "web", "-o", "jsonpath={.spec.clusterIP}"]);
    const lookup = ["exec", "deployment/web", "--", "nslookup", "web.default.svc.cluster.local"];
    const answer = await eventually("the name is known in a pod", () => kubectl.run(lookup));
    assert.ok(answer.includes(address), answer);
    const script = `fetch("http://${address}").then(async (r) => process.stdout.write(await r.text()))`;
    const page = await eventually("the service answers", () => machine.run(`/usr/lib/kube-ts/node -e '${script}'`));
    assert.match(page, /^v1 web-/);
  });

  await context.test("keys are for root, and certificates of others", async () => {
    const open = await machine.run(
      "find /etc/kubernetes -type f \\( -name '*.key' -o -name '*.conf' -o -name 'encryption.yaml' \\) \\( -perm /077 -o -not -user root \\)",
    );
    assert.equal(open, "");
    const admin = await machine.run(
      "kubectl --kubeconfig /etc/kubernetes/admin.conf auth whoami -o jsonpath='{.status.userInfo.groups}'",
    );
    assert.match(admin, /kubeadm:cluster-admins/);
    assert.doesNotMatch(admin, /system:masters/);
  });

  await context.test("secrets are encrypted in etcd, with a key that is made once", async () => {
    await kubectl.run(["create", "secret", "generic", "hidden", "--from-literal=word=abracadabra"]);
    const stored = await machine.run(`etcdctl --endpoints=https://127.0.0.1:2379 --cacert=${etcdPki}/ca.crt \
      --cert=${etcdPki}/healthcheck-client.crt --key=${etcdPki}/healthcheck-client.key \
      get /registry/secrets/default/hidden --print-value-only | tr -c '[:print:]' '?'`);
    assert.match(stored, /^k8s:enc:secretbox:v1:key1:/);
    assert.doesNotMatch(stored, /abracadabra/);
    assert.equal(await word(kubectl), "abracadabra");
    assert.deepEqual(await unencrypted(machine), []);
  });

  await context.test("a second installation changes nothing and says so", async () => {
    const [running, files] = [await pids(machine), await fileTimes(machine)];
    const output = await machine.run(install, { timeoutMs: longMs });
    assert.match(output, /Nothing to change: one is as its configuration says/);
    assert.deepEqual(await pids(machine), running);
    assert.equal(await fileTimes(machine), files);
    // The configuration that a machine was set up with is known to it.
    assert.match(await machine.run("kube-ts install"), /Nothing to change/);
  });

  await context.test("a changed configuration restarts what it concerns and nothing else", async () => {
    const running = await pids(machine);
    const containers = await machine.run("docker ps --quiet --no-trunc | sort");
    const more = { flags: { "kube-scheduler": { v: "2" } }, kubelet: { maxPods: 42 } };
    await machine.write("/root/cluster.yaml", configuration(machine, more));
    await machine.run(install, { timeoutMs: longMs });
    const now = await pids(machine);
    const others = units.filter((name) => now[name] !== running[name]);
    assert.deepEqual(others, ["kube-scheduler", "kubelet"]);
    await eventually(
      "the node tells how many pods it takes",
      () => kubectl.run(["get", "node", "one", "-o", "jsonpath={.status.capacity.pods}"]),
      (pods) => pods === "42",
    );
    assert.equal(await machine.run("docker ps --quiet --no-trunc | sort"), containers);
    assert.match(await schedulerCommand(machine), /--v=2/);
  });

  await context.test("a file does not take back what others have changed in the cluster", async () => {
    await changeClusterConfiguration(kubectl, "kube-scheduler", { v: "3" });
    const [running, files] = [await pids(machine), await fileTimes(machine)];
    const { code, stderr } = await machine.attempt(install);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /would take that back: flags\.kube-scheduler\n.*--use-cluster-config\n.*--overwrite-cluster-config/,
    );
    assert.deepEqual(await pids(machine), running);
    assert.equal(await fileTimes(machine), files);
    assert.match(await machine.run("kube-ts install --use-cluster-config", { timeoutMs: longMs }), /one is set up/);
    assert.match(await schedulerCommand(machine), /--v=3/);
    assert.match(await machine.run("kube-ts install"), /Nothing to change/);

    await changeClusterConfiguration(kubectl, "kube-scheduler", { v: "4" });
    await machine.run("kube-ts upgrade", { timeoutMs: longMs });
    assert.match(await schedulerCommand(machine), /--v=4/, "an upgrade takes what the cluster has");
    await changeClusterConfiguration(kubectl, "kube-scheduler", { v: "5" });
    await machine.run(`${install} --overwrite-cluster-config`, { timeoutMs: longMs });
    assert.match(await schedulerCommand(machine), /--v=2/);
    assert.match(await machine.run(install), /Nothing to change/);
    const both = await machine.attempt(`${install} --use-cluster-config`);
    assert.equal(both.code, 2);
    assert.match(both.stderr, /--use-cluster-config and --config: give one of them/);
  });

  await context.test("the control plane moves into static pods, and back", async () => {
    const more = { controlPlane: { mode: "static-pods" } };
    await machine.write("/root/cluster.yaml", configuration(machine, more));
    await machine.run(install, { timeoutMs: longMs });
    const names = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];
    for (const name of names) assert.equal((await machine.unit(`${name}.service`)).MainPID, 0, `${name} is a unit`);
    const ready = [
      "get",
      "pods",
      "--namespace=kube-system",
      "-o",
      "jsonpath={.items[*].status.containerStatuses[*].ready}",
    ];
    await eventually(
      "the pods of the control plane are ready",
      () => kubectl.run(ready),
      (text) => text === "true true true",
    );
    assert.match(await machine.run(install, { timeoutMs: longMs }), /Nothing to change/);
    assert.equal(await word(kubectl), "abracadabra", "the pod has the key, too");
    await kubectl.run(["rollout", "restart", "deployment/web"]);
    await kubectl.run(["rollout", "status", "deployment/web", "--timeout=90s"]);
    await machine.write("/root/cluster.yaml", configuration(machine));
    await machine.run(install, { timeoutMs: longMs });
    for (const name of names) assert.notEqual((await machine.unit(`${name}.service`)).MainPID, 0, name);
    assert.equal(await machine.run("docker ps --quiet --filter label=io.kubernetes.pod.namespace=kube-system"), "");
    assert.match(await machine.run("kube-ts install"), /Nothing to change/);
  });

  await context.test("a reset asks first, leaves nothing behind, and may be repeated", async () => {
    const { code, stderr } = await machine.attempt("kube-ts reset </dev/null");
    assert.equal(code, 2);
    assert.match(stderr, /use --yes/);
    await machine.run("kube-ts reset --yes", { timeoutMs: longMs });
    assert.equal(await traces(machine), before);
    await machine.run("kube-ts reset --yes", { timeoutMs: longMs });
    assert.equal(await traces(machine), before);
  });
});

function schedulerCommand(machine: Machine): Promise<string> {
  return machine.run("cat /proc/$(systemctl show -P MainPID kube-scheduler)/cmdline | tr '\\0' ' '");
}

/** As another control-plane machine does it that is set up with other flags of a daemon. */
async function changeClusterConfiguration(kubectl: MachineKubectl, daemon: string, flags: object): Promise<void> {
  const map = ["configmap", "kube-ts-config", "--namespace=kube-system"];
  const { data } = await kubectl.json<{ data: Record<string, string> }>(["get", ...map]);
  const found = parseYaml(data["cluster.yaml"] ?? "") as Readonly<Record<string, unknown>>;
  const text = formatYaml({ ...found, flags: { [daemon]: flags } });
  await kubectl.run(["patch", ...map, "--type=merge", "--patch", JSON.stringify({ data: { "cluster.yaml": text } })]);
}

/** What the secret has in it, decoded. */
async function word(kubectl: MachineKubectl): Promise<string> {
  const encoded = await kubectl.run(["get", "secret", "hidden", "-o", "jsonpath={.data.word}"]);
  return Buffer.from(encoded, "base64").toString();
}

/** What the doctor has to say against how secrets are encrypted. */
async function unencrypted(machine: Machine): Promise<readonly unknown[]> {
  const { stdout } = await machine.attempt("kube-ts doctor --output json");
  const { checks } = JSON.parse(stdout) as { checks: readonly { id: string; state: string }[] };
  const found = checks.filter(({ id }) => id === "1.2.27" || id === "1.2.28");
  assert.equal(found.length, 2, stdout);
  return found.filter(({ state }) => state !== "PASS");
}

/** A program that listens on a port of the machine, until it is disposed of. */
async function taken(machine: Machine, port: number): Promise<AsyncDisposable> {
  const unit = "stranger.service";
  await machine.run(`systemd-run --quiet --unit=${unit} /usr/lib/kube-ts/node -e "net.createServer().listen(${port})"`);
  await machine.waitUntil("somebody listens", `ss -ltn | grep -q :${port}`);
  return {
    [Symbol.asyncDispose]: async () =>
      void (await machine.attempt(`systemctl stop ${unit}; systemctl reset-failed ${unit}`)),
  };
}
