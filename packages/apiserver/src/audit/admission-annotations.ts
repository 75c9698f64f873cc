import type { AdmissionAttributes } from "../admission/admission.ts";
import type { RequestAudit } from "./request-audit.ts";
import type { TimedStep } from "./step-timer.ts";

/** How admission adds annotations to the record of its request; nothing without a record. */
export function admissionAnnotations(
  audit: RequestAudit | undefined,
): Pick<AdmissionAttributes, "annotate" | "annotateBody" | "spent"> | undefined {
  if (!audit) return undefined;
  const annotate = (key: string, value: string) => audit.annotate(key, value);
  const spent = (step: TimedStep, ms: number) => audit.spent(step, ms);
  return audit.keepsRequest ? { annotate, annotateBody: annotate, spent } : { annotate, spent };
}
