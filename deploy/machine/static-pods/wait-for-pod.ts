import { stat } from "node:fs/promises";
import { request } from "node:https";
import { runProgram } from "@kube-ts/std/run-program";
import type { DaemonName } from "../../units/unit-files.ts";
import { waitFor } from "../wait-for.ts";
import { manifestPath } from "./manifests.ts";

const readyMs = 240_000;
const askMs = 20_000;

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
  const filters = [`label=io.kubernetes.container.name=${daemon}`, "label=io.kubernetes.pod.namespace=kube-system"];
  const list = ["docker", "ps", "--quiet", ...filters.flatMap((filter) => ["--filter", filter])];
  const ids = (await runProgram({ command: list, timeoutMs: askMs }, signal)).stdout.split("\n").filter(Boolean);
  if (ids.length === 0) return 0;
  const inspect = ["docker", "inspect", "--format={{.Created}}", ...ids];
  const { stdout } = await runProgram({ command: inspect, timeoutMs: askMs }, signal);
  return Math.max(
    ...stdout
      .split("\n")
      .filter(Boolean)
      .map((text) => Date.parse(text)),
  );
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
