import type {
  MutatingWebhookConfiguration,
  ValidatingWebhookConfiguration,
} from "@kube-ts/api/admissionregistration/v1";
import type { MutatingWebhook, ValidatingWebhook } from "@kube-ts/api/admissionregistration/v1beta1";
import type { FieldError } from "@kube-ts/api/field-error";
import type { KubeObject } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { mutatingWebhookConfigurations, validatingWebhookConfigurations } from "@kube-ts/api/resource-types";
import { legacyVersion } from "../legacy-version.ts";
import type { AlternateVersion } from "../resource-definition.ts";

interface Configuration extends KubeObject {
  webhooks?: (MutatingWebhook | ValidatingWebhook)[];
}

export const legacyMutatingWebhooks = [webhookVersion<MutatingWebhookConfiguration>(mutatingWebhookConfigurations)];
export const legacyValidatingWebhooks = [
  webhookVersion<ValidatingWebhookConfiguration>(validatingWebhookConfigurations),
];

function webhookVersion<T extends KubeObject>(type: ResourceType<T>): AlternateVersion<T> {
  return legacyVersion<T, Configuration>(type, "admissionregistration.k8s.io/v1beta1", {
    fromStored: (configuration) => configuration,
    toStored: (configuration) => configuration as unknown as T,
    defaults({ webhooks = [] }) {
      for (const webhook of webhooks) defaultWebhook(webhook);
    },
    tolerates: isTolerated,
  });
}

function defaultWebhook(webhook: MutatingWebhook | ValidatingWebhook): void {
  webhook.failurePolicy ??= "Ignore";
  webhook.matchPolicy ??= "Exact";
  webhook.sideEffects ??= "Unknown";
  webhook.timeoutSeconds ??= 30;
  if (!webhook.admissionReviewVersions?.length) webhook.admissionReviewVersions = ["v1beta1"];
}

/** Webhooks could leave open whether they have side effects, and share names. */
function isTolerated({ path, reason, value }: FieldError): boolean {
  if (/^webhooks\[\d+\]\.name$/.test(path)) return reason === "FieldValueDuplicate";
  return /^webhooks\[\d+\]\.sideEffects$/.test(path) && (value === "Unknown" || value === "Some");
}
