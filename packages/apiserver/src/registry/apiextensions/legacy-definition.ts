import type {
  CustomResourceColumnDefinition,
  CustomResourceConversion,
  CustomResourceDefinition,
  CustomResourceDefinitionVersion,
} from "@kube-ts/api/apiextensions/v1";
import type {
  CustomResourceColumnDefinition as LegacyColumn,
  CustomResourceConversion as LegacyConversion,
  CustomResourceDefinition as LegacyDefinition,
  CustomResourceDefinitionVersion as LegacyVersion,
} from "@kube-ts/api/apiextensions/v1beta1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { type FieldError, requiredField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { customResourceDefinitions } from "@kube-ts/api/resource-types";
import { legacyVersion } from "../legacy-version.ts";
import type { AlternateVersion } from "../resource-definition.ts";

/** What a version has of its own, or all versions together. */
const shared = ["schema", "subresources", "additionalPrinterColumns", "selectableFields"] as const;

export const legacyDefinitions: readonly AlternateVersion<CustomResourceDefinition>[] = [
  legacyVersion<CustomResourceDefinition, LegacyDefinition>(customResourceDefinitions, "apiextensions.k8s.io/v1beta1", {
    fromStored(definition) {
      const { versions, conversion, ...spec } = definition.spec;
      const { common, own } = hoisted(versions.map(legacyDefinitionVersion));
      const { schema: validation, ...others } = common;
      return {
        ...definition,
        spec: {
          ...spec,
          ...(own[0] && { version: own[0].name }),
          ...(validation && { validation }),
          ...others,
          versions: own,
          ...(conversion && { conversion: legacyConversion(conversion) }),
          preserveUnknownFields: spec.preserveUnknownFields ?? false,
        },
      };
    },
    toStored(definition) {
      const {
        version: _version,
        validation,
        subresources,
        additionalPrinterColumns,
        selectableFields,
        versions = [],
        conversion,
        preserveUnknownFields,
        ...spec
      } = definition.spec;
      const common = {
        ...(validation && { schema: validation }),
        ...(subresources && { subresources }),
        ...(additionalPrinterColumns && { additionalPrinterColumns }),
        ...(selectableFields && { selectableFields }),
      };
      return {
        ...definition,
        spec: {
          ...spec,
          versions: versions.map((version) => storedDefinitionVersion({ ...common, ...version })),
          ...(conversion && { conversion: storedConversion(conversion) }),
          ...(preserveUnknownFields && { preserveUnknownFields }),
        },
      };
    },
    defaults: defaultDefinition,
    tolerates: ({ path, detail }) =>
      detail === "schemas are required" || (path === "spec.preserveUnknownFields" && !detail.includes("defaults")),
    validateCreate: schemaErrors,
    validateUpdate: schemaErrors,
  }),
];

/** Only where unknown fields are kept can a version do without a schema. */
function schemaErrors({ spec }: CustomResourceDefinition): FieldError[] {
  if (spec.preserveUnknownFields) return [];
  return spec.versions.flatMap(({ served, schema }, index) => {
    if (!served || schema?.openAPIV3Schema) return [];
    const path = fieldPath("spec", "versions").index(index).child("schema", "openAPIV3Schema");
    return [requiredField(path, "because otherwise all fields are pruned")];
  });
}

function defaultDefinition({ spec }: LegacyDefinition): void {
  if (!spec) return;
  if (!spec.versions?.length && spec.version) spec.versions = [{ name: spec.version, served: true, storage: true }];
  spec.preserveUnknownFields ??= true;
  if (spec.conversion?.strategy === "Webhook" && !spec.conversion.conversionReviewVersions?.length) {
    spec.conversion.conversionReviewVersions = ["v1beta1"];
  }
}

/** What all versions have in common stands once, as it did before versions had anything of their own. */
function hoisted(versions: readonly LegacyVersion[]): {
  readonly common: Pick<LegacyVersion, (typeof shared)[number]>;
  readonly own: LegacyVersion[];
} {
  const [first, ...others] = versions;
  const own = versions.map((version) => ({ ...version }));
  if (!first) return { common: {}, own };
  const names = shared.filter(
    (name) => first[name] !== undefined && others.every((other) => semanticEqual(other[name], first[name])),
  );
  for (const version of own) for (const name of names) delete version[name];
  return { common: Object.fromEntries(names.map((name) => [name, first[name]])), own };
}

function legacyDefinitionVersion({
  additionalPrinterColumns: columns,
  ...version
}: CustomResourceDefinitionVersion): LegacyVersion {
  return { ...version, ...(columns && { additionalPrinterColumns: columns.map(legacyColumn) }) };
}

function storedDefinitionVersion({
  additionalPrinterColumns: columns,
  ...version
}: LegacyVersion): CustomResourceDefinitionVersion {
  return { ...version, ...(columns && { additionalPrinterColumns: columns.map(storedColumn) }) };
}

function legacyColumn({ jsonPath: JSONPath, ...column }: CustomResourceColumnDefinition): LegacyColumn {
  return { ...column, JSONPath };
}

function storedColumn({ JSONPath: jsonPath, ...column }: LegacyColumn): CustomResourceColumnDefinition {
  return { ...column, jsonPath };
}

function legacyConversion({ strategy, webhook }: CustomResourceConversion): LegacyConversion {
  return {
    strategy,
    ...(webhook?.clientConfig && { webhookClientConfig: webhook.clientConfig }),
    ...(webhook && { conversionReviewVersions: webhook.conversionReviewVersions }),
  };
}

function storedConversion({
  strategy,
  webhookClientConfig: clientConfig,
  conversionReviewVersions = [],
}: LegacyConversion): CustomResourceConversion {
  if (!clientConfig && conversionReviewVersions.length === 0) return { strategy };
  return { strategy, webhook: { ...(clientConfig && { clientConfig }), conversionReviewVersions } };
}
