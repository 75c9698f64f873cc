import { goQuote } from "@kube-ts/api/go-quote";
import { type JsonObject, cloneJson, jsonEqual } from "@kube-ts/api/json-value";
import { applyJsonPatch } from "@kube-ts/api/patch/json-patch";
import { patchProblem } from "@kube-ts/api/patch/patch-error";
import { mutatingWebhookConfigurations } from "@kube-ts/api/resource-types";
import { internal } from "@kube-ts/api/status-error";
import type { AdmissionAttributes, AdmissionPlugin } from "../admission.ts";
import { type Candidate, isExempt } from "../matching/hook-index.ts";
import { LiveHooks } from "../matching/live-hooks.ts";
import type { Reinvocations } from "../matching/reinvocation.ts";
import type { ReviewAnswer } from "./review-response.ts";
import { noteFailedOpen, noteMutation } from "./webhook-audit.ts";
import { WebhookDispatch, type WebhookParts } from "./webhook-dispatch.ts";
import { WebhookCallError } from "./webhook-failure.ts";
import { type WebhookHook, webhookHooks } from "./webhook-hook.ts";

/** Lets webhooks change what is written, one after the other. */
export class MutatingAdmissionWebhook implements AdmissionPlugin, Disposable {
  readonly name = "MutatingAdmissionWebhook";
  readonly #hooks: LiveHooks<WebhookHook>;
  readonly #dispatch: WebhookDispatch;
  readonly #reinvocations: Reinvocations;

  constructor(parts: WebhookParts, reinvocations: Reinvocations) {
    const { source, forms } = parts;
    const types = [mutatingWebhookConfigurations];
    this.#hooks = new LiveHooks(source, forms, types, () => webhookHooks(source.list(mutatingWebhookConfigurations)));
    this.#dispatch = new WebhookDispatch(parts, "admit");
    this.#reinvocations = reinvocations;
  }

  [Symbol.dispose](): void {
    this.#hooks[Symbol.dispose]();
  }

  handles(): boolean {
    return true;
  }

  admit(write: AdmissionAttributes, signal: AbortSignal): Promise<void> | void {
    const { index } = this.#hooks;
    if (index.isEmpty || isExempt(write)) return undefined;
    const candidates = index.candidates(write);
    return candidates.length === 0 ? undefined : this.#admit(candidates, write, signal);
  }

  async #admit(
    candidates: readonly Candidate<WebhookHook>[],
    write: AdmissionAttributes,
    signal: AbortSignal,
  ): Promise<void> {
    const rounds = this.#reinvocations.of(this.name, write);
    rounds.begin(write.object);
    for (const candidate of candidates) {
      const { hook } = candidate;
      if (!(await this.#dispatch.concerns(candidate, write, signal)) || rounds.skips(hook.id)) continue;
      const turn = { hook, round: rounds.round };
      const use = async (answer: ReviewAnswer) => {
        const changed = await change(candidate, write, answer, signal);
        noteMutation(write, turn, changed, answer.patch);
        return changed;
      };
      const changed = await this.#dispatch.ask(candidate, write, use, signal);
      if (changed === undefined) noteFailedOpen(write, "mutating", turn);
      rounds.saw(hook.id, { changed: changed ?? false, wantsAgain: hook.reinvoked });
    }
    rounds.end(write.object);
  }
}

/** Applies the patch of an answer; tells whether it changed anything. */
async function change(
  { hook, form }: Candidate<WebhookHook>,
  write: AdmissionAttributes,
  { patch, patchType }: ReviewAnswer,
  signal: AbortSignal,
): Promise<boolean> {
  const { name } = hook.webhook;
  if (patch === "") return false;
  const operations = parsePatch(patch);
  if (operations.length === 0) return false;
  if (!write.object) {
    throw internal(
      new Error(
        `admission webhook ${goQuote(name)} attempted to modify the object, which is not supported for this operation`,
      ),
    );
  }
  if (patchType !== "JSONPatch") throw new WebhookCallError(name, `unsupported patch type ${goQuote(patchType)}`, 503);
  const shown = await form.show(write.object, signal);
  const before = cloneJson(shown) as unknown as JsonObject;
  try {
    const patched = applyJsonPatch(before, operations);
    await form.take(write.object, patched, signal);
  } catch (error) {
    throw internal(patchProblem(error) ?? error);
  }
  return !jsonEqual(before, await form.show(write.object, signal));
}

function parsePatch(patch: string): readonly unknown[] {
  try {
    const operations: unknown = JSON.parse(patch);
    if (Array.isArray(operations)) return operations;
  } catch (error) {
    throw internal(error);
  }
  throw internal(new Error("json: cannot unmarshal into Go value of type jsonpatch.Patch"));
}
