import { forbiddenField, requiredField } from "@kube-ts/api/field-error";
import { apiError, badRequest, invalid } from "@kube-ts/api/status-error";
import { managerNameProblem } from "../registry/field-management/manager-name.ts";
import { readBoolean } from "./query-boolean.ts";
import type { ResourceRequest } from "./request-info.ts";

export type FieldValidation = "Strict" | "Warn" | "Ignore";

/** The query of a write, parsed. */
export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: FieldValidation;
  readonly force: boolean | undefined;
}

const patchOptions = { group: "meta.k8s.io", kind: "PatchOptions" };

/** Reads the query of a write. Throws 422 Invalid as upstream does for values that it does not know. */
export function parseWriteOptions({ query, verb }: ResourceRequest): WriteOptions {
  const optionsKind = verb === "create" ? "CreateOptions" : verb === "patch" ? "PatchOptions" : "UpdateOptions";
  const refuse = (detail: string) =>
    apiError({ code: 422, reason: "Invalid", message: `${optionsKind}.meta.k8s.io "" is invalid: ${detail}` });
  const fieldValidation = query.get("fieldValidation") || "Warn";
  if (fieldValidation !== "Strict" && fieldValidation !== "Warn" && fieldValidation !== "Ignore") {
    throw refuse(
      `fieldValidation: Unsupported value: "${fieldValidation}": supported values: "", "Ignore", "Strict", "Warn"`,
    );
  }
  const fieldManager = query.get("fieldManager") ?? "";
  const nameProblem = managerNameProblem(fieldManager);
  if (nameProblem !== undefined) throw refuse(`fieldManager: ${nameProblem}`);
  return {
    dryRun: parseDryRun(query.getAll("dryRun"), refuse),
    fieldManager,
    fieldValidation,
    force: readBoolean(query, "force"),
  };
}

/** As `parseWriteOptions`, for a patch that is not applied: nothing can be forced. */
export function parsePatchOptions(info: ResourceRequest): WriteOptions {
  const options = parseWriteOptions(info);
  if (options.force === undefined) return options;
  throw invalid(patchOptions, "", [forbiddenField("force", "may not be specified for non-apply patch")]);
}

/** As `parseWriteOptions`, for server-side apply, which has to say who applies. */
export function parseApplyOptions(info: ResourceRequest): WriteOptions & { readonly force: boolean } {
  const options = parseWriteOptions(info);
  if (options.fieldManager === "") {
    throw invalid(patchOptions, "", [requiredField("fieldManager", "is required for apply patch")]);
  }
  return { ...options, force: options.force ?? false };
}

/** Whether `dryRun=All` is among the values; any other value is refused by `invalid`. */
export function parseDryRun(values: readonly string[], invalid: (detail: string) => Error = badRequest): boolean {
  for (const value of values) {
    if (value !== "All") throw invalid(`dryRun: Unsupported value: "${value}": supported values: "All"`);
  }
  return values.length > 0;
}
