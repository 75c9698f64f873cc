import { X509Certificate } from "node:crypto";
import type {
  CertificateSigningRequest,
  CertificateSigningRequestCondition,
  CertificateSigningRequestSpec,
} from "@kube-ts/api/certificates/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import {
  type FieldError,
  duplicateField,
  forbiddenField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { goQuote } from "@kube-ts/api/go-quote";
import { describeChanges } from "../meta/describe-changes.ts";
import { pathSegmentName } from "../meta/object-names.ts";
import { isBlank } from "../meta/validate-fields.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { CertificateRequestError, checkRequestSignature, parseCertificateRequest } from "./certificate-request.ts";
import { pemBlocks } from "@kube-ts/std/pem-blocks";
import { checkSignerName } from "./validate-signer-name.ts";

const specPath = fieldPath("spec");
const conditionsPath = fieldPath("status", "conditions");
const certificatePath = fieldPath("status", "certificate");
const legacySigner = "kubernetes.io/legacy-unknown";
const minExpirationSeconds = 600;
const lastingTypes = ["Approved", "Denied", "Failed"];
const statuses = ["False", "True", "Unknown"];
const usages = [
  "any",
  "cert sign",
  "client auth",
  "code signing",
  "content commitment",
  "crl sign",
  "data encipherment",
  "decipher only",
  "digital signature",
  "email protection",
  "encipher only",
  "ipsec end system",
  "ipsec tunnel",
  "ipsec user",
  "key agreement",
  "key encipherment",
  "microsoft sgc",
  "netscape sgc",
  "ocsp signing",
  "s/mime",
  "server auth",
  "signing",
  "timestamping",
];

/** The write path an update takes: each may change its own part only. */
export type RequestPart = "spec" | "status" | "approval";

export function validateRequestCreate(request: CertificateSigningRequest): FieldError[] {
  return validateRequest(request, undefined);
}

/** What is wrong with the old request already may stay wrong. */
export function validateRequestUpdate(
  request: CertificateSigningRequest,
  old: CertificateSigningRequest,
  part: RequestPart,
): FieldError[] {
  const errors = validateRequest(request, old);
  checkKeptConditions(request, old, errors);
  if (part !== "approval") checkUntouchedApproval(request, old, errors);
  checkCertificateChange(request, old, part, errors);
  errors.push(...validateObjectMetaUpdate(request.metadata, old.metadata));
  return errors;
}

function validateRequest(request: CertificateSigningRequest, old: CertificateSigningRequest | undefined): FieldError[] {
  const errors = validateObjectMeta(request.metadata, "Cluster", pathSegmentName);
  checkSpec(request.spec, old?.spec, errors);
  checkConditions(request.status?.conditions ?? [], old?.status?.conditions ?? [], errors);
  checkCertificate(request.status?.certificate, old, errors);
  return errors;
}

function checkSpec(
  spec: CertificateSigningRequestSpec,
  old: CertificateSigningRequestSpec | undefined,
  errors: FieldError[],
): void {
  const problem = requestProblem(spec.request);
  if (problem !== undefined) errors.push(invalidField(specPath.child("request"), spec.request ?? "", problem));
  checkUsages(spec.usages ?? [], old?.usages ?? [], errors);
  const signerPath = specPath.child("signerName");
  if (spec.signerName === legacySigner && old?.signerName !== legacySigner) {
    const text = "the legacy signerName is not allowed via this API version";
    errors.push(invalidField(signerPath, spec.signerName, text));
  } else {
    checkSignerName(spec.signerName, signerPath, errors);
  }
  const seconds = spec.expirationSeconds;
  if (seconds !== undefined && seconds < minExpirationSeconds) {
    const text = "may not specify a duration less than 600 seconds (10 minutes)";
    errors.push(invalidField(specPath.child("expirationSeconds"), seconds, text));
  }
}

function requestProblem(request: string | undefined): string | undefined {
  try {
    checkRequestSignature(parseCertificateRequest(Buffer.from(request ?? "", "base64").toString("latin1")));
    return undefined;
  } catch (error) {
    if (error instanceof CertificateRequestError) return error.message;
    throw error;
  }
}

function checkUsages(list: readonly string[], old: readonly string[], errors: FieldError[]): void {
  const path = specPath.child("usages");
  if (list.length === 0) errors.push(requiredField(path, ""));
  if (old.every((usage) => usages.includes(usage))) {
    for (const [index, usage] of list.entries()) {
      if (!usages.includes(usage)) errors.push(notSupportedField(path.index(index), usage, usages));
    }
  }
  if (hasDuplicates(old)) return;
  for (const [index, usage] of list.entries()) {
    if (list.indexOf(usage) < index) errors.push(duplicateField(path.index(index), usage));
  }
}

