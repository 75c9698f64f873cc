import type { APIService } from "@kube-ts/api/apiregistration/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { nameOf } from "@kube-ts/api/object";
import { apiServices } from "@kube-ts/api/resource-types";
import { isNotFound } from "@kube-ts/api/status-error";
import { localService, managedLabel } from "../aggregation/auto-registration.ts";
import type { GroupVersionName } from "../endpoints/group-version.ts";
import { type BootstrapObjects, ensureObject } from "./ensure-object.ts";

/** The groups that have no APIService: the one that APIServices are in. */
const unregistered: ReadonlySet<string> = new Set(["apiregistration.k8s.io"]);

/**
 * Registers what the server itself serves. What an administrator has taken the label from stays as it is; what earlier
 * servers registered and this one does not serve is removed.
 */
export async function ensureLocalApiServices(
  objects: BootstrapObjects,
  served: readonly GroupVersionName[],
  signal: AbortSignal,
): Promise<void> {
  const wanted = served.filter(({ group }) => !unregistered.has(group)).map(localService);
  for (const expected of wanted) {
    const reconcile = (current: APIService) => reconciled(current, expected);
    await ensureObject(objects, apiServices, expected, reconcile, signal);
  }
  const names = new Set(wanted.map(nameOf));
  for (const service of objects.source.list(apiServices)) {
    if (names.has(nameOf(service)) || service.metadata.labels?.[managedLabel] !== "onstart") continue;
    await objects.writer.delete(apiServices, "", nameOf(service), signal).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
}

function reconciled(current: APIService, expected: APIService): APIService | undefined {
  const managed = current.metadata.labels?.[managedLabel];
  if ((managed !== "onstart" && managed !== "true") || semanticEqual(current.spec, expected.spec)) return undefined;
  return { ...current, spec: structuredClone(expected.spec) };
}
