import type { CustomResourceDefinition } from "@kube-ts/api/apiextensions/v1";

/** Fills in names that follow from the kind, the conversion, and the port of its service. */
export function defaultDefinition(definition: CustomResourceDefinition): void {
  const { spec } = definition;
  const { names } = spec;
  if (!names.singular && names.kind) names.singular = names.kind.toLowerCase();
  if (!names.listKind && names.kind) names.listKind = `${names.kind}List`;
  spec.conversion ??= { strategy: "None" };
  const service = spec.conversion.webhook?.clientConfig?.service;
  if (service) service.port ??= 443;
  definition.status ??= {};
  const { status } = definition;
  status.acceptedNames ??= { plural: "", kind: "" };
  if (!status.storedVersions?.length) {
    status.storedVersions = spec.versions.filter(({ storage }) => storage).map(({ name }) => name);
  }
}

/** Remembers that objects may be stored in the storage version from now on. */
export function recordStorageVersion({ spec, status }: CustomResourceDefinition): void {
  const storage = spec.versions.find((version) => version.storage)?.name;
  if (!status || storage === undefined) return;
  status.storedVersions ??= [];
  if (!status.storedVersions.includes(storage)) status.storedVersions.push(storage);
}