function hasDuplicates(list: readonly string[]): boolean {
  return new Set(list).size < list.length;
}

type Conditions = readonly CertificateSigningRequestCondition[];

function checkConditions(conditions: Conditions, old: Conditions, errors: FieldError[]): void {
  const types = conditions.map(({ type }) => type);
  const oldTypes = old.map(({ type }) => type);
  const mayBeBoth = oldTypes.includes("Approved") && oldTypes.includes("Denied");
  const mayRepeat = hasDuplicates(oldTypes);
  const mayBeEmpty = oldTypes.includes("");
  for (const [index, { type, status }] of conditions.entries()) {
    const path = conditionsPath.index(index);
    if (type === "" && !mayBeEmpty) errors.push(requiredField(path.child("type"), ""));
    const allowed = lastingTypes.includes(type) ? ["True"] : statuses;
    if (isBlank(status)) errors.push(requiredField(path.child("status"), ""));
    else if (!allowed.includes(status)) errors.push(notSupportedField(path.child("status"), status, allowed));
    const opposite = type === "Approved" ? "Denied" : type === "Denied" ? "Approved" : undefined;
    if (opposite !== undefined && !mayBeBoth && types.slice(0, index).includes(opposite)) {
      errors.push(invalidField(path.child("type"), type, "Approved and Denied conditions are mutually exclusive"));
    }
    if (!mayRepeat && types.indexOf(type) < index) errors.push(duplicateField(path.child("type"), type));
  }
}

function checkCertificate(
  certificate: string | undefined,
  old: CertificateSigningRequest | undefined,
  errors: FieldError[],
): void {
  const before = old?.status?.certificate ?? "";
  if (old !== undefined && (before === (certificate ?? "") || certificateProblem(before) !== undefined)) return;
  const problem = certificateProblem(certificate ?? "");
  if (problem !== undefined) errors.push(invalidField(certificatePath, "<certificate data>", problem));
}

/** What is wrong with certificates in PEM form, which themselves are in base64. */
function certificateProblem(base64: string): string | undefined {
  if (base64 === "") return undefined;
  let count = 0;
  for (const { label, hasHeaders, bytes } of pemBlocks(Buffer.from(base64, "base64").toString("latin1"))) {
    if (label !== "CERTIFICATE") return `only CERTIFICATE PEM blocks are allowed, found ${goQuote(label)}`;
    if (hasHeaders) return "no PEM block headers are permitted";
    count += 1;
    if (bytes.length === 0) return "found CERTIFICATE PEM block containing 0 certificates";
    if (!isCertificate(bytes)) return "x509: malformed certificate";
  }
  return count === 0 ? "must contain at least one CERTIFICATE PEM block" : undefined;
}

function isCertificate(bytes: Buffer): boolean {
  try {
    return new X509Certificate(bytes).raw.length === bytes.length;
  } catch {
    return false;
  }
}

function conditionsOf(request: CertificateSigningRequest, type: string): Conditions {
  return (request.status?.conditions ?? []).filter((condition) => condition.type === type);
}

function checkKeptConditions(
  request: CertificateSigningRequest,
  old: CertificateSigningRequest,
  errors: FieldError[],
): void {
  for (const type of lastingTypes) {
    if (conditionsOf(request, type).length >= conditionsOf(old, type).length) continue;
    const text = `updates may not remove a condition of type ${goQuote(type)}`;
    errors.push(forbiddenField(conditionsPath, text));
  }
}

function checkUntouchedApproval(
  request: CertificateSigningRequest,
  old: CertificateSigningRequest,
  errors: FieldError[],
): void {
  for (const type of ["Approved", "Denied"]) {
    const [now, before] = [conditionsOf(request, type), conditionsOf(old, type)];
    if (now.length > before.length) {
      errors.push(forbiddenField(conditionsPath, `updates may not add a condition of type ${goQuote(type)}`));
    } else if (now.length === before.length && !semanticEqual(now, before)) {
      const changes = describeChanges(before, now, "status.conditions");
      const text = `updates may not modify a condition of type ${goQuote(type)}\n${changes}`;
      errors.push(forbiddenField(conditionsPath, text));
    }
  }
}

function checkCertificateChange(
  request: CertificateSigningRequest,
  old: CertificateSigningRequest,
  part: RequestPart,
  errors: FieldError[],
): void {
  const [now, before] = [request.status?.certificate ?? "", old.status?.certificate ?? ""];
  if (now === before) return;
  if (part !== "status") {
    errors.push(forbiddenField(certificatePath, "updates may not set certificate content"));
  } else if (before !== "") {
    errors.push(forbiddenField(certificatePath, "updates may not modify existing certificate content"));
  }
}
