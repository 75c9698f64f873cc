import { existsSync, mkdirSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { waitUntil } from "./command.ts";
import type { LocalCluster } from "./layout.ts";
import { startDaemon } from "./supervision.ts";

export const dockerDaemonName = "dockerd";

/** Whether an engine answers on the socket. */
export function engineAnswers(socketPath: string): Promise<boolean> {
  if (!existsSync(socketPath)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const ping = request({ socketPath, path: "/_ping", timeout: 3_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.on("error", () => resolve(false));
    ping.on("timeout", () => ping.destroy());
    ping.end();
  });
}

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
