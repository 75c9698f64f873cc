import type { CustomResourceDefinition } from "@kube-ts/api/apiextensions/v1";
import { goQuote } from "@kube-ts/api/go-quote";

export const approvalAnnotation = "api-approved.kubernetes.io";

/** Groups that belong to the Kubernetes community; definitions in them need its approval. */
export function isProtectedGroup(group: string): boolean {
  return ["k8s.io", "kubernetes.io"].some((domain) => group === domain || group.endsWith(`.${domain}`));
}

export interface Approval {
  readonly state: "approved" | "bypassed" | "missing" | "invalid";
  readonly reason: string;
}

const more = "see https://github.com/kubernetes/enhancements/pull/1111";

/** What the annotation of a definition in a protected group says about its approval. */
export function approvalOf({ metadata }: CustomResourceDefinition): Approval {
  const text = metadata.annotations?.[approvalAnnotation] ?? "";
  const needs = `protected groups must have approval annotation ${goQuote(approvalAnnotation)}`;
  if (text === "") return { state: "missing", reason: `${needs}, ${more}` };
  if (text.startsWith("unapproved")) return { state: "bypassed", reason: `not approved: ${goQuote(text)}` };
  if (isUrl(text)) return { state: "approved", reason: `approved in ${text}` };
  return { state: "invalid", reason: `${needs} with either a URL or a reason starting with "unapproved", ${more}` };
}

function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]+/i.test(text) && URL.canParse(text);
}
