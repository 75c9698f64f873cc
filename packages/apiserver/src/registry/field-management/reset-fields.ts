import { type FieldFilter, allFields, excludingFields, onlyFields } from "@kube-ts/api/apply/field-filter";

/** What a resource has to say about its fields. */
export interface ResetFacts {
  readonly group: string;
  readonly plural: string;
  /** Whether status is written through a subresource of its own. */
  readonly hasStatus: boolean;
}

const withoutStatus = excludingFields(["status"]);
const withoutSpec = excludingFields(["spec"]);
const withoutSpecAndMetadata = excludingFields(["metadata"], ["spec"]);

/** Where status writes reset more than the spec, as `group/plural`. */
const statusFilters: ReadonlyMap<string, FieldFilter> = new Map([
  ["/pods", excludingFields(["spec"], ["metadata", "deletionTimestamp"], ["metadata", "ownerReferences"])],
  ["apps/deployments", excludingFields(["spec"], ["metadata", "labels"])],
  ["apiextensions.k8s.io/customresourcedefinitions", withoutSpecAndMetadata],
  ["apiregistration.k8s.io/apiservices", withoutSpecAndMetadata],
  ["storage.k8s.io/volumeattachments", withoutSpecAndMetadata],
  ["resource.k8s.io/resourceclaims", withoutSpecAndMetadata],
  ["flowcontrol.apiserver.k8s.io/flowschemas", withoutSpecAndMetadata],
  ["flowcontrol.apiserver.k8s.io/prioritylevelconfigurations", withoutSpecAndMetadata],
  ["storagemigration.k8s.io/storageversionmigrations", withoutSpecAndMetadata],
]);

const containerLists = ["containers", "initContainers"];
const resizable = onlyFields(
  ...containerLists.flatMap((list) => ["resources", "resizePolicy"].map((field) => ["spec", list, "*", field])),
);

/** Those who approve a certificate signing request decide; they do not sign. */
const decision = excludingFields(["spec"], ["status", "certificate"]);

/**
 * The fields that a write through a subresource (empty for the object itself) can change; strategies put the others
 * back, so that nobody can own them that way.
 */
export function resetFilter({ group, plural, hasStatus }: ResetFacts, subresource: string): FieldFilter {
  if (subresource === "status") return statusFilters.get(`${group}/${plural}`) ?? withoutSpec;
  if (subresource === "resize") return resizable;
  if (subresource === "approval") return decision;
  return hasStatus ? withoutStatus : allFields;
}
