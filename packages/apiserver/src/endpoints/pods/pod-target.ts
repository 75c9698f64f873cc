import type { Node, Pod } from "@kube-ts/api/core/v1";
import { nodes } from "@kube-ts/api/resource-types";
import { badRequest } from "@kube-ts/api/status-error";
import type { ObjectSource } from "../../registry/object-source.ts";

/** All containers of a pod, in upstream's order: init, app, ephemeral. */
function containerNames({ spec }: Pod): string[] {
  return [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])].map(
    ({ name }) => name,
  );
}

/** The container that a request means. Throws BadRequest when it must name one, or names one that is not there. */
export function chooseContainer(pod: Pod, wanted: string): string {
  const podName = pod.metadata.name ?? "";
  if (wanted !== "") {
    if (!containerNames(pod).includes(wanted)) throw badRequest(`container ${wanted} is not valid for pod ${podName}`);
    return wanted;
  }
  const [only, ...others] = pod.spec.containers;
  if (only && others.length === 0) return only.name;
  const names = pod.spec.containers.map(({ name }) => name).join(" ");
  const initNames = (pod.spec.initContainers ?? []).map(({ name }) => name).join(" ");
  const initText = initNames === "" ? "" : ` or one of the init containers: [${initNames}]`;
  throw badRequest(`a container name must be specified for pod ${podName}, choose one of: [${names}]${initText}`);
}

/** The node a pod runs on; undefined while it has none. Throws NotFound when the node is gone. */
export async function nodeOf(pod: Pod, source: ObjectSource, signal: AbortSignal): Promise<Node | undefined> {
  const name = pod.spec.nodeName;
  if (!name) return undefined;
  const node = source.get(nodes, "", name) ?? (await source.getLatest(nodes, "", name, signal));
  if (!node) throw badRequest(`node "${name}" of pod ${pod.metadata.name ?? ""} does not exist`);
  return node;
}
