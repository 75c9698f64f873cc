import { dns1123SubdomainErrors } from "@kube-ts/api/names";
import { splitServiceAccountUserName } from "../service-accounts/identity.ts";
import type { UserInfo } from "../user.ts";

/** In which role somebody else is acted as; every role but the last takes a permission for what is done in it. */
export type ImpersonationMode = "associated-node" | "arbitrary-node" | "serviceaccount" | "user-info" | "legacy";

/** In the order in which they are tried: the narrowest permission first. */
export const impersonationModes: readonly ImpersonationMode[] = [
  "associated-node",
  "arbitrary-node",
  "serviceaccount",
  "user-info",
  "legacy",
];

const nodePrefix = "system:node:";
const nodeNameKey = "authentication.kubernetes.io/node-name";

/** Whether the mode is one for acting as the wanted user at all. */
export function isApplicable(mode: ImpersonationMode, wanted: UserInfo, requestor: UserInfo): boolean {
  switch (mode) {
    case "associated-node":
      return hasNameOnly(wanted) && isOnNode(requestor, nodeOfUser(wanted.name));
    case "arbitrary-node":
      return hasNameOnly(wanted) && nodeOfUser(wanted.name) !== undefined;
    case "serviceaccount":
      return hasNameOnly(wanted) && splitServiceAccountUserName(wanted.name) !== undefined;
    case "user-info":
      return nodeOfUser(wanted.name) === undefined && splitServiceAccountUserName(wanted.name) === undefined;
    case "legacy":
      return true;
  }
}

/** The node that a user name stands for. */
export function nodeOfUser(name: string): string | undefined {
  if (!name.startsWith(nodePrefix)) return undefined;
  const node = name.slice(nodePrefix.length);
  return dns1123SubdomainErrors(node).length === 0 ? node : undefined;
}

/** Whether the requestor is a service account whose token says that it runs on the node. */
function isOnNode(requestor: UserInfo, node: string | undefined): boolean {
  if (node === undefined || !splitServiceAccountUserName(requestor.name)) return false;
  const names = requestor.extra[nodeNameKey] ?? [];
  return names.length === 1 && names[0] === node;
}

/** What else a node or a service account is, the server knows better than whoever asks. */
function hasNameOnly({ uid, groups, extra }: UserInfo): boolean {
  return uid === "" && groups.length === 0 && Object.keys(extra).length === 0;
}
