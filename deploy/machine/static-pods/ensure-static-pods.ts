import { mkdir, rm } from "node:fs/promises";
import type { DaemonPlan } from "../../cluster/daemon-flags.ts";
import { daemonUnits } from "../../units/unit-files.ts";
import type { DaemonName } from "../../units/unit-files.ts";
import { staticPodDaemons } from "../machine-daemons.ts";
import { staticPodDirectory } from "../places.ts";
import { disableUnit, stopUnit } from "../systemd.ts";
import { controlPlaneImage, ensureImage } from "./control-plane-image.ts";
import { manifestPath, writeManifest } from "./manifests.ts";
import { waitForStaticPod } from "./wait-for-pod.ts";

/** What the static pods of this machine are made of. */
export interface StaticPodGround {
  /** Tag of the image of the programs that are installed now. */
  readonly image: string;
  readonly changes: readonly string[];
}

/**
 * Prepares this machine for a control plane of static pods: builds their image, and ends the units that would be in their
 * way. May be repeated.
 */
export async function prepareStaticPods(signal: AbortSignal): Promise<StaticPodGround> {
  const image = await controlPlaneImage();
  const isBuilt = await ensureImage(image, signal);
  // The kubelet watches it only if it is there when the kubelet starts.
  await mkdir(staticPodDirectory, { recursive: true, mode: 0o755 });
  for (const daemon of staticPodDaemons) {
    const { unit, envFile } = daemonUnits[daemon];
    await disableUnit(unit, signal);
    await stopUnit(unit, signal);
    // Without it the unit is skipped when somebody starts it.
    await rm(envFile, { force: true });
  }
  return { image: image.tag, changes: isBuilt ? [`built the image ${image.tag}`] : [] };
}

/**
 * Has the kubelet, which runs, keep a daemon running as the machine's files and flags are now, and waits until it is well.
 * Answers what was changed. May be repeated.
 */
export async function ensureStaticPod(
  daemon: DaemonName,
  plan: DaemonPlan,
  { image }: StaticPodGround,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const isOther = await writeManifest(daemon, plan, image);
  await waitForStaticPod(daemon, plan.config, signal);
  return isOther ? [`wrote ${manifestPath(daemon)}`] : [];
}
