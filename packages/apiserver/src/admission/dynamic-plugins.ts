import type { AdmissionPlugin } from "./admission.ts";
import type { AdmissionParts } from "./chain.ts";
import type { Reinvocations } from "./matching/reinvocation.ts";
import { MutatingAdmissionPolicyPlugin } from "./policies/mutating-policies.ts";
import { ValidatingAdmissionPolicyPlugin } from "./policies/validating-policies.ts";
import { MutatingAdmissionWebhook } from "./webhooks/mutating-webhooks.ts";
import { ValidatingAdmissionWebhook } from "./webhooks/validating-webhooks.ts";
import { WebhookMetrics } from "./webhooks/webhook-metrics.ts";

/** Makes the plugins that carry out what is configured while the server runs. */
export function dynamicPlugins(parts: AdmissionParts, reinvocations: Reinvocations) {
  const { source, clock, random, authorizer, dynamic } = parts;
  const policies = { source, forms: dynamic.forms, authorizer };
  const metrics = dynamic.metrics && new WebhookMetrics(dynamic.metrics);
  const webhooks = { ...policies, clock, random, metrics };
  return {
    MutatingAdmissionPolicy: () => new MutatingAdmissionPolicyPlugin(policies, reinvocations),
    MutatingAdmissionWebhook: () =>
      new MutatingAdmissionWebhook({ ...webhooks, transport: dynamic.mutating }, reinvocations),
    ValidatingAdmissionPolicy: () => new ValidatingAdmissionPolicyPlugin(policies),
    ValidatingAdmissionWebhook: () => new ValidatingAdmissionWebhook({ ...webhooks, transport: dynamic.validating }),
  } satisfies Record<string, () => AdmissionPlugin>;
}
