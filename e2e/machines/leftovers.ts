import { run, succeeds } from "../../deploy/local/command.ts";
import { labLabel } from "./lab-engine.ts";
import { isOwnerAlive, ownerLabel } from "./owner.ts";

const tablePrefix = "kube_ts_lab_";

/** The packet filter's table of a laboratory, on the computer that runs it. */
export function tableOf(lab: string): string {
  return `${tablePrefix}${lab}`;
}

/** Removes all that belongs to a laboratory, however much of it there is. */
export async function removeLab(lab: string): Promise<void> {
  const filter = ["--filter", `label=${labLabel}=${lab}`];
  const all = async (...list: string[]) =>
    (await run("docker", [...list, "--quiet", ...filter])).split("\n").filter(Boolean);
  const containers = await all("ps", "--all");
  // A frozen container cannot be killed.
  for (const container of containers) await succeeds("docker", ["unpause", container]);
  if (containers.length > 0) await run("docker", ["rm", "--force", "--volumes", ...containers], 180_000);
  const volumes = await all("volume", "ls");
  if (volumes.length > 0) await run("docker", ["volume", "rm", "--force", ...volumes], 180_000);
  const networks = await all("network", "ls");
  if (networks.length > 0) await run("docker", ["network", "rm", ...networks]);
  for (const family of ["bridge", "netdev"]) await succeeds("nft", ["delete", "table", family, tableOf(lab)]);
}

/** Removes the laboratories whose processes ended without doing so. */
export async function removeLeftovers(): Promise<void> {
  for (const { lab, owner } of await labs()) if (!isOwnerAlive(owner)) await removeLab(lab);
}

/** Laboratories that have anything in the engine. */
async function labs(): Promise<readonly { readonly lab: string; readonly owner: string }[]> {
  const filter = ["--filter", `label=${labLabel}`];
  const format = ["--format", `{{.Label "${labLabel}"}} {{.Label "${ownerLabel}"}}`];
  const lists = await Promise.all([
    run("docker", ["ps", "--all", ...filter, ...format]),
    run("docker", ["volume", "ls", ...filter, ...format]),
    run("docker", ["network", "ls", ...filter, ...format]),
  ]);
  const found = new Map<string, string>();
  for (const line of lists.join("\n").split("\n")) {
    const [lab = "", owner = ""] = line.split(" ");
    if (lab !== "" && (owner !== "" || !found.has(lab))) found.set(lab, owner);
  }
  return [...found].map(([lab, owner]) => ({ lab, owner }));
}
