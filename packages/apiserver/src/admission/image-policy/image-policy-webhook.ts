import { createHash } from "node:crypto";
import type { Pod } from "@kube-ts/api/core/v1";
import { pods } from "@kube-ts/api/resource-types";
import type { Clock } from "@kube-ts/std/clock";
import { LRUCache } from "lru-cache";
import type { ReviewWebhook } from "../../auth/webhook/review-webhook.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "../admission.ts";
import { admissionForbidden, isWriteOf } from "../forbidden.ts";
import type { ImagePolicyConfiguration } from "./image-policy-configuration.ts";
import {
  type ImageReviewSpec,
  type ImageReviewStatus,
  imageReview,
  imageReviewSpec,
  readImageReview,
} from "./image-review.ts";

const auditPrefix = "imagepolicywebhook.image-policy.k8s.io/";
const maxAnswers = 1024;

/** Asks a webhook whether the images of a pod may be used. */
export class ImagePolicyWebhook implements AdmissionPlugin {
  readonly name = "ImagePolicyWebhook";
  readonly #webhook: ReviewWebhook;
  readonly #config: ImagePolicyConfiguration;
  readonly #answers: LRUCache<string, ImageReviewStatus>;

  constructor(webhook: ReviewWebhook, config: ImagePolicyConfiguration, clock: Clock) {
    this.#webhook = webhook;
    this.#config = config;
    this.#answers = new LRUCache({
      max: maxAnswers,
      ttlResolution: 0,
      perf: { now: () => clock.monotonicMs() },
    });
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE" || operation === "UPDATE";
  }

  validate(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> | undefined {
    const { subresource, namespace, object } = attributes;
    if (!isWriteOf(attributes, pods, ["", "ephemeralcontainers"]) || !object) return undefined;
    return this.#judge(attributes, imageReviewSpec(object as Pod, namespace, subresource), signal);
  }

  async #judge(attributes: AdmissionAttributes, spec: ImageReviewSpec, signal: AbortSignal): Promise<void> {
    // Annotations may be large: what is kept of a question is its digest.
    const key = createHash("sha256").update(JSON.stringify(spec)).digest("base64");
    const status = this.#answers.get(key) ?? (await this.#ask(attributes, key, spec, signal));
    if (!status) return;
    for (const [name, value] of Object.entries(status.auditAnnotations))
      attributes.annotate?.(auditPrefix + name, value);
    if (status.allowed) return;
    const problem =
      status.reason === ""
        ? "one or more images rejected by webhook backend"
        : `image policy webhook backend denied one or more images: ${status.reason}`;
    throw admissionForbidden(attributes, problem);
  }

  /** Undefined when the webhook could not be asked and that lets pods in. */
  async #ask(
    attributes: AdmissionAttributes,
    key: string,
    spec: ImageReviewSpec,
    signal: AbortSignal,
  ): Promise<ImageReviewStatus | undefined> {
    try {
      const status = readImageReview(await this.#webhook.post(imageReview(spec), signal));
      const ttl = status.allowed ? this.#config.allowTtlMs : this.#config.denyTtlMs;
      if (ttl > 0) this.#answers.set(key, status, { ttl });
      return status;
    } catch (error) {
      signal.throwIfAborted();
      if (!this.#config.defaultAllow) {
        throw admissionForbidden(attributes, error instanceof Error ? error.message : String(error));
      }
      attributes.annotate?.(`${auditPrefix}failed-open`, "true");
      return undefined;
    }
  }
}
