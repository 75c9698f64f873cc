import { goQuote } from "@kube-ts/api/go-quote";
import type { CertificateRequest } from "../pki/authority.ts";
import type { DaemonName } from "../units/unit-files.ts";
import { type CertificateFacts, isDue } from "./certificate-facts.ts";
import type { ListedCertificate } from "./inventory.ts";

/** A certificate with what is found of it; undefined when it is missing or cannot be read. */
export interface FoundCertificate {
  readonly listed: ListedCertificate;
  readonly facts: CertificateFacts | undefined;
  /** Whether this machine has the key of its authority. */
  readonly hasAuthorityKey: boolean;
  /** Whether another authority has signed it than the one that the machine has. */
  readonly isForeign: boolean;
}

export type Renewal =
  | { readonly kind: "renew"; readonly listed: ListedCertificate; readonly request: CertificateRequest }
  /** More than a third of its life is left, and its authority is still the same. */
  | { readonly kind: "keep"; readonly name: string }
  /** The authority's key is elsewhere. */
  | { readonly kind: "external"; readonly name: string };

/** Throws for a name that is none of this machine's certificates. */
export function selectCertificates(
  found: readonly FoundCertificate[],
  names: readonly string[],
): readonly FoundCertificate[] {
  if (names.length === 0 || names.includes("all")) return found;
  const known = new Set(found.map(({ listed }) => listed.name));
  const wrong = names.find((name) => !known.has(name));
  if (wrong !== undefined) {
    throw new Error(`this machine has no certificate ${goQuote(wrong)}; it has ${[...known].join(", ")}`);
  }
  return found.filter(({ listed }) => names.includes(listed.name));
}

/** What is to be done about each certificate. */
export function planRenewals(found: readonly FoundCertificate[], force: boolean, nowMs: number): readonly Renewal[] {
  return found.map(({ listed, facts, hasAuthorityKey, isForeign }): Renewal => {
    if (facts && !force && !isForeign && !isDue(facts, nowMs)) return { kind: "keep", name: listed.name };
    if (listed.issuer === "authority" && !hasAuthorityKey) return { kind: "external", name: listed.name };
    return { kind: "renew", listed, request: requestLike(listed.request, facts) };
  });
}

/** The next certificate is for whom the last one was, with all of its names, and with those that were added since. */
function requestLike(planned: CertificateRequest, facts: CertificateFacts | undefined): CertificateRequest {
  if (!facts) return planned;
  const hosts = [...new Set([...facts.hosts, ...(planned.hosts ?? [])])];
  return {
    commonName: facts.commonName,
    ...(facts.organizations.length > 0 && { organizations: facts.organizations }),
    ...(hosts.length > 0 && { hosts }),
    usages: facts.usages.length > 0 ? facts.usages : planned.usages,
  };
}

/** The order in which daemons are restarted: whoever is needed by others comes first. */
const restartOrder: readonly DaemonName[] = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "cluster-autoscaler",
  "pod-network-agent",
  "kube-proxy",
  "cluster-dns",
];

/** When a daemon was started, and when what it was given then was changed last; in milliseconds of the same clock. */
export interface RunningDaemon {
  readonly daemon: DaemonName;
  readonly startedMs: number;
  readonly changedMs: number;
}

/**
 * The daemons that run with copies of files that have changed since, in the order in which they are to be restarted. It
 * does not matter who changed them, nor when: a restart that failed is made up for.
 */
export function daemonsToRestart(running: readonly RunningDaemon[]): readonly DaemonName[] {
  return inRestartOrder(running.filter((each) => each.changedMs > each.startedMs).map(({ daemon }) => daemon));
}

export function inRestartOrder(daemons: readonly DaemonName[]): readonly DaemonName[] {
  return restartOrder.filter((name) => daemons.includes(name));
}
