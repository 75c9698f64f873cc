import { forbiddenRequest } from "../auth/forbidden.ts";
import type { ResourceContext } from "./resource-context.ts";

/** A request that may change an object turns out to create it: throws 403 unless the user may do that, too. */
export async function authorizeCreation({ authorizer, exchange, info }: ResourceContext): Promise<void> {
  if (!authorizer) return;
  const { group, version, resource, subresource, namespace, name } = info;
  const { user, signal } = exchange;
  const about = { group, version, resource, subresource, namespace, name };
  const attributes = { kind: "resource", user, verb: "create", ...about } as const;
  const { decision, reason } = await authorizer.authorize(attributes, signal);
  if (decision !== "allow") throw forbiddenRequest(attributes, reason);
}
