import type { AdmissionAttributes } from "../admission.ts";
import type { WebhookHook } from "./webhook-hook.ts";

/** When a webhook was asked: whose number it has among all of its kind, in which round. */
export interface WebhookTurn {
  readonly hook: WebhookHook;
  readonly round: number;
}

/** Tells the audit that a mutating webhook was asked, and what it changed; the change itself only beside the object. */
export function noteMutation(write: AdmissionAttributes, turn: WebhookTurn, changed: boolean, patch: string): void {
  const { configuration, webhook } = turn.hook;
  const about = { configuration, webhook: webhook.name };
  write.annotate?.(
    `mutation.webhook.admission.k8s.io/${placeOf(turn)}`,
    JSON.stringify({ ...about, mutated: changed }),
  );
  if (!changed || !write.annotateBody) return;
  const patched = { ...about, patch: JSON.parse(patch) as unknown, patchType: "JSONPatch" };
  write.annotateBody(`patch.webhook.admission.k8s.io/${placeOf(turn)}`, JSON.stringify(patched));
}

/** Tells the audit that a webhook failed, and that this was let pass. */
export function noteFailedOpen(write: AdmissionAttributes, kind: "mutating" | "validating", turn: WebhookTurn): void {
  const group = kind === "mutating" ? "mutation" : "validating";
  write.annotate?.(`failed-open.${group}.webhook.admission.k8s.io/${placeOf(turn)}`, turn.hook.webhook.name);
}

/** Tells the audit that a webhook's certificate names no host. */
export function noteMissingNames(write: AdmissionAttributes, host: string): void {
  const problem = "relies on a legacy Common Name field instead of the SAN extension for subject validation";
  write.annotate?.(`missing-san.invalid-cert.kubernetes.io/${host}`, problem);
}

function placeOf({ hook, round }: WebhookTurn): string {
  return `round_${round}_index_${hook.position}`;
}
