import type { OwnerReference } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { nameOf, namespaceOf, uidOf } from "@kube-ts/api/object";
import { controllerOf } from "@kube-ts/api/owner-references";
import type { ResourceType } from "@kube-ts/api/resource-type";
import type { Selector } from "@kube-ts/api/selectors";
import { isInvalid, isNotFound } from "@kube-ts/api/status-error";
import type { Client } from "@kube-ts/client/client";

/** What becomes of a possible child: it is ours, is taken in, is let go, or is none of our business. */
export type Claim = "own" | "adopt" | "release" | "ignore";

/** Decides on one child. */
export function planClaim(child: KubeObject, owner: KubeObject, selector: Selector): Claim {
  const controller = controllerOf(child);
  const matches = selector.matches(child.metadata.labels ?? {});
  if (controller) {
    if (controller.uid !== uidOf(owner)) return "ignore";
    if (matches) return "own";
    return owner.metadata.deletionTimestamp ? "own" : "release";
  }
  if (!matches || owner.metadata.deletionTimestamp || child.metadata.deletionTimestamp) return "ignore";
  return "adopt";
}

/**
 * The children that belong to the owner, after orphans that match were adopted and children that no longer match
 * were released. `stillExists` is asked once, before the first adoption, by a read that is not from a cache.
 */
export async function claimChildren<T extends KubeObject>(
  client: Client,
  type: ResourceType<T>,
  candidates: readonly T[],
  owner: KubeObject,
  reference: OwnerReference,
  selector: Selector,
  stillExists: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<T[]> {
  const children: T[] = [];
  let mayAdopt: boolean | undefined;
  for (const child of candidates) {
    const claim = planClaim(child, owner, selector);
    if (claim === "own") children.push(child);
    if (claim === "release") await patchOwner(client, type, child, releasePatch(child, owner), signal);
    if (claim !== "adopt") continue;
    mayAdopt ??= await stillExists();
    if (mayAdopt && (await patchOwner(client, type, child, adoptPatch(child, reference), signal))) children.push(child);
  }
  return children;
}

function adoptPatch(child: KubeObject, reference: OwnerReference): object {
  return { metadata: { ownerReferences: [reference], uid: uidOf(child) } };
}

function releasePatch(child: KubeObject, owner: KubeObject): object {
  return { metadata: { ownerReferences: [{ $patch: "delete", uid: uidOf(owner) }], uid: uidOf(child) } };
}

/** False when the child is gone or has another uid. */
async function patchOwner<T extends KubeObject>(
  client: Client,
  type: ResourceType<T>,
  child: T,
  patch: object,
  signal: AbortSignal,
): Promise<boolean> {
  const key = { namespace: namespaceOf(child), name: nameOf(child) };
  try {
    await client.resource(type).patch(key, "strategic", patch, { signal });
    return true;
  } catch (error) {
    if (isNotFound(error) || isInvalid(error)) return false;
    throw error;
  }
}
