import type { FieldError } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import type { ResourceClaimTemplate } from "@kube-ts/api/resource/v1";
import { resourceClaimTemplates } from "@kube-ts/api/resource-types";
import type { CompileExpression } from "../meta/compile-expression.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkImmutable } from "../meta/validate-fields.ts";
import { checkTemplateMeta, validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { type ResourceDefinition, defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, nameCell, nameColumn } from "../table/columns.ts";
import { defaultDeviceRequests } from "./default-device-requests.ts";
import { type DeviceRules, checkDeviceClaim } from "./validate-device-claim.ts";

const specPath = fieldPath("spec");

export function resourceClaimTemplateResource(compile: CompileExpression): ResourceDefinition<ResourceClaimTemplate> {
  return defineResource<ResourceClaimTemplate>({
    type: resourceClaimTemplates,
    singular: "resourceclaimtemplate",
    storagePrefix: "resourceclaimtemplates",
    strategy: {
      defaults: ({ spec }) => defaultDeviceRequests(spec.spec),
      prepareForCreate() {},
      prepareForUpdate() {},
      validateCreate(template) {
        const errors = validateObjectMeta(template.metadata, "Namespaced", subdomainName);
        checkSpec(template, { compile, isStored: false }, errors);
        return errors;
      },
      validateUpdate(template, old) {
        const errors = validateObjectMetaUpdate(template.metadata, old.metadata);
        checkImmutable(template.spec, old.spec, specPath, errors);
        checkSpec(template, { compile, isStored: true }, errors);
        return errors;
      },
      returnsDeletedObject: true,
    },
    columns: {
      definitions: [nameColumn, ageColumn],
      row: (template, nowMs) => ({ cells: [nameCell(template), ageCell(template, nowMs)] }),
    },
  });
}

function checkSpec({ spec }: ResourceClaimTemplate, rules: DeviceRules, errors: FieldError[]): void {
  checkTemplateMeta(spec.metadata, specPath.child("metadata"), errors);
  checkDeviceClaim(spec.spec?.devices ?? {}, rules, specPath.child("spec", "devices"), errors);
}
