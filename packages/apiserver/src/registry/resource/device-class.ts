import { semanticEqual } from "@kube-ts/api/deep-equal";
import { type FieldError, invalidField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import type { DeviceClass, DeviceClassSpec } from "@kube-ts/api/resource/v1";
import { deviceClasses } from "@kube-ts/api/resource-types";
import { isExtendedResource } from "../core/resource-names.ts";
import type { CompileExpression } from "../meta/compile-expression.ts";
import { countChange, startGeneration } from "../meta/generation.ts";
import { subdomainName } from "../meta/object-names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { type ResourceDefinition, defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, nameCell, nameColumn } from "../table/columns.ts";
import { checkLimitedList } from "./limited-list.ts";
import { checkDeviceConfiguration, checkDeviceSelectors } from "./validate-device-claim.ts";

const specPath = fieldPath("spec");
const maxConfigs = 32;

export function deviceClassResource(compile: CompileExpression): ResourceDefinition<DeviceClass> {
  const validate = (deviceClass: DeviceClass, old: DeviceClassSpec | undefined): FieldError[] => {
    const errors = validateObjectMeta(deviceClass.metadata, "Cluster", subdomainName);
    checkSpec(deviceClass.spec, old, compile, errors);
    return errors;
  };
  return defineResource<DeviceClass>({
    type: deviceClasses,
    singular: "deviceclass",
    storagePrefix: "deviceclasses",
    strategy: {
      prepareForCreate: startGeneration,
      prepareForUpdate: (deviceClass, old) => countChange(deviceClass, deviceClass.spec, old.spec),
      validateCreate: (deviceClass) => validate(deviceClass, undefined),
      validateUpdate: (deviceClass, old) => [
        ...validateObjectMetaUpdate(deviceClass.metadata, old.metadata),
        ...validate(deviceClass, old.spec),
      ],
      returnsDeletedObject: true,
    },
    columns: {
      definitions: [nameColumn, ageColumn],
      row: (deviceClass, nowMs) => ({ cells: [nameCell(deviceClass), ageCell(deviceClass, nowMs)] }),
    },
  });
}

/** Lists that are as they were count as stored. */
function checkSpec(
  spec: DeviceClassSpec,
  old: DeviceClassSpec | undefined,
  compile: CompileExpression,
  errors: FieldError[],
): void {
  const selectorsStored = old !== undefined && semanticEqual(spec.selectors, old.selectors);
  const selectorRules = { compile, isStored: selectorsStored };
  checkDeviceSelectors(spec.selectors ?? [], selectorRules, specPath.child("selectors"), errors);
  const configStored = old !== undefined && semanticEqual(spec.config, old.config);
  checkLimitedList(
    spec.config ?? [],
    maxConfigs,
    (config, path) => checkDeviceConfiguration(config, configStored, path, errors),
    specPath.child("config"),
    errors,
  );
  const name = spec.extendedResourceName;
  if (name !== undefined && !isExtendedResource(name)) {
    errors.push(invalidField(specPath.child("extendedResourceName"), name, "must be a valid extended resource name"));
  }
}
