import type { Pod } from "@kube-ts/api/core/v1";
import { nameOf } from "@kube-ts/api/object";
import type { KubeList, KubeObject } from "@kube-ts/api/object";
import { pods } from "@kube-ts/api/resource-types";
import { isMethodNotSupported, isNotFound } from "@kube-ts/api/status-error";
import type { Client } from "@kube-ts/client/client";
import { discover } from "../framework/discovery.ts";
import type { DiscoveredResource } from "../framework/discovery.ts";
import type { Emptying, Remainder } from "./plan.ts";

const pageSize = 500;

/** Asks for the deletion of everything in the namespace and tells what is left. Pods go before all others. */
export async function emptyNamespace(client: Client, namespace: string, signal: AbortSignal): Promise<Emptying> {
  const discovery = await discover(client, signal);
  const failures: string[] = [];
  const remainders: Remainder[] = [];
  const deletable = discovery.resources.filter(({ type, verbs }) => type.namespaced && verbs.has("delete"));
  const isPods = ({ type }: DiscoveredResource) => type.group === "" && type.plural === "pods";
  const empty = async (resource: DiscoveredResource) => {
    try {
      const remainder = await emptyResource(client, resource, namespace, signal);
      if (remainder) remainders.push(remainder);
    } catch (error) {
      signal.throwIfAborted();
      failures.push(error instanceof Error ? error.message : String(error));
    }
  };
  for (const resource of deletable.filter(isPods)) await empty(resource);
  // What pods need, such as their network policies and volumes, stays until the last pod is gone.
  const podsAreGone = failures.length === 0 && remainders.length === 0;
  if (podsAreGone) for (const resource of deletable) if (!isPods(resource)) await empty(resource);
  return { discoveryFailure: discoveryFailure(discovery.failures), failures, remainders };
}

function discoveryFailure(failures: ReadonlyMap<string, string>): string | undefined {
  if (failures.size === 0) return undefined;
  const each = [...failures].map(([name, reason]) => `${name}: ${reason}`);
  return `Discovery failed for some groups, ${failures.size} failing: unable to retrieve the complete list of server APIs: ${each.join(", ")}`;
}

async function emptyResource(
  client: Client,
  resource: DiscoveredResource,
  namespace: string,
  signal: AbortSignal,
): Promise<Remainder | undefined> {
  const { type, verbs } = resource;
  const canList = verbs.has("list");
  const deletedAtOnce = verbs.has("deletecollection") && (await deleteCollection(client, resource, namespace, signal));
  if (!canList) return undefined;
  if (!deletedAtOnce) await deleteEach(client, resource, namespace, signal);
  const left = await listAll(client, resource, namespace, signal);
  if (left.length === 0) return undefined;
  const finalizers = new Map<string, number>();
  for (const { metadata } of left) {
    for (const name of metadata.finalizers ?? []) finalizers.set(name, (finalizers.get(name) ?? 0) + 1);
  }
  const graceSeconds = type.group === "" && type.plural === "pods" ? await podGrace(client, namespace, signal) : 0;
  return { resource: `${type.plural}.${type.group}`, count: left.length, finalizers, graceSeconds };
}

/** False when the server does not know this verb after all. */
async function deleteCollection(
  client: Client,
  { type }: DiscoveredResource,
  namespace: string,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await client.resource(type).deleteCollection({ namespace }, { propagationPolicy: "Background", signal });
    return true;
  } catch (error) {
    if (isMethodNotSupported(error) || isNotFound(error)) return false;
    throw error;
  }
}

async function deleteEach(
  client: Client,
  resource: DiscoveredResource,
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  for (const object of await listAll(client, resource, namespace, signal)) {
    const key = { namespace, name: nameOf(object) };
    await client
      .resource(resource.type)
      .delete(key, { propagationPolicy: "Background", signal })
      .catch((error: unknown) => {
        if (!isNotFound(error) && !isMethodNotSupported(error)) throw error;
      });
  }
}

async function listAll(
  client: Client,
  { type }: DiscoveredResource,
  namespace: string,
  signal: AbortSignal,
): Promise<KubeObject[]> {
  const found: KubeObject[] = [];
  let continueToken: string | undefined;
  do {
    const position = continueToken === undefined ? {} : { continueToken };
    const page = await client
      .resource(type)
      .list({ namespace, metadataOnly: true, limit: pageSize, ...position, signal })
      .catch((error: unknown): KubeList<KubeObject> => {
        // Without a list there is nothing to wait for.
        if (isMethodNotSupported(error) || isNotFound(error)) return { items: [], metadata: {} };
        throw error;
      });
    found.push(...page.items);
    continueToken = page.metadata.continue || undefined;
  } while (continueToken !== undefined);
  return found;
}

/** The longest time that a pod of the namespace may take to end, in seconds. */
async function podGrace(client: Client, namespace: string, signal: AbortSignal): Promise<number> {
  const { items } = await client.resource(pods).list({ namespace, limit: pageSize, signal });
  const graceOf = ({ spec, metadata, status }: Pod) => {
    if (status?.phase === "Succeeded" || status?.phase === "Failed") return 0;
    return metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 0;
  };
  return Math.max(0, ...items.map(graceOf));
}
