import type { Pod } from "@kube-ts/api/core/v1";
import { isRecord } from "@kube-ts/std/config-schema";

const annotationGroup = ".image-policy.k8s.io/";

export interface ImageReviewSpec {
  readonly containers: readonly { readonly image: string }[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly namespace: string;
}

/** What a webhook says of images. */
export interface ImageReviewStatus {
  readonly allowed: boolean;
  readonly reason: string;
  readonly auditAnnotations: Readonly<Record<string, string>>;
}

/** What is asked about a pod: the images that the write brings, of ephemeral containers alone where those are added. */
export function imageReviewSpec(pod: Pod, namespace: string, subresource: string): ImageReviewSpec {
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  const asked = subresource === "ephemeralcontainers" ? ephemeralContainers : [...containers, ...initContainers];
  const annotations = Object.entries(pod.metadata.annotations ?? {}).filter(([key]) => key.includes(annotationGroup));
  return {
    containers: asked.map(({ image = "" }) => ({ image })),
    ...(annotations.length > 0 && { annotations: Object.fromEntries(annotations) }),
    namespace,
  };
}

export function imageReview(spec: ImageReviewSpec): object {
  return {
    kind: "ImageReview",
    apiVersion: "imagepolicy.k8s.io/v1alpha1",
    metadata: {},
    spec,
    status: { allowed: false },
  };
}

/** Reads the answer of a webhook. Throws an Error for what is none. */
export function readImageReview(answer: unknown): ImageReviewStatus {
  if (!isRecord(answer) || answer["kind"] !== "ImageReview" || !isRecord(answer["status"])) {
    throw new Error("the webhook's answer is not an ImageReview with a status");
  }
  const { allowed = false, reason = "", auditAnnotations = {} } = answer["status"];
  if (typeof allowed !== "boolean" || typeof reason !== "string" || !isRecord(auditAnnotations)) {
    throw new Error("the status of the webhook's ImageReview has fields of other types");
  }
  const texts = Object.entries(auditAnnotations).map(([key, value]) => [key, String(value)]);
  return { allowed, reason, auditAnnotations: Object.fromEntries(texts) as Record<string, string> };
}
