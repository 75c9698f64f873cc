import type { APIService } from "@kube-ts/api/apiregistration/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { apiServices } from "@kube-ts/api/resource-types";
import { isAlreadyExists, isConflict, isNotFound } from "@kube-ts/api/status-error";
import { isAbort } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { ObjectSource, ObjectWriter } from "../registry/object-source.ts";
import { defaultPriority, isBuiltInGroup } from "./default-priorities.ts";
import type { GroupVersionName } from "../endpoints/group-version.ts";

/**
 * Marks what servers register for themselves: `true` is kept current all the time, `onstart` is looked after when a
 * server starts, and an object without it is somebody else's.
 */
export const managedLabel = "kube-aggregator.kubernetes.io/automanaged";

export interface AutoRegistrationParts {
  readonly source: ObjectSource;
  readonly writer: ObjectWriter;
  readonly clock: Clock;
  readonly log: Logger;
  /** What this server itself serves now. */
  readonly local: () => readonly GroupVersionName[];
}

export type RegistrationStep =
  | { readonly kind: "create"; readonly service: APIService }
  | { readonly kind: "take back"; readonly service: APIService }
  | { readonly kind: "delete"; readonly name: string };

const everyMs = 1_000;

/**
 * Gives every group-version of custom resources its APIService object, and removes those of custom resources that are
 * gone. Those of built-in groups are made when the server starts, and only then, as upstream does it.
 */
export async function runAutoRegistration(parts: AutoRegistrationParts, signal: AbortSignal): Promise<void> {
  const { source, clock } = parts;
  let seen: readonly GroupVersionName[] | undefined;
  let isDirty = true;
  using _changes = source.onChange(apiServices, () => {
    isDirty = true;
  });
  while (!signal.aborted) {
    const local = parts.local();
    if (isDirty || local !== seen) {
      seen = local;
      isDirty = false;
      for (const step of planRegistration(local, source.list(apiServices))) {
        if (!(await attempt(step, parts, signal))) isDirty = true;
      }
    }
    await clock.sleep(everyMs, signal);
  }
}

/** What has to change so that the objects are those of what is served. Objects of other servers are left alone. */
export function planRegistration(
  local: readonly GroupVersionName[],
  existing: readonly APIService[],
): RegistrationStep[] {
  const steps: RegistrationStep[] = [];
  const byName = new Map(existing.map((service) => [service.metadata.name ?? "", service]));
  const wanted = new Set<string>();
  for (const name of local) {
    const service = localService(name);
    const objectName = service.metadata.name ?? "";
    wanted.add(objectName);
    if (isBuiltInGroup(name.group)) continue;
    const old = byName.get(objectName);
    if (!old) steps.push({ kind: "create", service });
    else if (isManaged(old) && !semanticEqual(old.spec, service.spec)) steps.push({ kind: "take back", service });
  }
  for (const [name, old] of byName) {
    if (old.metadata.labels?.[managedLabel] === "true" && !wanted.has(name)) steps.push({ kind: "delete", name });
  }
  return steps;
}

/** The object of a group-version that this server serves itself. */
export function localService({ group, version }: GroupVersionName): APIService {
  const priority = defaultPriority({ group, version });
  return {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: {
      name: `${version}.${group}`,
      labels: { [managedLabel]: isBuiltInGroup(group) ? "onstart" : "true" },
    },
    spec: {
      ...(group !== "" && { group }),
      version,
      groupPriorityMinimum: priority.group,
      versionPriority: priority.version,
    },
  };
}

function isManaged({ metadata }: APIService): boolean {
  return metadata.labels?.[managedLabel] === "true";
}

async function attempt(
  step: RegistrationStep,
  { writer, log }: AutoRegistrationParts,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    if (step.kind === "delete") await writer.delete(apiServices, "", step.name, signal);
    else if (step.kind === "create") await writer.create(apiServices, step.service, signal);
    else {
      const { service } = step;
      const change = (current: APIService) => ({ ...current, spec: service.spec });
      await writer.update(apiServices, "", service.metadata.name ?? "", change, signal);
    }
    return true;
  } catch (error) {
    if (isAbort(error, signal)) throw error;
    if (!isAlreadyExists(error) && !isNotFound(error) && !isConflict(error)) {
      log.warn("an APIService of this server was not registered", { kind: step.kind, error });
    }
    return false;
  }
}
