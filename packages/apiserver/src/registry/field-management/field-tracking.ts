import type { KubeObject } from "@kube-ts/api/object";
import type { ResourceDefinition } from "../resource-definition.ts";
import { fieldManagementOf } from "./field-management-of.ts";
import type { FieldWrite } from "./field-management.ts";

/** Keeps an object's managed fields while it is written; called before admission changes the object. */
export interface FieldTracking<T extends KubeObject> {
  created(object: T): void;
  /**
   * Returns the JSON text of the managed fields as they were when they may differ in times for nothing: that text
   * stays if the write changes nothing else.
   */
  updated(object: T, old: T): string | undefined;
  /** The managed fields are what the write is about: it fails rather than going without them. */
  readonly isEssential?: boolean;
}

/** The tracking of a create, update or patch; undefined for resources whose fields are not tracked. */
export function trackingOf<T extends KubeObject>(
  definition: ResourceDefinition<T>,
  write: FieldWrite,
): FieldTracking<T> | undefined {
  const management = fieldManagementOf(definition);
  return (
    management && {
      created: (object) => management.trackCreate(object, write),
      updated: (object, old) => {
        management.trackUpdate(object, old, write);
        return undefined;
      },
    }
  );
}

/** For writes that bring the managed fields themselves. */
export const trackedAlready: FieldTracking<KubeObject> = { created: () => {}, updated: () => undefined };
