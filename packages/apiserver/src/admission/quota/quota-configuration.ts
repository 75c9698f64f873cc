import type { ScopedResourceSelectorRequirement } from "@kube-ts/api/core/v1";
import { type FieldError, aggregateFieldErrors, requiredField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { listField, objectField, stringField, wordField } from "@kube-ts/std/config-schema";
import type { PluginConfigKind } from "../plugin-configuration.ts";
import type { LimitedResource } from "./limited-resources.ts";

const schema = objectField({
  limitedResources: listField(
    objectField({
      apiGroup: stringField(),
      resource: stringField(),
      matchContains: listField(stringField()),
      matchScopes: listField(
        objectField({
          scopeName: stringField(),
          operator: wordField("In", "NotIn", "Exists", "DoesNotExist"),
          values: listField(stringField()),
        }),
      ),
    }),
  ),
});

/** `apiserver.config.k8s.io/v1 ResourceQuotaConfiguration`. */
export const resourceQuotaKind: PluginConfigKind<readonly LimitedResource[]> = {
  kind: "ResourceQuotaConfiguration",
  apiVersions: ["apiserver.config.k8s.io/v1"],
  schema,
  build,
};

/** The same under its names of former times. */
export const legacyResourceQuotaKind: PluginConfigKind<readonly LimitedResource[]> = {
  kind: "Configuration",
  apiVersions: ["resourcequota.admission.k8s.io/v1beta1", "resourcequota.admission.k8s.io/v1alpha1"],
  schema,
  build,
};

function build(decoded: object): readonly LimitedResource[] {
  const { limitedResources = [] } = decoded as { readonly limitedResources?: readonly Partial<LimitedResource>[] };
  const errors: FieldError[] = [];
  const built = limitedResources.map(
    ({ apiGroup = "", resource = "", matchContains = [], matchScopes = [] }, index) => {
      const path = fieldPath("limitedResources").index(index);
      if (resource === "") errors.push(requiredField(path.child("resource")));
      for (const [at, scope] of (matchScopes as readonly Partial<ScopedResourceSelectorRequirement>[]).entries()) {
        const scopePath = path.child("matchScopes").index(at);
        if (!scope.scopeName) errors.push(requiredField(scopePath.child("scopeName")));
        if (!scope.operator) errors.push(requiredField(scopePath.child("operator")));
      }
      return { apiGroup, resource, matchContains, matchScopes };
    },
  );
  if (errors.length > 0) throw new Error(aggregateFieldErrors(errors));
  return built;
}
