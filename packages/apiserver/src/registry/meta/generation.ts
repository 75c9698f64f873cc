import { semanticEqual } from "@kube-ts/api/deep-equal";
import type { KubeObject } from "@kube-ts/api/object";

/** The first generation of an object that counts its changes. */
export function startGeneration(object: KubeObject): void {
  object.metadata.generation = 1;
}

/** Counts an update that changes what the object asks for. */
export function countChange(object: KubeObject, desired: unknown, oldDesired: unknown): void {
  if (!semanticEqual(desired, oldDesired)) object.metadata.generation = (object.metadata.generation ?? 0) + 1;
}
