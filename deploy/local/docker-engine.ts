import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { waitUntil } from "./command.ts";
import { engineAnswers } from "./engine-answers.ts";
import type { LocalCluster } from "./layout.ts";
import { startDaemon } from "./supervision.ts";

export const dockerDaemonName = "dockerd";

/**
 * Uses the Docker Engine that runs; starts one of the cluster's own when none does. Answers whether it was
 * started.
 */
export async function ensureEngine(cluster: LocalCluster): Promise<boolean> {
  if (await engineAnswers(cluster.dockerSocket)) return false;
  const dataRoot = join(cluster.directory, "docker");
  mkdirSync(dataRoot, { recursive: true });
  await startDaemon(cluster, {
    name: dockerDaemonName,
    command: "dockerd",
    args: [
      `--host=unix://${cluster.dockerSocket}`,
      `--data-root=${dataRoot}`,
      `--exec-root=${join(cluster.directory, "run", "docker")}`,
      `--pidfile=${join(cluster.directory, "run", "docker-engine.pid")}`,
      // Pods get their network from CNI: the engine needs no bridge and no packet filter rules of its own.
      "--bridge=none",
      "--iptables=false",
      "--live-restore",
    ],
  });
  await waitUntil("the Docker Engine answers", 60_000, () => engineAnswers(cluster.dockerSocket));
  return true;
}
