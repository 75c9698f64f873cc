import type { EtcdMember } from "./member-list.ts";

/** The machine that is to be a member. */
export interface MemberWish {
  readonly name: string;
  readonly peerUrl: string;
  /** Whether the machine has a member's data already. */
  readonly hasData: boolean;
}

export type MemberStep =
  /** It is a voting member. */
  | { readonly kind: "nothing" }
  | { readonly kind: "promote"; readonly member: EtcdMember }
  /** It was added before, and is not known to have run. */
  | { readonly kind: "start"; readonly member: EtcdMember }
  /** Its data are gone: the member goes, and a new one comes. */
  | { readonly kind: "replace"; readonly member: EtcdMember }
  | { readonly kind: "add" };

/** What is next on the way of this machine into the cluster. Throws when somebody else has its address or its name. */
export function nextMemberStep(members: readonly EtcdMember[], wish: MemberWish): MemberStep {
  const known = members.find((member) => isOf(member, wish));
  if (!known) {
    if (wish.hasData) {
      throw new Error(`this machine has data of a member of etcd, and etcd has no member ${wish.name}: reset it first`);
    }
    return { kind: "add" };
  }
  if (known.name === "") return { kind: "start", member: known };
  if (!wish.hasData) return { kind: "replace", member: known };
  return known.isLearner ? { kind: "promote", member: known } : { kind: "nothing" };
}

function isOf({ name, peerUrls }: EtcdMember, wish: MemberWish): boolean {
  if (name !== "" && name !== wish.name && peerUrls.includes(wish.peerUrl)) {
    throw new Error(`etcd has a member ${name} at ${wish.peerUrl} already`);
  }
  if (name === wish.name && !peerUrls.includes(wish.peerUrl)) {
    throw new Error(`etcd has a member ${name} already, at ${peerUrls.join(", ")}`);
  }
  return name === wish.name || (name === "" && peerUrls.includes(wish.peerUrl));
}

/** `--initial-cluster` of a member that joins: all members, and itself under its name. */
export function initialCluster(members: readonly EtcdMember[], wish: MemberWish): string {
  const others = members.filter((member) => member.name !== "" && member.name !== wish.name);
  return [
    ...others.flatMap(({ name, peerUrls }) => peerUrls.map((url) => `${name}=${url}`)),
    `${wish.name}=${wish.peerUrl}`,
  ]
    .toSorted()
    .join(",");
}

/**
 * Whether the others keep a majority without this member. Of a single member nothing would be left; a learner has no
 * vote to lose.
 */
export function mayRemove(members: readonly EtcdMember[], member: EtcdMember): boolean {
  return member.isLearner || members.some((other) => other.id !== member.id && !other.isLearner);
}
