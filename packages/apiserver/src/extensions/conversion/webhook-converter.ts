import type { ConversionReview, CustomResourceDefinition, WebhookConversion } from "@kube-ts/api/apiextensions/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import { isJsonObject } from "@kube-ts/api/json-value";
import type { ObjectMeta } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { internal } from "@kube-ts/api/status-error";
import type { Random } from "@kube-ts/std/random";
import type { ObjectConverter } from "./object-converter.ts";
import type { WebhookTransport } from "./webhook-transport.ts";

const reviewApiVersion = "apiextensions.k8s.io/v1";
/** More objects go in several calls, so that neither side has to hold a list of any size as one message. */
const maxObjectsPerCall = 500;

/** Has objects converted by the webhook of a definition. */
export class WebhookConverter implements ObjectConverter {
  readonly #webhook: WebhookConversion;
  readonly #transport: WebhookTransport;
  readonly #random: Random;

  constructor(definition: CustomResourceDefinition, transport: WebhookTransport, random: Random) {
    const webhook = definition.spec.conversion?.webhook;
    if (!webhook) throw new Error("a definition without a conversion webhook");
    this.#webhook = webhook;
    this.#transport = transport;
    this.#random = random;
  }

  async convert(
    objects: readonly KubeObject[],
    apiVersion: string,
    signal: AbortSignal,
  ): Promise<readonly KubeObject[]> {
    const results = [...objects];
    const others = results.flatMap((object, index) => (object.apiVersion === apiVersion ? [] : [index]));
    for (let start = 0; start < others.length; start += maxObjectsPerCall) {
      const indexes = others.slice(start, start + maxObjectsPerCall);
      const batch = indexes.map((index) => results[index] as KubeObject);
      const converted = await this.#call(batch, apiVersion, signal);
      for (const [at, index] of indexes.entries()) results[index] = converted[at] as KubeObject;
    }
    return results;
  }

  async #call(originals: readonly KubeObject[], apiVersion: string, signal: AbortSignal): Promise<KubeObject[]> {
    const [first] = originals;
    const source = `conversion webhook for ${first?.apiVersion}, Kind=${first?.kind}`;
    const uid = this.#random.uuid();
    const answer = await this.#review(originals, apiVersion, uid, signal).catch((error: unknown) => {
      if (signal.aborted) throw error;
      throw internal(new Error(`${source} failed: ${error instanceof Error ? error.message : String(error)}`));
    });
    try {
      return checkAnswer(answer, originals, apiVersion, uid, source);
    } catch (error) {
      if (!(error instanceof BadAnswerError)) throw error;
      throw internal(error);
    }
  }

  async #review(
    objects: readonly KubeObject[],
    desiredAPIVersion: string,
    uid: string,
    signal: AbortSignal,
  ): Promise<unknown> {
    if (!this.#webhook.conversionReviewVersions.includes("v1")) {
      throw new Error("no supported conversion review versions");
    }
    const review: ConversionReview = {
      kind: "ConversionReview",
      apiVersion: reviewApiVersion,
      request: { uid, desiredAPIVersion, objects: objects.map((object) => ({ ...object })) },
    };
    return this.#transport.post(this.#webhook.clientConfig ?? {}, review, signal);
  }
}

/** An answer that no conversion can be taken from. */
class BadAnswerError extends Error {}

function checkAnswer(
  answer: unknown,
  originals: readonly KubeObject[],
  apiVersion: string,
  uid: string,
  source: string,
): KubeObject[] {
  const fail = (problem: string): never => {
    throw new BadAnswerError(`${source} ${problem}`);
  };
  const response = responseOf(answer, uid, (problem) => fail(`failed: ${problem}`));
  const converted = Array.isArray(response["convertedObjects"]) ? (response["convertedObjects"] as unknown[]) : [];
  if (converted.length !== originals.length) {
    fail(`returned ${converted.length} objects, expected ${originals.length}`);
  }
  return originals.map((original, index) =>
    checkObject(original, converted[index], apiVersion, (problem) =>
      fail(`returned invalid converted object at index ${index}: ${problem}`),
    ),
  );
}

type Fail = (problem: string) => never;

function responseOf(answer: unknown, uid: string, fail: Fail): Record<string, unknown> {
  const { kind, apiVersion, response } = isJsonObject(answer) ? answer : {};
  if (kind !== "ConversionReview" || apiVersion !== reviewApiVersion) {
    const got = `${String(apiVersion ?? "")}, Kind=${String(kind ?? "")}`;
    fail(`expected webhook response of ${reviewApiVersion}, Kind=ConversionReview, got ${got}`);
  }
  if (!isJsonObject(response)) return fail("no response provided");
  if (response["uid"] !== uid) {
    fail(`expected response.uid=${goQuote(uid)}, got ${goQuote(String(response["uid"] ?? ""))}`);
  }
  const { status, message } = isJsonObject(response["result"]) ? response["result"] : {};
  if (status === "Success") return response;
  if (typeof message === "string" && message !== "") fail(message);
  return fail(`response.result.status was '${String(status ?? "")}', not 'Success'`);
}

/** A converted object with the metadata of the original, but for labels and annotations. */
function checkObject(original: KubeObject, converted: unknown, apiVersion: string, fail: Fail): KubeObject {
  if (!isJsonObject(converted)) return fail("not an object");
  if (converted["apiVersion"] !== apiVersion) {
    fail(`invalid groupVersion (expected ${apiVersion}, received ${String(converted["apiVersion"] ?? "")})`);
  }
  if (converted["kind"] !== original.kind) {
    fail(`invalid kind (expected ${original.kind}, received ${String(converted["kind"] ?? "")})`);
  }
  const metadata = isJsonObject(converted["metadata"]) ? (converted["metadata"] as ObjectMeta) : fail("no metadata");
  for (const field of ["name", "namespace", "uid"] as const) {
    const [before, after] = [original.metadata[field] ?? "", metadata[field] ?? ""];
    if (before !== after) fail(`must have the same ${field === "uid" ? "UID" : field}: ${before} != ${after}`);
  }
  const restored: ObjectMeta = { ...original.metadata };
  delete restored.labels;
  delete restored.annotations;
  for (const field of ["labels", "annotations"] as const) {
    const value = metadata[field];
    if (value === undefined || value === null) continue;
    if (!isStringMap(value)) fail(`.metadata.${field} accessor error: not a map of strings`);
    restored[field] = value;
  }
  return { ...converted, metadata: restored };
}

function isStringMap(value: unknown): boolean {
  return isJsonObject(value) && Object.values(value).every((item) => typeof item === "string");
}
