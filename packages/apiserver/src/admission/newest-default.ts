import { type KubeObject, nameOf } from "@kube-ts/api/object";
import { timeMs } from "@kube-ts/api/rfc3339";

/** Of several defaults the newest counts; of those that are equally new, the first by name. */
export function newestDefault<T extends KubeObject>(classes: readonly T[]): T | undefined {
  return classes.toSorted((a, b) => createdMs(b) - createdMs(a) || (nameOf(a) < nameOf(b) ? -1 : 1))[0];
}

function createdMs({ metadata }: KubeObject): number {
  return timeMs(metadata.creationTimestamp);
}
