import { mkdir, writeFile } from "node:fs/promises";
import { type Logger, errorFields } from "@kube-ts/std/log";
import type { KubeletConfig } from "../config/kubelet-config.ts";
import { hasSwap } from "./machine.ts";

/** Checks and prepares the machine before anything is run on it. Throws an Error that says what stands in the way. */
export async function prepareMachine(config: KubeletConfig, cgroupVersion: 1 | 2, log: Logger): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error("the kubelet must run as root");
  if (await hasSwap()) {
    if (config.failSwapOn) {
      throw new Error("running with swap on is not supported, please disable swap or set --fail-swap-on flag to false");
    }
    log.warn("swap is on: pods' memory may be swapped out");
  }
  if (cgroupVersion === 1) {
    if (config.failCgroupV1) throw new Error("kubelet is configured to not run on a host using cgroup v1");
    log.warn("cgroup v1 is in use: upstream is about to give it up");
  }
  await mkdir(config.rootDirectory, { recursive: true, mode: 0o750 });
  await mkdir(config.pods.logsDirectory, { recursive: true, mode: 0o755 });
  await writeFile("/proc/self/oom_score_adj", `${config.oomScoreAdj}`).catch((error: unknown) => {
    log.warn("the kubelet's own oom_score_adj cannot be set", {
      wanted: config.oomScoreAdj,
      error: errorFields(error),
    });
  });
}
