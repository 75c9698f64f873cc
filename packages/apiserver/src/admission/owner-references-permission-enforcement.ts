import type { OwnerReference } from "@kube-ts/api/meta/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import type { KubeObject } from "@kube-ts/api/object";
import type { Authorizer } from "../auth/authorizer.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { admissionForbidden } from "./forbidden.ts";

/** A resource as its kind is served. */
export interface OwnerResource {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** The resource of a kind in a version; undefined for a kind that is not served. */
export type OwnerKinds = (group: string, version: string, kind: string) => OwnerResource | undefined;

/** Only who may delete an object decides who owns it, and only who may delete the owner holds up its deletion. */
export class OwnerReferencesPermissionEnforcement implements AdmissionPlugin {
  readonly name = "OwnerReferencesPermissionEnforcement";
  readonly #authorizer: Authorizer | undefined;
  readonly #kinds: OwnerKinds;

  /** Without an authorizer nobody may. */
  constructor(authorizer: Authorizer | undefined, kinds: OwnerKinds) {
    this.#authorizer = authorizer;
    this.#kinds = kinds;
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE" || operation === "UPDATE";
  }

  validate(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> | undefined {
    const { type, subresource, object, oldObject } = attributes;
    // Old kubelets garble the owners in reports; those are kept as they are anyway.
    if (type.group === "" && type.plural === "pods" && subresource === "status") return undefined;
    const before = ownersOf(oldObject);
    const now = ownersOf(object);
    return before.length === now.length && semanticEqual(before, now)
      ? undefined
      : this.#check(attributes, blockingAnew(now, before), signal);
  }

  async #check(
    attributes: AdmissionAttributes,
    blocking: readonly OwnerReference[],
    signal: AbortSignal,
  ): Promise<void> {
    const { type, subresource, name } = attributes;
    const own = { group: type.group, version: type.version, resource: type.plural, subresource, name };
    const problem = await this.#refusal(attributes, own, attributes.namespace, signal);
    if (problem !== undefined) {
      throw admissionForbidden(attributes, `cannot set an ownerRef on a resource you can't delete: ${problem}, <nil>`);
    }
    for (const owner of blocking) await this.#checkOwner(attributes, owner, signal);
  }

  async #checkOwner(attributes: AdmissionAttributes, owner: OwnerReference, signal: AbortSignal): Promise<void> {
    const slash = owner.apiVersion.indexOf("/");
    const group = slash < 0 ? "" : owner.apiVersion.slice(0, slash);
    const version = owner.apiVersion.slice(slash + 1);
    const found = this.#kinds(group, version, owner.kind);
    if (!found) {
      const what = `APIVersion ${owner.apiVersion} Kind ${owner.kind}`;
      const why = `no matches for kind "${owner.kind}" in version "${owner.apiVersion}"`;
      const problem = `cannot set blockOwnerDeletion in this case because cannot find RESTMapping for ${what}: ${why}`;
      throw admissionForbidden(attributes, problem);
    }
    const namespace = found.namespaced ? attributes.namespace : "";
    const about = { group, version, resource: found.plural, subresource: "finalizers", name: owner.name };
    const problem = await this.#refusal(attributes, about, namespace, signal, "update");
    if (problem === undefined) return;
    throw admissionForbidden(
      attributes,
      `cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: ${problem}, <nil>`,
    );
  }

  async #refusal(
    { user }: AdmissionAttributes,
    about: { group: string; version: string; resource: string; subresource: string; name: string },
    namespace: string,
    signal: AbortSignal,
    verb: "delete" | "update" = "delete",
  ): Promise<string | undefined> {
    const decision = await this.#authorizer?.authorize({ kind: "resource", user, verb, namespace, ...about }, signal);
    if (decision?.decision === "allow") return undefined;
    return decision?.reason ?? "";
  }
}

function ownersOf(object: KubeObject | undefined): readonly OwnerReference[] {
  return object?.metadata?.ownerReferences ?? [];
}

/** The references that hold up their owner's deletion, and did not before. */
function blockingAnew(now: readonly OwnerReference[], before: readonly OwnerReference[]): OwnerReference[] {
  const blocked = new Set(before.filter(({ blockOwnerDeletion }) => blockOwnerDeletion).map(({ uid }) => uid));
  return now.filter(({ blockOwnerDeletion, uid }) => blockOwnerDeletion && !blocked.has(uid));
}
