import { assertNever } from "@kube-ts/std/assert-never";

/** Either the value must match or, as iptables' `!`, must not. */
export type Match<T> = { readonly is: T } | { readonly not: T };

export type TransportProtocol = "tcp" | "udp" | "sctp";

/** Connection-tracking states, in the order in which the tools print them. */
export const connectionStates = ["INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED", "SNAT", "DNAT"] as const;
export type ConnectionState = (typeof connectionStates)[number];

/** Packet mark, compared or written under a mask. */
export interface Mark {
  readonly value: number;
  readonly mask: number;
}

/** The `recent` match: remembers the source address in the named list, or asks whether it is there. */
export type RecentMatch =
  | { readonly list: string; readonly action: "set" }
  /** Matches when the address was set in the last `seconds`; older entries are dropped from the list. */
  | { readonly list: string; readonly action: "check"; readonly seconds: number };

/** What happens to a packet that matches; a rule without one only counts. */
export type Target =
  | { readonly kind: "accept" | "drop" | "return" | "reject" }
  | { readonly kind: "jump"; readonly chain: string }
  /** `address` is `ip:port`, with brackets around an IPv6 address. */
  | { readonly kind: "dnat"; readonly address: string }
  | { readonly kind: "masquerade"; readonly fullyRandom: boolean }
  /** Clears the bits of `mask`, then flips those of `value`. */
  | { readonly kind: "set-mark"; readonly mark: Mark };

/**
 * One rule, in the part of iptables' language that the project writes. All conditions must hold. Addresses
 * are ranges in canonical form (`10.0.0.1/32`), so that a rule that was written and read back is equal.
 */
export interface Rule {
  readonly source?: Match<string>;
  readonly destination?: Match<string>;
  /** Interface of arrival; a trailing `+` matches every name with that prefix. */
  readonly inInterface?: Match<string>;
  readonly protocol?: TransportProtocol;
  readonly comment?: string;
  readonly mark?: Match<Mark>;
  readonly connectionState?: Match<readonly ConnectionState[]>;
  /** The source is one of the host's own addresses. */
  readonly sourceIsLocal?: true;
  /** The destination is one of the host's own addresses. */
  readonly destinationIsLocal?: true;
  /** Matches this fraction of packets at random. */
  readonly probability?: number;
  readonly recent?: RecentMatch;
  /** Needs `protocol`. */
  readonly destinationPort?: number;
  readonly target?: Target;
}

/** The rule as command arguments, in the order in which the tools print them. */
export function ruleArguments(rule: Rule): string[] {
  const args: string[] = [];
  pushMatch(args, "-s", rule.source);
  pushMatch(args, "-d", rule.destination);
  pushMatch(args, "-i", rule.inInterface);
  if (rule.protocol) args.push("-p", rule.protocol);
  if (rule.comment !== undefined) args.push("-m", "comment", "--comment", rule.comment);
  pushExtendedMatches(args, rule);
  if (rule.destinationPort !== undefined) {
    if (!rule.protocol) throw new TypeError("a rule with a destination port needs a protocol");
    args.push("-m", rule.protocol, "--dport", String(rule.destinationPort));
  }
  if (rule.target) args.push(...targetArguments(rule.target));
  return args;
}

/** Equal for two rules exactly when the kernel holds the same for both. */
export function ruleKey(rule: Rule): string {
  const { probability, ...rest } = rule;
  const args = ruleArguments(rest);
  // The kernel keeps a probability in units of 2^-31.
  if (probability !== undefined) args.push(`probability=${Math.round(probability * 2 ** 31)}`);
  return args.join("\0");
}

function pushExtendedMatches(args: string[], rule: Rule): void {
  if (rule.mark) {
    args.push("-m", "mark");
    pushMatch(args, "--mark", mapMatch(rule.mark, formatMark));
  }
  if (rule.connectionState) {
    args.push("-m", "conntrack");
    pushMatch(args, "--ctstate", mapMatch(rule.connectionState, formatStates));
  }
  if (rule.sourceIsLocal) args.push("-m", "addrtype", "--src-type", "LOCAL");
  if (rule.destinationIsLocal) args.push("-m", "addrtype", "--dst-type", "LOCAL");
  if (rule.probability !== undefined) {
    args.push("-m", "statistic", "--mode", "random", "--probability", rule.probability.toFixed(10));
  }
  if (rule.recent?.action === "set") args.push("-m", "recent", "--set", "--name", rule.recent.list);
  if (rule.recent?.action === "check") {
    args.push("-m", "recent", "--rcheck", "--seconds", String(rule.recent.seconds), "--reap");
    args.push("--name", rule.recent.list);
  }
}

function targetArguments(target: Target): string[] {
  switch (target.kind) {
    case "accept":
    case "drop":
    case "return":
    case "reject":
      return ["-j", target.kind.toUpperCase()];
    case "jump":
      return ["-j", target.chain];
    case "dnat":
      return ["-j", "DNAT", "--to-destination", target.address];
    case "masquerade":
      return ["-j", "MASQUERADE", ...(target.fullyRandom ? ["--random-fully"] : [])];
    case "set-mark":
      return ["-j", "MARK", "--set-xmark", formatMark(target.mark)];
    default:
      return assertNever(target);
  }
}

function pushMatch(args: string[], option: string, match: Match<string> | undefined): void {
  if (!match) return;
  if ("is" in match) args.push(option, match.is);
  else args.push("!", option, match.not);
}

function mapMatch<T, R>(match: Match<T>, map: (value: T) => R): Match<R> {
  return "is" in match ? { is: map(match.is) } : { not: map(match.not) };
}

function formatMark(mark: Mark): string {
  return `0x${mark.value.toString(16)}/0x${mark.mask.toString(16)}`;
}

function formatStates(states: readonly ConnectionState[]): string {
  return connectionStates.filter((state) => states.includes(state)).join(",");
}
