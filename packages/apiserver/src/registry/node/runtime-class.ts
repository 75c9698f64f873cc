import { type FieldError, duplicateField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { dns1123LabelErrors } from "@kube-ts/api/names";
import type { RuntimeClass, Scheduling } from "@kube-ts/api/node/v1";
import { runtimeClasses } from "@kube-ts/api/resource-types";
import { validateLabels } from "@kube-ts/api/selectors";
import { checkContainerResources } from "../core/validate-resources.ts";
import { checkTolerations } from "../core/validate-tolerations.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkImmutable, checkTexts } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";

const handlerPath = fieldPath("handler");
const noClaims: ReadonlySet<string> = new Set();

export const runtimeClassResource = defineResource<RuntimeClass>({
  type: runtimeClasses,
  singular: "runtimeclass",
  storagePrefix: "runtimeclasses",
  strategy: {
    prepareForCreate() {},
    prepareForUpdate() {},
    validateCreate: validateRuntimeClass,
    validateUpdate(runtimeClass, old) {
      const errors = validateObjectMetaUpdate(runtimeClass.metadata, old.metadata);
      checkImmutable(runtimeClass.handler, old.handler, handlerPath, errors);
      return errors;
    },
    allowCreateOnUpdate: true,
    allowUnconditionalUpdate: false,
  },
  columns: {
    definitions: [nameColumn, column("Handler", "string", "Name of the runtime's configuration."), ageColumn],
    row: (runtimeClass, nowMs) => ({
      cells: [nameCell(runtimeClass), runtimeClass.handler, ageCell(runtimeClass, nowMs)],
    }),
  },
});

function validateRuntimeClass(runtimeClass: RuntimeClass): FieldError[] {
  const errors = validateObjectMeta(runtimeClass.metadata, "Cluster", subdomainName);
  const { handler, overhead, scheduling } = runtimeClass;
  checkTexts(dns1123LabelErrors(handler), handler, handlerPath, errors);
  if (overhead?.podFixed) {
    checkContainerResources({ limits: overhead.podFixed }, noClaims, fieldPath("overhead"), errors);
  }
  if (scheduling) checkScheduling(scheduling, fieldPath("scheduling"), errors);
  return errors;
}

function checkScheduling(scheduling: Scheduling, path: FieldPath, errors: FieldError[]): void {
  errors.push(...validateLabels(scheduling.nodeSelector, path.child("nodeSelector")));
  const tolerations = scheduling.tolerations ?? [];
  const tolerationsPath = path.child("tolerations");
  checkTolerations(tolerations, tolerationsPath, errors);
  const seen = new Set<string>();
  for (const [index, toleration] of tolerations.entries()) {
    const { key = "", operator = "", value = "", effect = "" } = toleration;
    const identity = JSON.stringify([key, operator, value, effect]);
    if (seen.has(identity)) errors.push(duplicateField(tolerationsPath.index(index), toleration));
    seen.add(identity);
  }
}
