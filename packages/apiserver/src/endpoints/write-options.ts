import { apiError, badRequest } from "@kube-ts/api/status-error";
import type { ResourceRequest } from "./request-info.ts";

export type FieldValidation = "Strict" | "Warn" | "Ignore";

/** The query of a write, parsed. */
export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: FieldValidation;
  readonly force: boolean | undefined;
}

const maxFieldManagerLength = 128;

/** Reads the query of a write. Throws 422 Invalid as upstream does for values that it does not know. */
export function parseWriteOptions({ query, verb }: ResourceRequest): WriteOptions {
  const optionsKind = verb === "create" ? "CreateOptions" : verb === "patch" ? "PatchOptions" : "UpdateOptions";
  const invalid = (detail: string) =>
    apiError({ code: 422, reason: "Invalid", message: `${optionsKind}.meta.k8s.io "" is invalid: ${detail}` });
  const fieldValidation = query.get("fieldValidation") || "Warn";
  if (fieldValidation !== "Strict" && fieldValidation !== "Warn" && fieldValidation !== "Ignore") {
    throw invalid(
      `fieldValidation: Unsupported value: "${fieldValidation}": supported values: "", "Ignore", "Strict", "Warn"`,
    );
  }
  const fieldManager = query.get("fieldManager") ?? "";
  if (fieldManager.length > maxFieldManagerLength) {
    throw invalid(`fieldManager: Too long: may not be more than ${maxFieldManagerLength} bytes`);
  }
  const force = query.get("force");
  return {
    dryRun: parseDryRun(query.getAll("dryRun"), invalid),
    fieldManager,
    fieldValidation,
    force: force === null ? undefined : force === "true" || force === "1",
  };
}

/** Whether `dryRun=All` is among the values; any other value is refused by `invalid`. */
export function parseDryRun(values: readonly string[], invalid: (detail: string) => Error = badRequest): boolean {
  for (const value of values) {
    if (value !== "All") throw invalid(`dryRun: Unsupported value: "${value}": supported values: "All"`);
  }
  return values.length > 0;
}
