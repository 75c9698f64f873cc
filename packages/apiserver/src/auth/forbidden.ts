import { goQuote } from "@kube-ts/api/go-quote";
import { type ApiError, forbidden, internal } from "@kube-ts/api/status-error";
import type { AuthorizationAttributes, AuthorizationDecision } from "./authorizer.ts";

/** The answer to a request that nobody allows: forbidden, unless those who might have were out of reach. */
export function refusedRequest(
  attributes: AuthorizationAttributes,
  { reason, problem }: AuthorizationDecision,
): ApiError {
  return problem === undefined ? forbiddenRequest(attributes, reason) : internal(problem);
}

/** The answer to a request that no authorizer allows; `reason` is theirs and may be empty. */
export function forbiddenRequest(attributes: AuthorizationAttributes, reason: string): ApiError {
  const message = escapeMarkup(forbiddenMessage(attributes));
  const problem = reason === "" ? message : `${message}: ${reason}`;
  if (attributes.kind === "path") return forbidden({ group: "", resource: "" }, "", problem);
  return forbidden({ group: attributes.group, resource: attributes.resource }, attributes.name, problem);
}

/** What the user may not do, in upstream's words. */
function forbiddenMessage(attributes: AuthorizationAttributes): string {
  const subject = `User ${goQuote(attributes.user.name)} cannot ${attributes.verb}`;
  if (attributes.kind === "path") return `${subject} path ${goQuote(attributes.path)}`;
  const { resource, subresource, group, namespace } = attributes;
  const full = subresource === "" ? resource : `${resource}/${subresource}`;
  const scope = namespace === "" ? "at the cluster scope" : `in the namespace ${goQuote(namespace)}`;
  return `${subject} resource ${goQuote(full)} in API group ${goQuote(group)} ${scope}`;
}

/** Names come from the request; browsers must not take them for markup. */
function escapeMarkup(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
