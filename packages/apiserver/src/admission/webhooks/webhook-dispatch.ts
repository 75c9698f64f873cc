import { evaluateWithAnswers } from "@kube-ts/api/cel/authorizer-answers";
import { forbidden, internal, timeout } from "@kube-ts/api/status-error";
import type { Clock } from "@kube-ts/std/clock";
import { missingAlternativeNames } from "@kube-ts/std/server-identity";
import type { Authorizer } from "../../auth/authorizer.ts";
import type { ObjectSource } from "../../registry/object-source.ts";
import type { AdmissionAttributes } from "../admission.ts";
import { admissionRequest, showObjects } from "../matching/admission-request.ts";
import type { Candidate } from "../matching/hook-index.ts";
import { labelsMatch } from "../matching/label-scope.ts";
import { evaluateConditions } from "../matching/match-conditions.ts";
import { requestAuthorizer } from "../matching/request-authorizer.ts";
import type { ServedForms } from "../matching/served-forms.ts";
import { noteMissingNames } from "./webhook-audit.ts";
import { type WebhookCallParts, callWebhook } from "./webhook-caller.ts";
import { WebhookCallError, WebhookRejection } from "./webhook-failure.ts";
import type { WebhookHook } from "./webhook-hook.ts";
import type { CallOutcome, WebhookMetrics, WebhookStep } from "./webhook-metrics.ts";
import type { ReviewAnswer } from "./review-response.ts";

export interface WebhookParts extends WebhookCallParts {
  readonly source: ObjectSource;
  readonly forms: ServedForms;
  readonly clock: Clock;
  readonly authorizer: Authorizer | undefined;
  readonly metrics: WebhookMetrics | undefined;
}

/** Decides which webhooks are called for a write, calls them, and says what follows from what they say. */
export class WebhookDispatch {
  readonly parts: WebhookParts;
  readonly #step: WebhookStep;

  constructor(parts: WebhookParts, step: WebhookStep) {
    this.parts = parts;
    this.#step = step;
  }

  /** Whether the webhook has to be asked, its rules being met. Throws an ApiError when that cannot be told. */
  async concerns(
    { hook, form }: Candidate<WebhookHook>,
    write: AdmissionAttributes,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { source, forms, authorizer } = this.parts;
    if (!(await labelsMatch(hook.criteria, write, source, signal))) return false;
    if (!hook.webhook.matchConditions?.length) return true;
    const shown = await showObjects(write, form, signal);
    const request = admissionRequest(write, form, forms.requested(write.type, write.subresource));
    const outcome = await evaluateWithAnswers(
      (ask) => evaluateConditions(hook.conditions(), { request, ...shown, ask }, hook.webhook.failurePolicy),
      requestAuthorizer(authorizer, write.user),
      signal,
    );
    if ("matches" in outcome) return outcome.matches;
    throw forbidden({ group: write.type.group, resource: write.type.plural }, write.name, outcome.error);
  }

  /**
   * Asks the webhook and lets `use` have its answer; undefined when it failed and that is to be ignored. Throws the
   * ApiError that the client gets.
   */
  async ask<T>(
    { hook, form }: Candidate<WebhookHook>,
    write: AdmissionAttributes,
    use: (answer: ReviewAnswer) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    const { clock, forms } = this.parts;
    const startMs = clock.monotonicMs();
    const done = (outcome: CallOutcome) => {
      const ms = clock.monotonicMs() - startMs;
      write.spent?.(this.#step === "admit" ? "mutating-webhook" : "validating-webhook", ms);
      this.parts.metrics?.observe(hook.webhook.name, this.#step, write.operation, ms / 1000, outcome);
    };
    try {
      const requested = forms.requested(write.type, write.subresource);
      const call = { hook, write, form, requested, mutating: this.#step === "admit" };
      const result = await use(await callWebhook(this.parts, call, signal));
      done({ kind: "allowed" });
      return result;
    } catch (error) {
      if (signal.aborted) throw timeout("request did not complete within requested timeout", 0);
      if (error instanceof WebhookRejection) {
        done({ kind: "refused", code: error.status.code });
        throw error.status;
      }
      if (!(error instanceof WebhookCallError)) {
        done({ kind: "internalError" });
        throw error;
      }
      const nameless = missingAlternativeNames(error);
      if (nameless) {
        this.parts.metrics?.missingAlternativeNames();
        noteMissingNames(write, nameless.host);
      }
      done({ kind: "unreachable", code: error.code, ignored: hook.ignoresFailures });
      if (!hook.ignoresFailures) throw internal(error);
      return undefined;
    }
  }
}
