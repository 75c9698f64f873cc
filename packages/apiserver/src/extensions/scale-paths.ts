import type { CustomResourceSubresourceScale } from "@kube-ts/api/apiextensions/v1";
import { type FieldError, invalidField } from "@kube-ts/api/field-error";
import { isJsonObject, setOwn, type JsonObject } from "@kube-ts/api/json-value";
import type { KubeObject } from "@kube-ts/api/object";
import { SelectorError, parseSelector } from "@kube-ts/api/selectors";
import { internal } from "@kube-ts/api/status-error";
import type { ScaleMapping } from "../registry/resource-definition.ts";

const maxInt32 = 2 ** 31 - 1;

/** Reads and writes the number of replicas where a definition says it is. */
export function scaleMapping(scale: CustomResourceSubresourceScale): ScaleMapping<KubeObject> {
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  return {
    replicas: (object) => {
      const value = valueAt(object, specReplicasPath);
      if (typeof value === "number") return value;
      throw internal(new Error(`the spec replicas field ${JSON.stringify(specReplicasPath)} does not exist`));
    },
    statusReplicas: (object) => numberAt(object, statusReplicasPath),
    selector: (object) => {
      const value = labelSelectorPath === undefined ? undefined : valueAt(object, labelSelectorPath);
      return typeof value === "string" ? value : "";
    },
    setReplicas: (object, replicas) => setAt(object, specReplicasPath, replicas),
    replicasPath: namesOf(specReplicasPath),
  };
}

/** What is wrong with the values that the scale subresource shows. */
export function scaleErrors(object: KubeObject, scale: CustomResourceSubresourceScale): FieldError[] {
  const errors: FieldError[] = [];
  for (const path of [scale.specReplicasPath, scale.statusReplicasPath]) {
    const value = valueAt(object, path);
    if (value === undefined) continue;
    if (typeof value !== "number" || !Number.isInteger(value)) {
      const detail = `${path} accessor error: ${JSON.stringify(value)} is of the type ${goTypeOf(value)}, expected int64`;
      errors.push(invalidField(path, typeof value === "number" ? value : 0, detail));
    } else if (value < 0) errors.push(invalidField(path, value, "should be a non-negative integer"));
    else if (value > maxInt32) errors.push(invalidField(path, value, `should be less than or equal to ${maxInt32}`));
  }
  const { labelSelectorPath } = scale;
  const selector = labelSelectorPath === undefined ? undefined : valueAt(object, labelSelectorPath);
  if (labelSelectorPath !== undefined && typeof selector === "string") {
    errors.push(...selectorErrors(selector, labelSelectorPath));
  }
  return errors;
}

function selectorErrors(selector: string, path: string): FieldError[] {
  try {
    parseSelector(selector);
    return [];
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error;
    const detail = `couldn't parse the selector string "${selector}": ${error.message}`;
    return [invalidField(path, selector, detail)];
  }
}

function namesOf(path: string): string[] {
  return path.replace(/^\./, "").split(".");
}

function valueAt(object: KubeObject, path: string): unknown {
  let value: unknown = object;
  for (const name of namesOf(path)) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

function numberAt(object: KubeObject, path: string): number {
  const value = valueAt(object, path);
  return typeof value === "number" ? value : 0;
}

function setAt(object: KubeObject, path: string, value: number): void {
  const names = namesOf(path);
  const last = names.pop();
  if (last === undefined) return;
  let target = object as unknown as JsonObject;
  for (const name of names) {
    const inner = Object.hasOwn(target, name) ? target[name] : undefined;
    const next = isJsonObject(inner) ? inner : {};
    setOwn(target, name, next);
    target = next;
  }
  setOwn(target, last, value);
}

function goTypeOf(value: unknown): string {
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return "float64";
  return Array.isArray(value) ? "[]interface {}" : "map[string]interface {}";
}
