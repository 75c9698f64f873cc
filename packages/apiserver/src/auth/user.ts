/** Who a request comes from. */
export interface UserInfo {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** Groups and users that the system itself gives a meaning to. */
export const authenticatedGroup = "system:authenticated";
export const unauthenticatedGroup = "system:unauthenticated";
export const mastersGroup = "system:masters";
export const nodesGroup = "system:nodes";

export const anonymousUser: UserInfo = {
  name: "system:anonymous",
  uid: "",
  groups: [unauthenticatedGroup],
  extra: {},
};

/** The user as a member of the group of everyone who is authenticated. */
export function withAuthenticatedGroup(user: UserInfo): UserInfo {
  const settled = user.groups.includes(authenticatedGroup) || user.groups.includes(unauthenticatedGroup);
  return settled || user.name === anonymousUser.name ? user : { ...user, groups: [...user.groups, authenticatedGroup] };
}
