import type { AdmissionReview } from "@kube-ts/api/admission/v1";
import type { RawExtension } from "@kube-ts/api/meta/v1";
import type { Random } from "@kube-ts/std/random";
import type { WebhookTransport } from "../../extensions/conversion/webhook-transport.ts";
import type { AdmissionAttributes } from "../admission.ts";
import { admissionRequest, showObjects } from "../matching/admission-request.ts";
import type { AdmissionForm } from "../matching/served-forms.ts";
import { WebhookCallError, dryRunUnsupported, rejection } from "./webhook-failure.ts";
import type { WebhookHook } from "./webhook-hook.ts";
import { InvalidResponseError, type ReviewAnswer, readResponse } from "./review-response.ts";

/** Enough for a patch that replaces the largest object that can be stored. */
const maxAnswerBytes = 8 * 1024 * 1024;
const defaultTimeoutSeconds = 10;

export interface WebhookCallParts {
  readonly transport: WebhookTransport;
  readonly random: Random;
}

export interface WebhookCall {
  readonly hook: WebhookHook;
  readonly write: AdmissionAttributes;
  /** In which the webhook sees the object. */
  readonly form: AdmissionForm;
  readonly requested: AdmissionForm;
  readonly mutating: boolean;
}

/**
 * Asks a webhook about a write. Throws `WebhookCallError` when it does not answer as it should, `WebhookRejection` when
 * it refuses, and a BadRequest for a dry run that it is not made for.
 */
export async function callWebhook(
  { transport, random }: WebhookCallParts,
  call: WebhookCall,
  signal: AbortSignal,
): Promise<ReviewAnswer> {
  const { hook, write, mutating } = call;
  const { name, sideEffects, clientConfig, timeoutSeconds = defaultTimeoutSeconds } = hook.webhook;
  if (write.dryRun && sideEffects !== "None" && sideEffects !== "NoneOnDryRun") throw dryRunUnsupported(name);
  const uid = random.uuid();
  const version = hook.webhook.admissionReviewVersions.find((offered) => offered === "v1" || offered === "v1beta1");
  if (!version) {
    const problem = "webhook does not accept known AdmissionReview versions (v1, v1beta1)";
    throw new WebhookCallError(name, `could not create admission objects: ${problem}`, 400);
  }
  const review = await reviewOf(call, version, uid, signal);
  const limits = { timeoutMs: timeoutSeconds * 1000, maxAnswerBytes };
  const failed = (error: unknown) => {
    if (signal.aborted) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    return new WebhookCallError(name, `failed to call webhook: ${problem}`, 503, error);
  };
  const answer = await transport.post(clientConfig, review, signal, limits).catch((error: unknown) => {
    throw failed(error);
  });
  const read = readAnswer(answer, version, uid, name, mutating);
  for (const warning of read.warnings) write.warn(warning);
  for (const [key, value] of Object.entries(read.auditAnnotations)) write.annotate?.(`${name}/${key}`, value);
  if (!read.allowed) throw rejection(name, read.status);
  return read;
}

function readAnswer(answer: unknown, version: string, uid: string, name: string, mutating: boolean): ReviewAnswer {
  try {
    return readResponse(answer, version, uid, mutating);
  } catch (error) {
    const what = error instanceof InvalidResponseError ? "received invalid webhook response" : "failed to call webhook";
    throw new WebhookCallError(name, `${what}: ${error instanceof Error ? error.message : String(error)}`, 503, error);
  }
}

/** The review in upstream's order of fields; objects that a write has not are null in it, never absent. */
async function reviewOf(
  { write, form, requested }: WebhookCall,
  version: string,
  uid: string,
  signal: AbortSignal,
): Promise<AdmissionReview> {
  const { object, oldObject } = await showObjects(write, form, signal);
  const { dryRun, options, ...about } = admissionRequest(write, form, requested);
  return {
    kind: "AdmissionReview",
    apiVersion: `admission.k8s.io/${version}`,
    request: {
      uid,
      ...about,
      object: object as unknown as RawExtension,
      oldObject: oldObject as unknown as RawExtension,
      dryRun,
      options,
    },
  };
}
