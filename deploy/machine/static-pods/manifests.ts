import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { formatYaml } from "@kube-ts/std/yaml";
import type { DaemonPlan } from "../../cluster/daemon-flags.ts";
import { daemonUnits } from "../../units/unit-files.ts";
import type { DaemonName } from "../../units/unit-files.ts";
import { privateFile } from "../files/planned-file.ts";
import { writeFiles } from "../files/write-files.ts";
import { staticPodDaemons } from "../machine-daemons.ts";
import { inputFiles } from "../machine-file-plan.ts";
import { staticPodDirectory } from "../places.ts";
import { disableUnit, stopUnit } from "../systemd.ts";
import { controlPlaneImage, ensureImage } from "./control-plane-image.ts";
import { staticPod } from "./static-pod.ts";

/**
 * Makes way for static pods on this machine: builds the image of the control plane, and ends the units that would be in
 * their way. Answers what was changed. May be repeated.
 */
export async function prepareStaticPods(image: ImageRecipe, signal: AbortSignal): Promise<readonly string[]> {
  const isBuilt = await ensureImage(image, signal);
  // The kubelet watches what is there when it starts.
  await mkdir(staticPodDirectory, { recursive: true, mode: 0o755 });
  for (const daemon of staticPodDaemons) {
    const { unit, envFile } = daemonUnits[daemon];
    await disableUnit(unit, signal);
    await stopUnit(unit, signal);
    // Without it the unit is skipped when somebody starts it.
    await rm(envFile, { force: true });
  }
  return isBuilt ? [`built the image ${image.tag}`] : [];
}

/**
 * Has a daemon of the control plane run as a static pod, with its files as they are now, and waits until it is well. The
 * kubelet has to run. Answers what was changed. May be repeated.
 */
export async function ensureStaticPod(
  daemon: DaemonName,
  plan: DaemonPlan,
  imageTag: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const pod = staticPod(daemon, plan, imageTag, await inputsDigest(daemon, plan));
  const written = await writeFiles([privateFile(manifestPath(daemon), formatYaml(pod))]);
  const [port = 0] = portsOf(plan.config, daemon);
  await waitForStaticPod(daemon, { uid: pod.metadata.uid ?? "", port }, signal);
  return written.map((path) => `wrote ${path}`);
}

/** The image that a daemon's pod runs from now; undefined for a daemon without a manifest. */
export async function imageOfManifest(daemon: DaemonName): Promise<string | undefined> {
  const text = await readText(manifestPath(daemon));
  return text === undefined ? undefined : /^ *image: "?([^"\s]+)"?$/m.exec(text)?.[1];
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
