import type { APIService, APIServiceSpec } from "@kube-ts/api/apiregistration/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { nameOf } from "@kube-ts/api/object";
import { apiServices } from "@kube-ts/api/resource-types";
import { isNotFound } from "@kube-ts/api/status-error";
import { type BootstrapObjects, ensureObject } from "./ensure-object.ts";

export interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

/** Marks what servers register for themselves: `onstart` is looked after once, when a server starts. */
const managedLabel = "kube-aggregator.kubernetes.io/automanaged";
const onStart = "onstart";

/** Which groups clients should prefer, and with which versions, when they are not told: the highest. */
const groupPriorities: Readonly<Record<string, number>> = {
  "": 18_000,
  apps: 17_800,
  "events.k8s.io": 17_750,
  "authentication.k8s.io": 17_700,
  "authorization.k8s.io": 17_600,
  autoscaling: 17_500,
  batch: 17_400,
  "certificates.k8s.io": 17_300,
  "networking.k8s.io": 17_200,
  extensions: 17_150,
  policy: 17_100,
  "rbac.authorization.k8s.io": 17_000,
  "storage.k8s.io": 16_800,
  "apiextensions.k8s.io": 16_700,
  "admissionregistration.k8s.io": 16_700,
  "scheduling.k8s.io": 16_600,
  "coordination.k8s.io": 16_500,
  "node.k8s.io": 16_300,
  "discovery.k8s.io": 16_200,
  "flowcontrol.apiserver.k8s.io": 16_100,
  "resource.k8s.io": 15_900,
};
/** Versions whose priority is not the usual one. */
const versionPriorities: Readonly<Record<string, number>> = {
  "/v1": 1,
  "autoscaling/v2": 30,
  "flowcontrol.apiserver.k8s.io/v1": 21,
};
const usualVersionPriority = 15;
/** What was never made stable comes after what was. */
const unstableVersionPriorities = { beta: 9, alpha: 1 } as const;

/** The groups that have no APIService: the one that APIServices are in. */
const unregistered: ReadonlySet<string> = new Set(["apiregistration.k8s.io"]);

/** The APIServices of what the server itself serves. Throws for a group without a priority. */
export function localApiServices(served: readonly GroupVersion[]): APIService[] {
  return served.filter(({ group }) => !unregistered.has(group)).map(localApiService);
}

function localApiService({ group, version }: GroupVersion): APIService {
  const groupPriorityMinimum = groupPriorities[group];
  if (groupPriorityMinimum === undefined) throw new Error(`no priority for API group ${group}`);
  const versionPriority = versionPriorities[`${group}/${version}`] ?? priorityOf(version);
  const spec: APIServiceSpec = { ...(group !== "" && { group }), version, groupPriorityMinimum, versionPriority };
  return { metadata: { name: `${version}.${group}`, labels: { [managedLabel]: onStart } }, spec };
}

function priorityOf(version: string): number {
  const stability = /^v[0-9]+(alpha|beta)[0-9]+$/.exec(version)?.[1] as "alpha" | "beta" | undefined;
  return stability === undefined ? usualVersionPriority : unstableVersionPriorities[stability];
}

/**
 * Registers what the server itself serves. What an administrator has taken the label from stays as it is; what earlier
 * servers registered and this one does not serve is removed.
 */
export async function ensureLocalApiServices(
  objects: BootstrapObjects,
  served: readonly GroupVersion[],
  signal: AbortSignal,
): Promise<void> {
  const wanted = localApiServices(served);
  for (const expected of wanted) {
    const reconcile = (current: APIService) => reconciled(current, expected);
    await ensureObject(objects, apiServices, expected, reconcile, signal);
  }
  const names = new Set(wanted.map(nameOf));
  for (const service of objects.source.list(apiServices)) {
    if (names.has(nameOf(service)) || service.metadata.labels?.[managedLabel] !== onStart) continue;
    await objects.writer.delete(apiServices, "", nameOf(service), signal).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
}

function reconciled(current: APIService, expected: APIService): APIService | undefined {
  const { labels } = current.metadata;
  if (labels?.[managedLabel] === undefined || semanticEqual(current.spec, expected.spec)) return undefined;
  return { ...current, spec: structuredClone(expected.spec) };
}
