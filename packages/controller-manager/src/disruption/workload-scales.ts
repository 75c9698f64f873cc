import type { Scale } from "@kube-ts/api/autoscaling/v1";
import type { Pod } from "@kube-ts/api/core/v1";
import type { OwnerReference } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { nameOf, namespaceOf, objectKey, uidOf } from "@kube-ts/api/object";
import { controllerOf } from "@kube-ts/api/owner-references";
import { type ResourceType, groupResourceOf } from "@kube-ts/api/resource-type";
import { deployments, replicaSets, replicationControllers, statefulSets } from "@kube-ts/api/resource-types";
import { findApiError, isNotFound } from "@kube-ts/api/status-error";
import type { Informer } from "@kube-ts/client/informer";
import type { ControllerContext } from "../framework/controller.ts";
import { type DiscoveredResource, type Discovery, discover } from "../framework/discovery.ts";

/** What the controllers of some pods want. */
export interface PodScale {
  /** How many pods, together. */
  readonly replicas: number;
  /** Names of pods that nobody controls. */
  readonly unmanaged: readonly string[];
}

interface Workload extends KubeObject {
  readonly spec?: { readonly replicas?: number } | undefined;
}

/** A kind that is not found is looked for again after this long at the earliest. */
const discoveryPauseMs = 5_000;

/** Finds out how many pods the controllers of pods want: from caches, or by asking for the scale of unknown kinds. */
export class WorkloadScales {
  readonly #context: ControllerContext;
  /** By `kind.group`. */
  readonly #known: ReadonlyMap<string, Informer<Workload>>;
  #discovered: { readonly discovery: Discovery; readonly atMs: number } | undefined;

  constructor(context: ControllerContext) {
    this.#context = context;
    const types: readonly ResourceType<Workload>[] = [
      replicationControllers,
      replicaSets,
      deployments,
      statefulSets,
    ] as readonly ResourceType<KubeObject>[];
    this.#known = new Map(types.map((type) => [`${type.kind}.${type.group}`, context.informers.informer(type)]));
  }

  /** Rejects with an Error that says why it cannot be told. */
  async of(pods: readonly Pod[], signal: AbortSignal): Promise<PodScale> {
    const replicas = new Map<string, number>();
    const unmanaged: string[] = [];
    for (const pod of pods) {
      const controller = controllerOf(pod);
      if (!controller) unmanaged.push(nameOf(pod));
      else if (!replicas.has(controller.uid)) {
        const { uid, count } = await this.#scaleOf(pod, controller, signal);
        replicas.set(controller.uid, 0).set(uid, count);
      }
    }
    return { replicas: [...replicas.values()].reduce((sum, count) => sum + count, 0), unmanaged };
  }

  async #scaleOf(
    pod: Pod,
    controller: OwnerReference,
    signal: AbortSignal,
  ): Promise<{ readonly uid: string; readonly count: number }> {
    const workload = this.#workload(namespaceOf(pod), controller);
    if (workload) {
      const owner = controllerOf(workload);
      const parent = owner?.kind === "Deployment" ? this.#workload(namespaceOf(pod), owner) : undefined;
      const sized = parent ?? workload;
      return { uid: uidOf(sized), count: sized.spec?.replicas ?? 1 };
    }
    const scale = await this.#askForScale(namespaceOf(pod), controller, signal);
    if (!scale || scale.metadata.uid !== controller.uid) {
      throw new Error(`found no controllers for pod "${nameOf(pod)}"`);
    }
    return { uid: controller.uid, count: scale.spec?.replicas ?? 0 };
  }

  /** Undefined when the cache has no such object, or another one of that name. */
  #workload(namespace: string, { apiVersion, kind, name, uid }: OwnerReference): Workload | undefined {
    const group = groupOf(apiVersion);
    const found = this.#known
      .get(`${kind}.${group === "extensions" ? "apps" : group}`)
      ?.get(objectKey(namespace, name));
    return found && uidOf(found) === uid ? found : undefined;
  }

  async #askForScale(
    namespace: string,
    { apiVersion, kind, name }: OwnerReference,
    signal: AbortSignal,
  ): Promise<Scale | undefined> {
    const type = await this.#typeOf(apiVersion, kind, signal);
    try {
      return await this.#context.client.resource(type).getSubresource<Scale>({ namespace, name }, "scale", { signal });
    } catch (error) {
      if (!isNotFound(error)) throw error;
      // The answer of a server without such a path names no object.
      if (findApiError(error)?.status.details?.name) return undefined;
      const { group, resource } = groupResourceOf(type);
      const what = group === "" ? resource : `${resource}.${group}`;
      throw new Error(`${what} does not implement the scale subresource`, { cause: error });
    }
  }

  async #typeOf(apiVersion: string, kind: string, signal: AbortSignal): Promise<ResourceType> {
    const matches = ({ type }: DiscoveredResource) => type.kind === kind && type.group === groupOf(apiVersion);
    const { client, clock } = this.#context;
    const nowMs = clock.monotonicMs();
    let found = this.#discovered?.discovery.resources.find(matches);
    if (!found && (!this.#discovered || nowMs - this.#discovered.atMs > discoveryPauseMs)) {
      this.#discovered = { discovery: await discover(client, signal), atMs: nowMs };
      found = this.#discovered.discovery.resources.find(matches);
    }
    if (!found) throw new Error(`no matches for kind "${kind}" in version "${apiVersion}"`);
    return found.type;
  }
}

function groupOf(apiVersion: string): string {
  const [first = "", second] = apiVersion.split("/");
  return second === undefined ? "" : first;
}
