import { type UserInfo, withAuthenticatedGroup } from "../user.ts";

const userPrefix = "system:serviceaccount:";

export const serviceAccountsGroup = "system:serviceaccounts";

/** The user name of a service account. */
export function serviceAccountUserName(namespace: string, name: string): string {
  return `${userPrefix}${namespace}:${name}`;
}

/** The namespace and name in a service account's user name; undefined for other users. */
export function splitServiceAccountUserName(
  userName: string,
): { readonly namespace: string; readonly name: string } | undefined {
  if (!userName.startsWith(userPrefix)) return undefined;
  const [namespace = "", name = "", ...more] = userName.slice(userPrefix.length).split(":");
  const valid = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
  if (more.length > 0 || !valid.test(namespace) || !/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)) return undefined;
  return { namespace, name };
}

/** What is known of a service account from its token. Empty texts are absent facts. */
export interface ServiceAccountIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly podName?: string;
  readonly podUid?: string;
  readonly nodeName?: string;
  readonly nodeUid?: string;
  readonly credentialId?: string;
}

const extraPrefix = "authentication.kubernetes.io/";

/** The user that a service account acts as. */
export function serviceAccountUser(identity: ServiceAccountIdentity): UserInfo {
  const extra: Record<string, readonly string[]> = {};
  if (identity.podName && identity.podUid) {
    extra[`${extraPrefix}pod-name`] = [identity.podName];
    extra[`${extraPrefix}pod-uid`] = [identity.podUid];
  }
  if (identity.credentialId) extra[`${extraPrefix}credential-id`] = [identity.credentialId];
  if (identity.nodeName) {
    extra[`${extraPrefix}node-name`] = [identity.nodeName];
    if (identity.nodeUid) extra[`${extraPrefix}node-uid`] = [identity.nodeUid];
  }
  return withAuthenticatedGroup({
    name: serviceAccountUserName(identity.namespace, identity.name),
    uid: identity.uid,
    groups: [serviceAccountsGroup, `${serviceAccountsGroup}:${identity.namespace}`],
    extra,
  });
}
