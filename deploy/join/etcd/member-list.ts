/** A member of etcd as the members see it. */
export interface EtcdMember {
  /** Hexadecimal, as etcdctl takes it. */
  readonly id: string;
  /** Empty for a member that has been added and never started. */
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
  /** It receives the log and has no vote. */
  readonly isLearner: boolean;
}

interface MemberJson {
  readonly ID?: bigint;
  readonly name?: string;
  readonly peerURLs?: readonly string[];
  readonly clientURLs?: readonly string[];
  readonly isLearner?: boolean;
}

/** Reads `etcdctl member list --write-out=json`. Throws when it is something else. */
export function parseMemberList(text: string): readonly EtcdMember[] {
  const { members } = parseExact(text) as { readonly members?: readonly MemberJson[] };
  if (!Array.isArray(members)) throw new Error(`etcdctl listed no members: ${text.slice(0, 200)}`);
  return (members as readonly MemberJson[]).map((member) => {
    if (member.ID === undefined) throw new Error(`a member of etcd has no id: ${text.slice(0, 500)}`);
    return {
      id: member.ID.toString(16),
      name: member.name ?? "",
      peerUrls: member.peerURLs ?? [],
      clientUrls: member.clientURLs ?? [],
      isLearner: member.isLearner ?? false,
    };
  });
}

/** JSON whose whole numbers are exact: ids of members have 64 bits. */
function parseExact(text: string): unknown {
  const exact = (_key: string, value: unknown, { source }: { readonly source?: string }) =>
    typeof value === "number" && source !== undefined && /^\d+$/.test(source) ? BigInt(source) : value;
  try {
    return JSON.parse(text, exact as (this: unknown, key: string, value: unknown) => unknown);
  } catch (cause) {
    throw new Error(`etcdctl answered what is no JSON: ${text.slice(0, 200)}`, { cause });
  }
}
