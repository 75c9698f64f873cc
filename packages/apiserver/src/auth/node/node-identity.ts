import { type UserInfo, nodesGroup } from "../user.ts";

const nodeUserPrefix = "system:node:";

/** The node that a user is: undefined when the user is no node, empty when it is a node without a name. */
export function nodeNameOf(user: UserInfo): string | undefined {
  if (!user.name.startsWith(nodeUserPrefix) || !user.groups.includes(nodesGroup)) return undefined;
  return user.name.slice(nodeUserPrefix.length);
}
