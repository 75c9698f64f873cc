import type { ContainerSummary, PodIdentity, Runtime, SandboxSummary } from "../runtime/runtime.ts";

/** What the runtime has of one pod, in short. */
export interface PodSummary {
  readonly identity: PodIdentity;
  readonly sandboxes: readonly SandboxSummary[];
  readonly containers: readonly ContainerSummary[];
}

/** Everything the runtime has, by pod uid. */
export async function listPods(runtime: Runtime, signal: AbortSignal): Promise<ReadonlyMap<string, PodSummary>> {
  const [sandboxes, containers] = await Promise.all([
    runtime.listPodSandboxes({}, signal),
    runtime.listContainers({}, signal),
  ]);
  const pods = new Map<
    string,
    { identity: PodIdentity; sandboxes: SandboxSummary[]; containers: ContainerSummary[] }
  >();
  const entryOf = (identity: PodIdentity) => {
    const known = pods.get(identity.uid) ?? { identity, sandboxes: [], containers: [] };
    pods.set(identity.uid, known);
    return known;
  };
  for (const sandbox of sandboxes) entryOf(sandbox.pod).sandboxes.push(sandbox);
  for (const container of containers) entryOf(container.pod).containers.push(container);
  return pods;
}

/** Two summaries with the same fingerprint show the same instances in the same states. */
export function fingerprint({ sandboxes, containers }: PodSummary): string {
  return [...sandboxes, ...containers]
    .map(({ id, state }) => `${id}=${state}`)
    .toSorted()
    .join(",");
}
