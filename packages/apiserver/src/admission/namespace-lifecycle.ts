import type { Namespace } from "@kube-ts/api/core/v1";
import { localSubjectAccessReviews, namespaces } from "@kube-ts/api/resource-types";
import { notFound } from "@kube-ts/api/status-error";
import type { Clock } from "@kube-ts/std/clock";
import { LRUCache } from "lru-cache";
import type { ObjectSource } from "../registry/object-source.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { admissionForbidden, isWriteOf } from "./forbidden.ts";

const immortalNamespaces = ["default", "kube-system", "kube-public"];

/** For how long the cache is not believed about a namespace whose deletion was just asked for. */
const distrustMs = 30_000;
const maxDistrusted = 100;

/** Nothing can be made in a namespace that does not exist or is going away, and some namespaces stay for ever. */
export class NamespaceLifecycle implements AdmissionPlugin {
  readonly name = "NamespaceLifecycle";
  readonly #source: ObjectSource;
  readonly #beingDeleted: LRUCache<string, true>;

  constructor(source: ObjectSource, clock: Clock) {
    this.#source = source;
    this.#beingDeleted = new LRUCache({
      max: maxDistrusted,
      ttl: distrustMs,
      ttlResolution: 0,
      perf: { now: () => clock.monotonicMs() },
    });
  }

  handles(operation: AdmissionOperation): boolean {
    return operation !== "CONNECT";
  }

  async admit(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> {
    if (isWriteOf(attributes, namespaces, [attributes.subresource])) {
      if (attributes.operation === "DELETE") this.#noteDeletion(attributes);
      return;
    }
    if (attributes.namespace === "" || attributes.operation === "DELETE") return;
    // An answer about the namespace would tell users about namespaces that they must not know of.
    if (isWriteOf(attributes, localSubjectAccessReviews)) return;
    const namespace = await this.#find(attributes.namespace, signal);
    if (!namespace) throw notFound({ group: "", resource: "namespaces" }, attributes.namespace);
    if (attributes.operation === "CREATE" && namespace.status?.phase === "Terminating") throw terminating(attributes);
  }

  #noteDeletion(attributes: AdmissionAttributes): void {
    if (immortalNamespaces.includes(attributes.name)) {
      throw admissionForbidden(attributes, "this namespace may not be deleted");
    }
    this.#beingDeleted.set(attributes.name, true);
  }

  async #find(name: string, signal: AbortSignal): Promise<Namespace | undefined> {
    const cached = this.#source.get(namespaces, "", name);
    const doubtful = cached?.status?.phase !== "Terminating" && this.#beingDeleted.has(name);
    return cached && !doubtful ? cached : this.#source.getLatest(namespaces, "", name, signal);
  }
}

function terminating(attributes: AdmissionAttributes) {
  const { namespace } = attributes;
  return admissionForbidden(
    attributes,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
    {
      reason: "NamespaceTerminating",
      message: `namespace ${namespace} is being terminated`,
      field: "metadata.namespace",
    },
  );
}
