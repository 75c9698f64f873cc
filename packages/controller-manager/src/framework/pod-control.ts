import type { Pod, PodTemplateSpec } from "@kube-ts/api/core/v1";
import type { OwnerReference } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { nameOf, namespaceOf, uidOf } from "@kube-ts/api/object";
import { pods } from "@kube-ts/api/resource-types";
import { isNamespaceTerminating, isNotFound } from "@kube-ts/api/status-error";
import type { ControllerContext } from "./controller.ts";

const maxPrefixLength = 58;

/** Creates and deletes the pods of a controller's objects, and tells of it in events on them. */
export class PodControl {
  readonly #context: ControllerContext;

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  /** Creates a pod from the template, managed by the owner. */
  async create(
    owner: KubeObject,
    reference: OwnerReference,
    template: PodTemplateSpec,
    signal: AbortSignal,
  ): Promise<void> {
    const { client, events } = this.#context;
    const pod: Pod = {
      metadata: {
        generateName: `${nameOf(owner).slice(0, maxPrefixLength)}-`,
        namespace: namespaceOf(owner),
        labels: { ...template.metadata?.labels },
        annotations: { ...template.metadata?.annotations },
        ...(template.metadata?.finalizers && { finalizers: [...template.metadata.finalizers] }),
        ownerReferences: [reference],
      },
      spec: template.spec ?? { containers: [] },
    };
    try {
      const created = await client.resource(pods).create(pod, { signal });
      events.event(owner, "Normal", "SuccessfulCreate", `Created pod: ${nameOf(created)}`);
    } catch (error) {
      // Nothing can be created in a namespace that goes away; it takes the owner with it.
      if (isNamespaceTerminating(error)) return;
      events.event(owner, "Warning", "FailedCreate", `Error creating: ${messageOf(error)}`);
      throw error;
    }
  }

  /** Deletes the pod; one that is gone already counts as deleted. */
  async delete(owner: KubeObject, pod: Pod, signal: AbortSignal): Promise<void> {
    const { client, events } = this.#context;
    const key = { namespace: namespaceOf(pod), name: nameOf(pod) };
    try {
      await client.resource(pods).delete(key, { preconditions: { uid: uidOf(pod) }, signal });
      events.event(owner, "Normal", "SuccessfulDelete", `Deleted pod: ${nameOf(pod)}`);
    } catch (error) {
      if (isNotFound(error)) return;
      events.event(owner, "Warning", "FailedDelete", `Error deleting: ${messageOf(error)}`);
      throw error;
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
