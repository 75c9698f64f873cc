import type { AdmissionAttributes } from "../admission/admission.ts";
import type { RequestAudit } from "./request-audit.ts";

/** How admission adds annotations to the record of its request; nothing without a record. */
export function admissionAnnotations(
  audit: RequestAudit | undefined,
): Pick<AdmissionAttributes, "annotate" | "annotateBody"> | undefined {
  if (!audit) return undefined;
  const annotate = (key: string, value: string) => audit.annotate(key, value);
  return audit.keepsRequest ? { annotate, annotateBody: annotate } : { annotate };
}
