import { stat } from "node:fs/promises";
import { request } from "node:https";
import type { DaemonName } from "../../units/unit-files.ts";
import { waitFor } from "../wait-for.ts";
import { runningContainers } from "./containers.ts";
import { manifestPath } from "./manifests.ts";

const readyMs = 240_000;

/** Resolves when the pod of the manifest as it is now runs and says that it is well. */
export async function waitForStaticPod(
  daemon: DaemonName,
  port: number,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const { mtimeMs } = await stat(manifestPath(daemon));
  const check = async () => (await startedMs(daemon, signal)) > mtimeMs && (await isHealthy(port, path));
  await waitFor(`the static pod ${daemon} is well (journalctl -u kubelet, docker logs)`, readyMs, check, signal);
}

/** When the container of the daemon was made that runs now; 0 for none. */
async function startedMs(daemon: DaemonName, signal: AbortSignal): Promise<number> {
  return Math.max(0, ...(await runningContainers(daemon, signal)).map(({ createdMs }) => createdMs));
}

/** Whose answer it is need not be proved: it is this machine's own port, and nothing is told. */
function isHealthy(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { host: "127.0.0.1", port, path, rejectUnauthorized: false, timeout: 5_000, agent: false };
    const asked = request(options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on("error", () => resolve(false));
    asked.on("timeout", () => asked.destroy());
    asked.end();
  });
}
