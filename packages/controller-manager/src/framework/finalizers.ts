import type { KubeObject } from "@kube-ts/api/object";

export function hasFinalizer({ metadata }: KubeObject, finalizer: string): boolean {
  return metadata.finalizers?.includes(finalizer) ?? false;
}

/** A copy of the object that has the finalizer, behind those that it has already. */
export function withFinalizer<T extends KubeObject>(object: T, finalizer: string): T {
  const finalizers = [...(object.metadata.finalizers ?? []), finalizer];
  return { ...object, metadata: { ...object.metadata, finalizers } };
}

/** A copy of the object without the finalizer. */
export function withoutFinalizer<T extends KubeObject>(object: T, finalizer: string): T {
  const finalizers = (object.metadata.finalizers ?? []).filter((each) => each !== finalizer);
  return { ...object, metadata: { ...object.metadata, finalizers } };
}

/** What has to be done about a finalizer that protects an object while it is in use. */
export type ProtectionStep = "add" | "release" | "nothing";

/** `isUsed` is asked only about an object that is being deleted. */
export function planProtection(object: KubeObject, finalizer: string, isUsed: () => boolean): ProtectionStep {
  const isProtected = hasFinalizer(object, finalizer);
  if (object.metadata.deletionTimestamp === undefined) return isProtected ? "nothing" : "add";
  return isProtected && !isUsed() ? "release" : "nothing";
}
