import { type FieldError, invalidField } from "@kube-ts/api/field-error";
import type { FieldPath } from "@kube-ts/api/field-path";

/** No element of the path may be `..`. */
export function checkNoBacksteps(target: string, path: FieldPath, errors: FieldError[]): void {
  if (hasBackstep(target)) errors.push(invalidField(path, target, "must not contain '..'"));
}

/** A relative path that stays below where it starts. */
export function checkDescendingPath(target: string, path: FieldPath, errors: FieldError[]): void {
  if (target.startsWith("/")) errors.push(invalidField(path, target, "must be a relative path"));
  checkNoBacksteps(target, path, errors);
}

/** As `checkDescendingPath`; names that start with two dots belong to the writer of the volume. */
export function checkLocalNonReservedPath(target: string, path: FieldPath, errors: FieldError[]): void {
  checkDescendingPath(target, path, errors);
  if (target.startsWith("..") && !target.startsWith("../")) {
    errors.push(invalidField(path, target, "must not start with '..'"));
  }
}

export function hasBackstep(target: string): boolean {
  return target.includes("..") && target.split("/").includes("..");
}

/** An optional mode of a file. */
export function checkFileMode(mode: number | undefined, path: FieldPath, errors: FieldError[]): void {
  if (mode !== undefined && (mode > 0o777 || mode < 0)) {
    errors.push(invalidField(path, mode, "must be a number between 0 and 0777 (octal), both inclusive"));
  }
}
