import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Client } from "@kube-ts/client/client";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import { isConditionTrue } from "@kube-ts/api/conditions";
import { nodes } from "@kube-ts/api/resource-types";
import { installClusterDns } from "./addons/cluster-dns.ts";
import { buildMissingImages } from "./images/build-images.ts";
import { writeApiServerFiles } from "./local/api-server-files.ts";
import { waitUntil } from "./local/command.ts";
import { clusterDaemons } from "./local/daemons.ts";
import { installMissingPackages } from "./local/debian-packages.ts";
import { resolves } from "./local/dns-probe.ts";
import { ensureEngine } from "./local/docker-engine.ts";
import { ensureIdentities } from "./local/identities.ts";
import { writeNodeConfig } from "./local/node-config.ts";
import { localCluster, repositoryRoot } from "./local/layout.ts";
import type { LocalCluster } from "./local/layout.ts";
import { elapsedSeconds, note, step } from "./local/progress.ts";
import { recordBuiltImages } from "./local/built-images.ts";
import { startDaemon } from "./local/supervision.ts";

const readyTimeoutMs = 120_000;

/** Brings a one-node cluster up on this machine; a second call finds everything done and changes nothing. */
async function up(): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error("npm run up needs root: it starts containers and sets up the network");
  const cluster = localCluster();
  const signal = AbortSignal.timeout(600_000);
  mkdirSync(join(cluster.directory, "run"), { recursive: true });
  mkdirSync(join(cluster.directory, "logs"), { recursive: true });

  await step("Debian packages", installMissingPackages);
  await step("Docker Engine", async () => {
    note((await ensureEngine(cluster)) ? "started one for this cluster" : "using the one that runs");
  });
  await step("images", async () => recordBuiltImages(cluster, await buildMissingImages()));
  const identities = await step("certificates and kubeconfigs", () => ensureIdentities(cluster));
  writeFileSync(join(cluster.directory, "README"), "State of a local kube-ts cluster; `npm run down` removes it.\n");
  writeNodeConfig(cluster, identities);
  writeApiServerFiles(cluster);

  await using client = await adminClient(cluster);
  for (const daemon of clusterDaemons(cluster, identities)) {
    await step(daemon.name, async () => {
      const started = await startDaemon(cluster, daemon);
      if (!started) note("runs already");
      if (daemon.name === "kube-apiserver") await waitForServer(client);
      if (daemon.name === "kube-controller-manager") await installClusterDns(client, cluster, signal);
    });
  }
  await step("node is Ready", () => waitForNode(client, cluster));
  await step("cluster DNS answers", () => waitForDns(cluster));
  printNextSteps(cluster);
}

async function adminClient(cluster: LocalCluster): Promise<Client> {
  return createClient(await clientConfigFromFile(cluster.adminKubeconfig), { userAgent: "kube-ts-up" });
}

function waitForServer(client: Client): Promise<void> {
  return waitUntil("the API server is ready (see .cluster/logs/kube-apiserver.log)", readyTimeoutMs, () =>
    client.raw({ method: "GET", path: "/readyz" }).then(
      (response) => response.status === 200,
      () => false,
    ),
  );
}

function waitForNode(client: Client, cluster: LocalCluster): Promise<void> {
  return waitUntil("the node is Ready (see .cluster/logs/kubelet.log)", readyTimeoutMs, async () => {
    const node = await client
      .resource(nodes)
      .get({ name: cluster.nodeName })
      .catch(() => undefined);
    return node !== undefined && isConditionTrue(node.status?.conditions, "Ready");
  });
}

function waitForDns(cluster: LocalCluster): Promise<void> {
  const name = `kubernetes.default.svc.${cluster.clusterDomain}`;
  return waitUntil("cluster DNS answers (see .cluster/logs/cluster-dns.log and kube-proxy.log)", readyTimeoutMs, () =>
    resolves(name, cluster.dnsServiceIp),
  );
}

function printNextSteps(cluster: LocalCluster): void {
  const kubeconfig = relative(process.cwd(), cluster.adminKubeconfig) || cluster.adminKubeconfig;
  const kubectl = relative(process.cwd(), join(repositoryRoot, "packages", "kubectl", "bin", "kubectl"));
  process.stdout.write(`
The cluster is up (${elapsedSeconds()} s). Try:
  export KUBECONFIG=$PWD/${kubeconfig} PATH=$PWD/${join(kubectl, "..")}:$PATH
  kubectl create deployment web --image=kube-ts/demo:v1 --replicas=3 && kubectl expose deployment web --port=80 --target-port=8080
  kubectl get pods -o wide && wget -qO- http://$(kubectl get service web -o jsonpath='{.spec.clusterIP}')
`);
}

await up().catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
