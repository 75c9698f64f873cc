import { request } from "node:https";
import type { ClusterConfig } from "../../cluster/cluster-config.ts";
import type { DaemonName } from "../../units/unit-files.ts";
import { portsOf } from "../preflight.ts";
import { waitFor } from "../wait-for.ts";
import { runningContainers } from "./containers.ts";
import { manifestPath, readManifest } from "./manifests.ts";

const readyMs = 240_000;

/** Resolves when the pod of the manifest as it is now runs, and nothing of a former one, and says that it is well. */
export async function waitForStaticPod(daemon: DaemonName, config: ClusterConfig, signal: AbortSignal): Promise<void> {
  const uid = (await readManifest(daemon))?.metadata.uid;
  if (uid === undefined) throw new Error(`${manifestPath(daemon)} has no uid: run kube-ts install`);
  const [port = 0] = portsOf(config, daemon);
  const path = daemon === "kube-apiserver" ? "/readyz" : "/healthz";
  const check = async () => {
    const found = await runningContainers(daemon, signal);
    if (found.some(({ podUid }) => podUid !== uid)) throw new Error("a container of its former pod runs");
    if (found.length === 0) throw new Error("it has no container that runs");
    const status = await statusOf(port, path);
    if (status !== 200) throw new Error(`${path} answers ${status}`);
    return true;
  };
  await waitFor(`the static pod ${daemon} is well (journalctl -u kubelet, docker logs)`, readyMs, check, signal);
}

/** Whose answer it is need not be proved: it is this machine's own port, and nothing is told. Rejects without one. */
function statusOf(port: number, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path, rejectUnauthorized: false, timeout: 5_000, agent: false };
    const asked = request(options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on("error", reject);
    asked.on("timeout", () => asked.destroy(new Error(`${path} does not answer in time`)));
    asked.end();
  });
}
