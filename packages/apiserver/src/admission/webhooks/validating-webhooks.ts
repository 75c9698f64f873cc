import { validatingWebhookConfigurations } from "@kube-ts/api/resource-types";
import type { AdmissionAttributes, AdmissionPlugin } from "../admission.ts";
import { type Candidate, isExempt } from "../matching/hook-index.ts";
import { LiveHooks } from "../matching/live-hooks.ts";
import { noteFailedOpen } from "./webhook-audit.ts";
import { WebhookDispatch, type WebhookParts } from "./webhook-dispatch.ts";
import { type WebhookHook, webhookHooks } from "./webhook-hook.ts";

/** Lets webhooks refuse what is written; all of them are asked at the same time. */
export class ValidatingAdmissionWebhook implements AdmissionPlugin, Disposable {
  readonly name = "ValidatingAdmissionWebhook";
  readonly #hooks: LiveHooks<WebhookHook>;
  readonly #dispatch: WebhookDispatch;

  constructor(parts: WebhookParts) {
    const { source, forms } = parts;
    const types = [validatingWebhookConfigurations];
    this.#hooks = new LiveHooks(source, forms, types, () => webhookHooks(source.list(validatingWebhookConfigurations)));
    this.#dispatch = new WebhookDispatch(parts, "validating");
  }

  [Symbol.dispose](): void {
    this.#hooks[Symbol.dispose]();
  }

  handles(): boolean {
    return true;
  }

  validate(write: AdmissionAttributes, signal: AbortSignal): Promise<void> | void {
    const { index } = this.#hooks;
    if (index.isEmpty || isExempt(write)) return undefined;
    const candidates = index.candidates(write);
    return candidates.length === 0 ? undefined : this.#validate(candidates, write, signal);
  }

  async #validate(
    candidates: readonly Candidate<WebhookHook>[],
    write: AdmissionAttributes,
    signal: AbortSignal,
  ): Promise<void> {
    const relevant: Candidate<WebhookHook>[] = [];
    for (const candidate of candidates) {
      if (await this.#dispatch.concerns(candidate, write, signal)) relevant.push(candidate);
    }
    const ask = async (candidate: Candidate<WebhookHook>) => {
      const answered = await this.#dispatch.ask(candidate, write, () => Promise.resolve(true), signal);
      if (answered === undefined) noteFailedOpen(write, "validating", { hook: candidate.hook, round: 0 });
    };
    const outcomes = await Promise.allSettled(relevant.map(ask));
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  }
}
