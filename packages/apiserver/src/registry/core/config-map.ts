import type { ConfigMap } from "@kube-ts/api/core/v1";
import { type FieldError, invalidField, tooLongField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { configMapKeyErrors } from "@kube-ts/api/names";
import { configMaps } from "@kube-ts/api/resource-types";
import { base64ByteLength, exceedsBytes } from "../meta/byte-length.ts";
import { checkImmutableWhenSet } from "../meta/immutable-data.ts";
import { subdomainName } from "../meta/object-names.ts";
import { checkTexts } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";

/** The most that a config map or a secret may hold. */
export const maxDataBytes = 1024 * 1024;

export const configMapResource = defineResource<ConfigMap>({
  type: configMaps,
  singular: "configmap",
  shortNames: ["cm"],
  storagePrefix: "configmaps",
  strategy: {
    prepareForCreate() {},
    prepareForUpdate() {},
    validateCreate: validateConfigMap,
    validateUpdate(configMap, old) {
      const errors = validateObjectMetaUpdate(configMap.metadata, old.metadata);
      checkImmutableWhenSet(configMap, old, ["data", "binaryData"], errors);
      errors.push(...validateConfigMap(configMap));
      return errors;
    },
  },
  columns: {
    definitions: [nameColumn, column("Data", "string", "How many keys the config map holds."), ageColumn],
    row: (configMap, nowMs) => ({
      cells: [
        nameCell(configMap),
        Object.keys(configMap.data ?? {}).length + Object.keys(configMap.binaryData ?? {}).length,
        ageCell(configMap, nowMs),
      ],
    }),
  },
});

function validateConfigMap(configMap: ConfigMap): FieldError[] {
  const errors = validateObjectMeta(configMap.metadata, "Namespaced", subdomainName);
  const { data = {}, binaryData = {} } = configMap;
  for (const key of Object.keys(data)) {
    const path = fieldPath("data").key(key);
    checkTexts(configMapKeyErrors(key), key, path, errors);
    if (Object.hasOwn(binaryData, key)) {
      errors.push(invalidField(path, key, "duplicate of key present in binaryData"));
    }
  }
  for (const key of Object.keys(binaryData)) {
    checkTexts(configMapKeyErrors(key), key, fieldPath("binaryData").key(key), errors);
  }
  let binaryBytes = 0;
  for (const text of Object.values(binaryData)) binaryBytes += base64ByteLength(text);
  if (exceedsBytes(Object.values(data), maxDataBytes - binaryBytes)) errors.push(tooLongField("", maxDataBytes));
  return errors;
}
