import { createHash } from "node:crypto";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Pod } from "@kube-ts/api/core/v1";
import { formatYaml, parseYaml } from "@kube-ts/std/yaml";
import type { DaemonPlan } from "../../cluster/daemon-flags.ts";
import { daemonUnits } from "../../units/unit-files.ts";
import type { DaemonName } from "../../units/unit-files.ts";
import { privateFile } from "../files/planned-file.ts";
import { readText, writeFiles } from "../files/write-files.ts";
import { staticPodDaemons } from "../machine-daemons.ts";
import { inputFiles } from "../machine-file-plan.ts";
import { staticPodDirectory } from "../places.ts";
import { inputsOf, staticPod, withInputs } from "./static-pod.ts";

/** Writes the manifest of a daemon, with a digest of its files as they are now; answers whether it was another one. */
export async function writeManifest(daemon: DaemonName, plan: DaemonPlan, imageTag: string): Promise<boolean> {
  return store(daemon, staticPod(daemon, plan, imageTag, await inputsDigest(daemon, plan)));
}

/** Whether the daemon's pod was made for other files than are there now. */
export async function isManifestStale(daemon: DaemonName, plan: DaemonPlan): Promise<boolean> {
  const pod = await readManifest(daemon);
  return pod !== undefined && inputsOf(pod) !== (await inputsDigest(daemon, plan));
}

/**
 * Has the manifest of a daemon say what its files are now, and keeps the rest of it, such as the image of a version that
 * still runs. Without a manifest there is nothing to do.
 */
export async function refreshManifest(daemon: DaemonName, plan: DaemonPlan): Promise<void> {
  const pod = await readManifest(daemon);
  if (pod) await store(daemon, withInputs(pod, await inputsDigest(daemon, plan)));
}

/** The pod that the kubelet is to run; undefined where there is no manifest. */
export async function readManifest(daemon: DaemonName): Promise<Pod | undefined> {
  const text = await readText(manifestPath(daemon));
  return text === undefined ? undefined : (parseYaml(text) as Pod);
}

async function store(daemon: DaemonName, pod: Pod): Promise<boolean> {
  return (await writeFiles([privateFile(manifestPath(daemon), formatYaml(pod))])).length > 0;
}

/** Takes the manifests away, where units are to run; answers what was removed. The kubelet ends the pods. */
export async function removeStaticPods(): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const daemon of staticPodDaemons) {
    const path = manifestPath(daemon);
    if ((await stat(path).catch(() => undefined)) === undefined) continue;
    await rm(path);
    removed.push(`removed ${path}`);
  }
  return removed;
}

/** Where the kubelet finds the pod of a daemon. */
export function manifestPath(daemon: DaemonName): string {
  return join(staticPodDirectory, `${daemon}.yaml`);
}

/** Of the contents of what the daemon reads when it starts; its flags are in the manifest itself, its program in the image. */
async function inputsDigest(daemon: DaemonName, plan: DaemonPlan): Promise<string> {
  const { envFile } = daemonUnits[daemon];
  const paths = inputFiles(daemon, plan).filter((path) => path !== envFile && !path.startsWith("/usr/"));
  const hash = createHash("sha256");
  for (const path of [...new Set([...paths, plan.files.clusterCa])].toSorted()) await addFile(hash, path);
  return hash.digest("hex");
}

async function addFile(hash: ReturnType<typeof createHash>, path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return;
  if (found.isDirectory()) {
    for (const name of (await readdir(path)).toSorted()) await addFile(hash, join(path, name));
    return;
  }
  hash.update(`${path}\0`);
  hash.update(await readFile(path));
}
