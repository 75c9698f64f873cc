import { goQuote } from "@kube-ts/api/go-quote";
import { type JsonObject, isJsonObject } from "@kube-ts/api/json-value";
import type { Status } from "@kube-ts/api/meta/v1";

/** What a webhook says about a write. */
export interface ReviewAnswer {
  readonly allowed: boolean;
  readonly status: Status | undefined;
  /** The text of a JSON patch; empty for none. */
  readonly patch: string;
  readonly patchType: string;
  readonly warnings: readonly string[];
  readonly auditAnnotations: Readonly<Record<string, string>>;
}

/** An answer that does not follow the protocol. */
export class InvalidResponseError extends Error {}

/** An answer that is not an AdmissionReview at all. */
export class UnreadableResponseError extends Error {}

const reviewKind = "AdmissionReview";

/** Reads an answer to a review of the version. Throws `InvalidResponseError` and `UnreadableResponseError`. */
export function readResponse(answer: unknown, version: string, uid: string, mutating: boolean): ReviewAnswer {
  if (!isJsonObject(answer)) {
    throw new UnreadableResponseError(
      "couldn't get version/kind; json parse error: json: cannot unmarshal into Go value of type struct",
    );
  }
  const { response } = answer;
  if (response === undefined || response === null) throw new InvalidResponseError("webhook response was absent");
  if (!isJsonObject(response)) throw wrongType("response");
  if (version === "v1") checkIdentity(answer, response, uid);
  const patch = patchOf(response);
  const patchType = optional(response, "patchType", "string");
  if (version === "v1") checkPatch(patch, patchType, mutating);
  return {
    allowed: optional(response, "allowed", "boolean") ?? false,
    status: statusOf(response),
    patch: patch ?? "",
    patchType: version === "v1" ? (patchType ?? "") : "JSONPatch",
    warnings: warningsOf(response),
    auditAnnotations: annotationsOf(response),
  };
}

function checkIdentity(answer: JsonObject, response: JsonObject, uid: string): void {
  const given = optional(response, "uid", "string") ?? "";
  if (given !== uid) {
    throw new InvalidResponseError(`expected response.uid=${goQuote(uid)}, got ${goQuote(given)}`);
  }
  const kind = optional(answer, "kind", "string") ?? "";
  const apiVersion = optional(answer, "apiVersion", "string") ?? "";
  if (kind !== reviewKind || apiVersion !== "admission.k8s.io/v1") {
    const got = `${apiVersion.includes("/") ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
    throw new InvalidResponseError(`expected webhook response of admission.k8s.io/v1, Kind=${reviewKind}, got ${got}`);
  }
}

function checkPatch(patch: string | undefined, patchType: string | undefined, mutating: boolean): void {
  const fail = (problem: string): never => {
    throw new InvalidResponseError(problem);
  };
  if (!mutating) {
    if (patch) fail("validating webhook may not return response.patch");
    if (patchType !== undefined) fail("validating webhook may not return response.patchType");
    return;
  }
  if (patch && patchType === undefined) fail("webhook returned response.patch but not response.patchType");
  if (!patch && patchType !== undefined) fail("webhook returned response.patchType but not response.patch");
  if (patchType === "") fail(`webhook returned invalid response.patchType of ""`);
}

function patchOf(response: JsonObject): string | undefined {
  const encoded = optional(response, "patch", "string");
  if (encoded === undefined) return undefined;
  if (!/^[A-Za-z0-9+/\r\n]*={0,2}[\r\n]*$/.test(encoded)) throw new UnreadableResponseError("illegal base64 data");
  return Buffer.from(encoded, "base64").toString();
}

function statusOf(response: JsonObject): Status | undefined {
  const { status } = response;
  if (status === undefined || status === null) return undefined;
  if (!isJsonObject(status)) throw wrongType("response.status");
  for (const field of ["message", "reason", "status"]) optional(status, field, "string");
  optional(status, "code", "number");
  return status as unknown as Status;
}

function warningsOf({ warnings }: JsonObject): readonly string[] {
  if (warnings === undefined || warnings === null) return [];
  if (!Array.isArray(warnings) || !warnings.every((text) => typeof text === "string")) {
    throw wrongType("response.warnings");
  }
  return warnings;
}

function annotationsOf({ auditAnnotations }: JsonObject): Readonly<Record<string, string>> {
  if (auditAnnotations === undefined || auditAnnotations === null) return {};
  const isTexts =
    isJsonObject(auditAnnotations) && Object.values(auditAnnotations).every((text) => typeof text === "string");
  if (!isTexts) throw wrongType("response.auditAnnotations");
  return auditAnnotations as Record<string, string>;
}

interface TypeNames {
  readonly string: string;
  readonly boolean: boolean;
  readonly number: number;
}

function optional<N extends keyof TypeNames>(object: JsonObject, field: string, type: N): TypeNames[N] | undefined {
  const value = object[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== type) throw wrongType(field);
  return value as TypeNames[N];
}

function wrongType(field: string): UnreadableResponseError {
  return new UnreadableResponseError(`json: cannot unmarshal field ${field} of type v1.AdmissionReview`);
}
