import { forbiddenField, notSupportedField } from "@kube-ts/api/field-error";
import type { FieldError } from "@kube-ts/api/field-error";
import { invalid } from "@kube-ts/api/status-error";

const listOptions = { group: "meta.k8s.io", kind: "ListOptions" };

export interface MatchOptions {
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  readonly continueToken: string;
}

/** Throws Invalid for options of a list that do not go together. */
export function checkListOptions(options: MatchOptions, sendInitialEvents?: boolean): void {
  const { resourceVersion, resourceVersionMatch: match, continueToken } = options;
  if (match === "" && sendInitialEvents === undefined) return;
  const errors: FieldError[] = [];
  const refuse = (detail: string) => errors.push(forbiddenField("resourceVersionMatch", detail));
  if (match !== "") {
    if (resourceVersion === "") refuse("resourceVersionMatch is forbidden unless resourceVersion is provided");
    if (continueToken !== "") refuse("resourceVersionMatch is forbidden when continue is provided");
    if (match !== "Exact" && match !== "NotOlderThan") {
      errors.push(notSupportedField("resourceVersionMatch", match, ["Exact", "NotOlderThan", ""]));
    }
    if (match === "Exact" && resourceVersion === "0") {
      refuse('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
    }
  }
  if (sendInitialEvents !== undefined) {
    errors.push(forbiddenField("sendInitialEvents", "sendInitialEvents is forbidden for list"));
  }
  if (errors.length > 0) throw invalid(listOptions, "", errors);
}

/** Throws Invalid for options of a watch that do not go together. */
export function checkWatchOptions(options: MatchOptions, sendInitialEvents: boolean | undefined): void {
  const { resourceVersionMatch: match, continueToken } = options;
  if (match === "" && sendInitialEvents === undefined) return;
  const errors: FieldError[] = [];
  const refuse = (field: string, detail: string) => errors.push(forbiddenField(field, detail));
  if (sendInitialEvents !== undefined) {
    if (match !== "NotOlderThan") {
      refuse("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
    }
    if (continueToken !== "") refuse("continue", "continue is forbidden with watch");
  }
  if (match !== "") {
    if (sendInitialEvents === undefined) {
      refuse(
        "resourceVersionMatch",
        "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
      );
    }
    if (match !== "NotOlderThan") {
      errors.push(notSupportedField("resourceVersionMatch", match, ["NotOlderThan"]));
    }
    if (continueToken !== "") refuse("resourceVersionMatch", "resourceVersionMatch is forbidden with continue");
  }
  if (errors.length > 0) throw invalid(listOptions, "", errors);
}
