import { pointerFields } from "./protobuf/pointer-fields.ts";
import type { FieldEntry } from "./type-table.ts";

/**
 * Whether upstream leaves the field out when it has its zero value: an empty list, map or text, zero or false. That
 * is so for optional fields which are neither structs nor pointers. `kind` is that of the field's type.
 */
export function omitsZero(
  directory: string,
  typeName: string,
  fieldName: string,
  entry: Pick<FieldEntry, "required" | "alwaysPresent" | "nullable">,
  kind: string,
): boolean {
  if (entry.required || entry.alwaysPresent || entry.nullable) return false;
  if (meaningfulWhenEmpty.has(`${directory}.${typeName}.${fieldName}`)) return false;
  if (kind === "list" || kind === "map") return true;
  return omittedKinds.has(kind) && isPointer(directory, typeName, fieldName) === false;
}

/** Lists that ask for something by being empty. What is stored has them no more, or is refused. */
const meaningfulWhenEmpty: ReadonlySet<string> = new Set([
  "autoscaling/v2.HPAScalingRules.policies",
  "meta/v1.ObjectMeta.managedFields",
]);

const omittedKinds: ReadonlySet<string> = new Set(["string", "uid", "bool", "int32", "int64", "float64", "bytes"]);

/** Undefined when nothing is known of the group version. */
export function isPointer(directory: string, typeName: string, fieldName: string): boolean | undefined {
  const pointers = pointerFields[directory];
  return pointers && (pointers[typeName]?.split(" ").includes(fieldName) ?? false);
}
