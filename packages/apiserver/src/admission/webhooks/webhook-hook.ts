import type {
  MutatingWebhook,
  MutatingWebhookConfiguration,
  ValidatingWebhook,
  ValidatingWebhookConfiguration,
} from "@kube-ts/api/admissionregistration/v1";
import type { NamedProgram } from "../matching/expression-run.ts";
import type { Hook } from "../matching/hook-index.ts";
import { compileConditions } from "../matching/match-conditions.ts";
import { webhookCriteria } from "../matching/match-criteria.ts";

/** A webhook of a configuration, ready to be matched and called. */
export interface WebhookHook extends Hook {
  /** Names it among all webhooks. */
  readonly id: string;
  /** Among all webhooks of its kind, from 0. */
  readonly position: number;
  readonly configuration: string;
  readonly webhook: MutatingWebhook | ValidatingWebhook;
  readonly ignoresFailures: boolean;
  readonly reinvoked: boolean;
  readonly conditions: () => readonly NamedProgram[];
}

type Configuration = MutatingWebhookConfiguration | ValidatingWebhookConfiguration;

/** The webhooks of all configurations: by the names of the configurations, then in the order in which they stand. */
export function webhookHooks(configurations: readonly Configuration[]): WebhookHook[] {
  const sorted = configurations.toSorted((a, b) => compareNames(a.metadata.name ?? "", b.metadata.name ?? ""));
  let position = 0;
  return sorted.flatMap(({ metadata, webhooks }) => {
    const counts = new Map<string, number>();
    return (webhooks ?? []).map((webhook: MutatingWebhook | ValidatingWebhook): WebhookHook => {
      const count = counts.get(webhook.name) ?? 0;
      counts.set(webhook.name, count + 1);
      let conditions: readonly NamedProgram[] | undefined;
      return {
        id: `${metadata.name}/${webhook.name}/${count}`,
        position: position++,
        configuration: metadata.name ?? "",
        webhook,
        criteria: webhookCriteria(webhook),
        ignoresFailures: webhook.failurePolicy === "Ignore",
        reinvoked: "reinvocationPolicy" in webhook && webhook.reinvocationPolicy === "IfNeeded",
        conditions: () => (conditions ??= compileConditions(webhook.matchConditions, false)),
      };
    });
  });
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
