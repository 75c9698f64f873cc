import { run } from "./command.ts";

/** Marks the sandbox and every container of a pod. */
const podLabel = "io.kubernetes.pod.uid";

/** Removes the containers of all pods of this machine. */
export async function removePods(): Promise<void> {
  const ids = (await run("docker", ["ps", "--all", "--quiet", "--filter", `label=${podLabel}`]))
    .split("\n")
    .filter(Boolean);
  if (ids.length > 0) await run("docker", ["rm", "--force", "--volumes", ...ids], 180_000);
}
