import { type KubeObject, nameOf, namespaceOf } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { isAlreadyExists, isNotFound } from "@kube-ts/api/status-error";
import type { ObjectSource, ObjectWriter } from "../registry/object-source.ts";

/** Reads and writes of the server itself. */
export interface BootstrapObjects {
  readonly source: ObjectSource;
  readonly writer: ObjectWriter;
}

const maxAttempts = 5;

/**
 * Makes sure that the object exists, and that `reconcile` finds nothing to change in it; undefined from
 * `reconcile` means that the object is as it should be. Other servers may do the same at the same time.
 */
export async function ensureObject<T extends KubeObject>(
  { source, writer }: BootstrapObjects,
  type: ResourceType<T>,
  expected: T,
  reconcile: (current: T) => T | undefined,
  signal: AbortSignal,
): Promise<void> {
  const [namespace, name] = [namespaceOf(expected), nameOf(expected)];
  for (let attempt = 1; ; attempt += 1) {
    try {
      const current = await source.getLatest(type, namespace, name, signal);
      if (!current) await writer.create(type, structuredClone(expected), signal);
      else if (reconcile(current)) await writer.update(type, namespace, name, reconcile, signal);
      return;
    } catch (error) {
      const raced = isAlreadyExists(error) || isNotFound(error);
      if (!raced || attempt === maxAttempts) throw error;
    }
  }
}
