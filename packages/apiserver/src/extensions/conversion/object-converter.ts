import type { KubeObject } from "@kube-ts/api/object";

/** Converts objects between the versions of one resource. */
export interface ObjectConverter {
  /**
   * The objects in the version, in their order; each may be of another version of the resource, or of this one already.
   * Takes the objects over. Throws an ApiError when it cannot be done.
   */
  convert(objects: readonly KubeObject[], apiVersion: string, signal: AbortSignal): Promise<readonly KubeObject[]>;
}

/** Versions that differ in nothing but their name. */
export const sameInAllVersions: ObjectConverter = {
  convert(objects, apiVersion) {
    for (const object of objects) object.apiVersion = apiVersion;
    return Promise.resolve(objects);
  },
};
