import type { Check } from "../check.ts";
import type { ClusterView } from "../cluster-view.ts";
import type { EffectiveFlags } from "../effective-flags.ts";
import { effectiveFlags } from "../effective-flags.ts";
import type { Assessment, Recommendation, Verdict } from "./cis-check.ts";
import { flagCheck, requires } from "./cis-check.ts";

const what = (id: string, title: string, advice: string, assessment: Assessment = "automated"): Recommendation => ({
  id,
  title,
  advice,
  assessment,
});

const isOn = (flag: string) => (flags: EffectiveFlags) =>
  flags.text(flag) === "true" ? "ok" : { fault: `--${flag} is not on` };

const isOff = (flag: string) => (flags: EffectiveFlags) =>
  flags.text(flag) === "true" ? { fault: `--${flag} is on: anybody's certificate will do` } : "ok";

/** An authority that signs other clients of the cluster would let them all in. */
function ownAuthority(flags: EffectiveFlags, view: ClusterView): Verdict {
  const authority = flags.text("trusted-ca-file");
  if (!authority) return { fault: "--trusted-ca-file is not set" };
  const server = view.processes.get("kube-apiserver");
  if (!server) return { skip: "the API server does not run here" };
  const clients = effectiveFlags(server.args).text("client-ca-file");
  return clients === authority ? { fault: `${authority} is also the authority of the API server's clients` } : "ok";
}

/** Section 2: etcd. */
export const etcdChecks: readonly Check<ClusterView>[] = [
  flagCheck(
    "etcd",
    what("2.1", "etcd has a certificate", "set --cert-file and --key-file"),
    requires("cert-file", "key-file"),
  ),
  flagCheck(
    "etcd",
    what("2.2", "etcd's clients show certificates", "--client-cert-auth=true"),
    isOn("client-cert-auth"),
  ),
  flagCheck("etcd", what("2.3", "etcd makes no certificates up", "remove --auto-tls"), isOff("auto-tls")),
  flagCheck(
    "etcd",
    what("2.4", "members of etcd have certificates", "set --peer-cert-file and --peer-key-file"),
    requires("peer-cert-file", "peer-key-file"),
  ),
  flagCheck(
    "etcd",
    what("2.5", "members of etcd check each other's certificates", "--peer-client-cert-auth=true"),
    isOn("peer-client-cert-auth"),
  ),
  flagCheck(
    "etcd",
    what("2.6", "members of etcd make no certificates up", "remove --peer-auto-tls"),
    isOff("peer-auto-tls"),
  ),
  flagCheck(
    "etcd",
    what("2.7", "etcd has an authority of its own", "sign etcd's certificates with another authority", "manual"),
    ownAuthority,
  ),
];
