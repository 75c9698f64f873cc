import { isRecord } from "@kube-ts/std/config-schema";
import type { JsonObject } from "../session/api.ts";

/** The pod spec inside an object, and the path to it; undefined for kinds without one. */
export function podSpecPath(kind: string): readonly string[] | undefined {
  switch (kind) {
    case "Pod":
      return ["spec"];
    case "Deployment":
    case "ReplicaSet":
    case "DaemonSet":
    case "StatefulSet":
    case "ReplicationController":
    case "Job":
      return ["spec", "template", "spec"];
    case "CronJob":
      return ["spec", "jobTemplate", "spec", "template", "spec"];
    default:
      return undefined;
  }
}

/** The record at a path; empty where there is none. */
export function recordAt(object: unknown, path: readonly string[]): JsonObject {
  let current: unknown = object;
  for (const key of path) current = isRecord(current) ? current[key] : undefined;
  return isRecord(current) ? current : {};
}

/** A value wrapped in records, one for each step of a path. */
export function nested(path: readonly string[], value: unknown): JsonObject {
  return path.toReversed().reduce<unknown>((inner, key) => ({ [key]: inner }), value) as JsonObject;
}

/** The containers of a pod spec, init containers last. */
export function containersOf(podSpec: JsonObject): JsonObject[] {
  return ["containers", "initContainers"].flatMap((field) => {
    const list = podSpec[field];
    return Array.isArray(list) ? list.filter((each): each is JsonObject => isRecord(each)) : [];
  });
}
