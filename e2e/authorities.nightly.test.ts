import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "./harness/eventually.ts";
import { TcpBalancer } from "./harness/tcp-balancer.ts";
import { accessOf } from "./machines/load/api-access.ts";
import { SteadyWrites } from "./machines/load/steady-writes.ts";
import type { Machine } from "./machines/machine.ts";
import { etcdIsHealthy } from "./many-machines/cluster-state.ts";
import { MachineCluster } from "./many-machines/machine-cluster.ts";

// The authorities of a cluster are exchanged as deploy/certificates/README.md says, while the cluster goes on serving.

const longMs = 600_000;
const pki = "/etc/kubernetes/pki";
const fresh = "/root/new-pki";
const authorities = ["ca", "etcd/ca", "front-proxy-ca"];

test("authorities take over from others, and no request fails", async (context) => {
  await using cluster = await MachineCluster.start({
    machines: [
      ...["cp-1", "cp-2", "cp-3"].map((name) => ({ name, roles: ["etcd", "control-plane", "worker"] as const })),
      { name: "worker-1", roles: ["worker"] },
    ],
  });
  const servers = cluster.having("control-plane");
  const namesOn = (machine: Machine) => (servers.includes(machine) ? authorities : ["ca"]);
  await using balancer = await TcpBalancer.start(cluster.servers);
  await makeAuthorities(cluster);
  const formerAccess = await cluster.first.read("/etc/kubernetes/admin.conf");

  /** Does something to each machine in turn, and fails for a write that failed meanwhile. */
  async function onEach(work: (machine: Machine) => Promise<unknown>): Promise<void> {
    const access = accessOf(await cluster.first.read("/etc/kubernetes/admin.conf"));
    const url = `https://127.0.0.1:${balancer.port}`;
    const writes = await SteadyWrites.start({ servers: [url], access, timeoutMs: 10_000 });
    try {
      for (const machine of cluster.machines) {
        await work(machine);
        await eventually("etcd is healthy", () => etcdIsHealthy(cluster.first), Boolean, 60_000);
        const areReady = () => Promise.resolve(balancer.ready.every(Boolean));
        await eventually("all API servers are ready", areReady, Boolean, 60_000);
      }
    } finally {
      await writes.stop();
    }
    // The next writer begins with the same names.
    await cluster.kubectl.run(["--namespace=steady-writes", "delete", "configmaps", "--all"]);
    assert.ok(writes.acknowledged > 10, "nothing was written meanwhile");
    assert.deepEqual(
      writes.attempts.flatMap(({ error }) => error ?? []),
      [],
    );
    await cluster.waitForReadyNodes(4);
  }

  await context.test("all trust both", async () => {
    await onEach(async (machine) => {
      for (const name of namesOn(machine)) {
        await machine.run(`cat ${pki}/${name}.crt ${fresh}/${name}.crt >${pki}/${name}-bundle.crt`);
      }
      await machine.run("kube-ts install", { timeoutMs: longMs });
    });
  });

  await context.test("the new ones sign", async () => {
    await onEach(async (machine) => {
      for (const name of namesOn(machine)) await machine.run(`cp ${fresh}/${name}.crt ${pki}/${name}.crt`);
      if (!servers.includes(machine)) return machine.run("kube-ts certificates renew", { timeoutMs: longMs });
      for (const name of namesOn(machine)) await machine.run(`cp ${fresh}/${name}.key ${pki}/${name}.key`);
      return machine.run("kube-ts install", { timeoutMs: longMs });
    });
  });

  await context.test("the old ones are trusted no longer", async () => {
    await onEach(async (machine) => {
      await machine.run(`find ${pki} -name '*-bundle.crt' -delete && kube-ts install`, { timeoutMs: longMs });
    });
    await cluster.first.write("/root/former.conf", formerAccess, 0o600);
    const former = await cluster.first.attempt(
      "kubectl --kubeconfig=/root/former.conf --insecure-skip-tls-verify get nodes",
    );
    assert.match(former.stderr, /Unauthorized|You must be logged in/);
  });

  await context.test("every daemon works with what the new ones have signed", async () => {
    for (const machine of cluster.machines) {
      for (const port of servers.includes(machine) ? [6443, 10_250] : [10_250]) {
        const issuer = () => cluster.first.run(`${issuerScript} ${machine.address} ${port}`);
        await eventually(
          `${machine.name}:${port} shows a new certificate`,
          issuer,
          (text) => text === "CN=kubernetes-2",
        );
      }
      const { stdout } = await machine.attempt("kube-ts doctor --output json");
      const { checks } = JSON.parse(stdout) as { checks: readonly { state: string }[] };
      assert.deepEqual(
        checks.filter(({ state }) => state === "FAIL"),
        [],
        machine.name,
      );
    }
    const overrides = JSON.stringify({ spec: { nodeName: "worker-1" } });
    await cluster.kubectl.run(["run", "probe", "--image=kube-ts/demo:v1", `--overrides=${overrides}`]);
    await cluster.kubectl.run(["wait", "pod/probe", "--for=condition=Ready", "--timeout=90s"]);
    const file = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt";
    const seen = await cluster.kubectl.run(["exec", "probe", "--", "cat", file]);
    assert.equal(seen.trim(), (await cluster.first.read(`${pki}/ca.crt`)).trim());
  });
});

/** Prints who has signed the certificate that a server shows. */
const issuerScript = `/usr/lib/kube-ts/node -e '
  const [host, port] = process.argv.slice(1);
  const socket = tls.connect({ host, port, rejectUnauthorized: false }, () => {
    process.stdout.write(socket.getPeerX509Certificate().issuer);
    socket.destroy();
  });'`;

/** Makes the next authorities, and puts them where every machine needs them. */
async function makeAuthorities(cluster: MachineCluster): Promise<void> {
  for (const [name, commonName] of [
    ["ca", "kubernetes-2"],
    ["etcd/ca", "etcd-ca-2"],
    ["front-proxy-ca", "front-proxy-ca-2"],
  ]) {
    await cluster.first
      .run(`mkdir -p $(dirname ${fresh}/${name}) && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \\
      -noenc -days 3650 -subj /CN=${commonName} -addext keyUsage=critical,digitalSignature,keyCertSign,cRLSign \\
      -keyout ${fresh}/${name}.key -out ${fresh}/${name}.crt`);
  }
  const archive = await cluster.first.run(`tar -C /root -c new-pki | base64 -w0`);
  for (const machine of cluster.machines) await machine.run("base64 -d | tar -C /root -x", { input: archive });
}
