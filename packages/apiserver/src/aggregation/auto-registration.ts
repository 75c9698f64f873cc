import type { APIService } from "@kube-ts/api/apiregistration/v1";
import { apiServices } from "@kube-ts/api/resource-types";
import { isAlreadyExists, isConflict, isNotFound } from "@kube-ts/api/status-error";
import { isAbort } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { ObjectSource, ObjectWriter } from "../registry/object-source.ts";
import { defaultPriority, isBuiltInGroup } from "./default-priorities.ts";
import type { GroupVersionName } from "./group-order.ts";

const managedLabel = "kube-aggregator.kubernetes.io/automanaged";

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

/** Gives every group-version of this server its APIService object, and removes those of custom resources that are gone. */
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
    // Not an object upstream, either.
    if (name.group === "apiregistration.k8s.io") continue;
    const service = localService(name);
    const objectName = service.metadata.name ?? "";
    wanted.add(objectName);
    const old = byName.get(objectName);
    if (!old) steps.push({ kind: "create", service });
    else if (isManaged(old) && !isSameSpec(old, service)) steps.push({ kind: "take back", service });
  }
  for (const [name, old] of byName) {
    if (old.metadata.labels?.[managedLabel] === "true" && !wanted.has(name)) steps.push({ kind: "delete", name });
  }
  return steps;
}

function localService({ group, version }: GroupVersionName): APIService {
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

function isSameSpec({ spec: a }: APIService, { spec: b }: APIService): boolean {
  const same = a.groupPriorityMinimum === b.groupPriorityMinimum && a.versionPriority === b.versionPriority;
  return same && a.service === undefined;
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
