import { isJsonObject } from "@kube-ts/api/json-value";
import type { ImageChange } from "./kustomization.ts";
import type { KustomizeResource } from "./kustomize-resource.ts";

/** Changes the images of all containers, wherever an object has them; definitions of custom resources are left alone. */
export function changeImages(resources: readonly KustomizeResource[], changes: readonly ImageChange[]): void {
  for (const change of changes) {
    for (const { object, id } of resources) {
      if (id.kind !== "CustomResourceDefinition") visit(object, change);
    }
  }
}

function visit(value: unknown, change: ImageChange): void {
  if (Array.isArray(value)) for (const each of value) visit(each, change);
  if (!isJsonObject(value)) return;
  for (const [key, field] of Object.entries(value)) {
    if ((key === "containers" || key === "initContainers") && Array.isArray(field)) {
      for (const container of field) {
        if (isJsonObject(container) && typeof container["image"] === "string") {
          container["image"] = changedImage(container["image"], change);
        }
      }
    } else visit(field, change);
  }
}

/** An image's name, tag (with its colon) and digest (with its at sign). */
function splitImage(image: string): { name: string; tag: string; digest: string } {
  const at = image.indexOf("@");
  const digest = at < 0 ? "" : image.slice(at);
  const rest = at < 0 ? image : image.slice(0, at);
  const colon = rest.lastIndexOf(":");
  // A colon before the last slash belongs to the registry's port.
  if (colon < 0 || colon < rest.lastIndexOf("/")) return { name: rest, tag: "", digest };
  return { name: rest.slice(0, colon), tag: rest.slice(colon), digest };
}

export function changedImage(image: string, change: ImageChange): string {
  const { name, tag, digest } = splitImage(image);
  if (name !== change.name) return image;
  const next = change.newName || name;
  if (change.newTag && change.digest) return `${next}:${change.newTag}@${change.digest}`;
  if (change.newTag) return `${next}:${change.newTag}`;
  if (change.digest) return `${next}@${change.digest}`;
  if (change.tagSuffix) return `${next}${tag}${change.tagSuffix}`;
  return `${next}${tag}${digest}`;
}
