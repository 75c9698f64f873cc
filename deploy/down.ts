import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { builtImages } from "./local/built-images.ts";
import { run, succeeds } from "./local/command.ts";
import { removePods } from "./local/containers.ts";
import { dockerDaemonName } from "./local/docker-engine.ts";
import { engineAnswers } from "./local/engine-answers.ts";
import { localCluster, repositoryRoot } from "./local/layout.ts";
import type { LocalCluster } from "./local/layout.ts";
import { removeCgroups, removePodNetwork, unmountBelow } from "./local/leftovers.ts";
import { step } from "./local/progress.ts";
import { daemonPid, stopDaemon } from "./local/supervision.ts";

/** In the reverse order of their start; Docker goes last, once its containers are gone. */
const daemonNames = [
  "cluster-dns",
  "kube-proxy",
  "kubelet",
  "kube-scheduler",
  "kube-controller-manager",
  "kube-apiserver",
  "etcd",
];

/** Takes the local cluster of this checkout down, with everything that it left on the machine. */
async function down(): Promise<void> {
  const cluster = localCluster();
  if (!existsSync(cluster.directory)) {
    process.stdout.write("there is no local cluster\n");
    return;
  }
  if (process.getuid?.() !== 0) throw new Error("npm run down needs root");
  await step("daemons", async () => {
    for (const name of daemonNames) await stopDaemon(cluster, name);
  });
  if (await engineAnswers(cluster.dockerSocket)) {
    await step("pods", removePods);
    await step("images", () => removeImages(cluster));
  }
  if (daemonPid(cluster, dockerDaemonName) !== undefined) {
    await step("Docker Engine", () => stopDaemon(cluster, dockerDaemonName));
  }
  await step("service rules", () => removeServiceRules(cluster));
  await step("pod network", removePodNetwork);
  await step("mounts, control groups and files", async () => {
    await unmountBelow(cluster.directory);
    await removeCgroups();
    rmSync(cluster.directory, { recursive: true, force: true });
  });
}

async function removeImages(cluster: LocalCluster): Promise<void> {
  for (const tag of builtImages(cluster)) await succeeds("docker", ["image", "rm", "--force", tag]);
}

async function removeServiceRules(cluster: LocalCluster): Promise<void> {
  const kubeProxy = join(repositoryRoot, "packages", "kube-proxy", "bin", "kube-proxy");
  await run(kubeProxy, ["--cleanup", `--cluster-cidr=${cluster.podCidr}`]);
}

await down().catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
