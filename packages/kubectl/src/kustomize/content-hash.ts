import { isRecord } from "@kube-ts/std/config-schema";
import { hashedName } from "../cmd/create/name-hash.ts";
import { sortKeys } from "@kube-ts/api/go-json";
import type { KustomizeResource } from "./kustomize-resource.ts";

/** Appends to the names of generated resources a hash of their contents. */
export function appendHashes(resources: readonly KustomizeResource[]): void {
  for (const resource of resources) {
    if (!resource.needsHash) continue;
    const { name } = resource.id;
    const full = hashedName(name, contentsOf(resource));
    resource.rememberId();
    resource.setMetadata("name", full);
  }
}

function contentsOf({ object, id }: KustomizeResource): Readonly<Record<string, unknown>> {
  const { data = "", binaryData, stringData, type = "" } = object;
  const sorted = (value: unknown) => sortKeys(value);
  // The name stays out of it, so that the same contents have the same hash wherever they are used.
  if (id.kind === "ConfigMap") {
    return {
      ...(isRecord(binaryData) && { binaryData: sorted(binaryData) }),
      data: sorted(data),
      kind: "ConfigMap",
      name: "",
    };
  }
  if (id.kind === "Secret") {
    return {
      data: sorted(data),
      kind: "Secret",
      name: "",
      ...(isRecord(stringData) && { stringData: sorted(stringData) }),
      type,
    };
  }
  return sortKeys(object) as Readonly<Record<string, unknown>>;
}
