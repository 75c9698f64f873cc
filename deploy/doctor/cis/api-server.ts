import type { Check } from "../check.ts";
import type { ClusterView } from "../cluster-view.ts";
import type { EffectiveFlags } from "../effective-flags.ts";
import { anonymousVerdict } from "./anonymous-requests.ts";
import type { Assessment, Recommendation, Verdict } from "./cis-check.ts";
import { flagCheck, requires } from "./cis-check.ts";
import { strongCiphersVerdict } from "./strong-ciphers.ts";

function recommendation(id: string, title: string, advice: string, assessment: Assessment = "automated") {
  return { id: `1.2.${id}`, title, advice, assessment } satisfies Recommendation;
}

const check = (
  what: Recommendation,
  judge: (flags: EffectiveFlags, view: ClusterView) => Verdict,
): Check<ClusterView> => flagCheck("kube-apiserver", what, judge);

const has = (flag: string, value: string) => (flags: EffectiveFlags) =>
  flags.list(flag).includes(value) ? "ok" : { fault: `--${flag} does not have ${value}` };

const hasNot = (flag: string, value: string) => (flags: EffectiveFlags) =>
  flags.list(flag).includes(value) ? { fault: `--${flag} has ${value}` } : "ok";

const isValue = (flag: string, wanted: string) => (flags: EffectiveFlags) =>
  flags.text(flag) === wanted ? "ok" : { fault: `--${flag} is ${flags.text(flag) ?? "not set"}` };

/** Zero keeps what is old for ever. */
const atLeast = (flag: string, least: number) => (flags: EffectiveFlags) => {
  if (!flags.isSet("audit-log-path")) return { skip: "there is no audit log" };
  const value = Number(flags.text(flag));
  return value >= least || value === 0 ? "ok" : { fault: `--${flag} is ${value}, less than ${least}` };
};

function authorizers(flags: EffectiveFlags): readonly string[] | undefined {
  return flags.isSet("authorization-config") ? undefined : flags.list("authorization-mode");
}

const authorizesWith = (mode: string) => (flags: EffectiveFlags) => {
  const modes = authorizers(flags);
  if (!modes) return { skip: "--authorization-config says who authorizes; read it yourself" };
  return modes.includes(mode) ? "ok" : { fault: `--authorization-mode is ${modes.join(",")}` };
};

const admission = (plugin: string) => `add ${plugin} to --enable-admission-plugins`;

/** Section 1.2: the API server. */
export const apiServerChecks: readonly Check<ClusterView>[] = [
  check(
    recommendation(
      "1",
      "strangers may ask for the server's health and version at most",
      "--anonymous-auth=false, or conditions for anonymous requests in --authentication-config",
      "manual",
    ),
    anonymousVerdict,
  ),
  check(recommendation("2", "there are no tokens in a file", "remove --token-auth-file"), (flags) =>
    flags.isSet("token-auth-file") ? { fault: "--token-auth-file is set" } : "ok",
  ),
  check(
    recommendation("3", "services may not claim external addresses", admission("DenyServiceExternalIPs"), "manual"),
    has("enable-admission-plugins", "DenyServiceExternalIPs"),
  ),
  check(
    recommendation("4", "the server shows kubelets a certificate", "set --kubelet-client-certificate and -key"),
    requires("kubelet-client-certificate", "kubelet-client-key"),
  ),
  check(
    recommendation("5", "the server checks kubelets' certificates", "set --kubelet-certificate-authority"),
    requires("kubelet-certificate-authority"),
  ),
  check(recommendation("6", "not everything is allowed", "--authorization-mode=Node,RBAC"), (flags) => {
    const modes = authorizers(flags);
    if (!modes) return { skip: "--authorization-config says who authorizes; read it yourself" };
    return modes.includes("AlwaysAllow") ? { fault: "--authorization-mode has AlwaysAllow" } : "ok";
  }),
  check(
    recommendation("7", "nodes may see what concerns them only", "--authorization-mode=Node,RBAC"),
    authorizesWith("Node"),
  ),
  check(recommendation("8", "rights come from roles", "--authorization-mode=Node,RBAC"), authorizesWith("RBAC")),
  check(
    recommendation("9", "the rate of events is limited", admission("EventRateLimit"), "manual"),
    has("enable-admission-plugins", "EventRateLimit"),
  ),
  check(
    recommendation("10", "not everything is admitted", "take AlwaysAdmit out of --enable-admission-plugins"),
    hasNot("enable-admission-plugins", "AlwaysAdmit"),
  ),
  check(
    recommendation(
      "11",
      "images are pulled with each pod's own credentials",
      `${admission("AlwaysPullImages")}, where no images are built on the nodes`,
      "manual",
    ),
    has("enable-admission-plugins", "AlwaysPullImages"),
  ),
  check(
    recommendation("12", "pods get service accounts", "take ServiceAccount out of --disable-admission-plugins"),
    hasNot("disable-admission-plugins", "ServiceAccount"),
  ),
  check(
    recommendation("13", "namespaces that end take nothing new", "do not disable NamespaceLifecycle"),
    hasNot("disable-admission-plugins", "NamespaceLifecycle"),
  ),
  check(
    recommendation("14", "nodes change their own objects only", admission("NodeRestriction")),
    has("enable-admission-plugins", "NodeRestriction"),
  ),
  check(recommendation("15", "profiles are not served", "--profiling=false"), isValue("profiling", "false")),
  check(
    recommendation("16", "requests are recorded", "set --audit-log-path and --audit-policy-file"),
    requires("audit-log-path"),
  ),
  check(
    recommendation("17", "audit logs are kept for 30 days", "--audit-log-maxage=30"),
    atLeast("audit-log-maxage", 30),
  ),
  check(
    recommendation("18", "ten audit logs are kept", "--audit-log-maxbackup=10"),
    atLeast("audit-log-maxbackup", 10),
  ),
  check(
    recommendation("19", "an audit log holds 100 MB", "--audit-log-maxsize=100"),
    atLeast("audit-log-maxsize", 100),
  ),
  check(recommendation("20", "requests have a deadline", "--request-timeout=1m0s", "manual"), (flags) =>
    /^(0|0m?s)$/.test(flags.text("request-timeout") ?? "") ? { fault: "--request-timeout is 0" } : "ok",
  ),
  check(
    recommendation("21", "tokens of deleted accounts are worth nothing", "--service-account-lookup=true"),
    isValue("service-account-lookup", "true"),
  ),
  check(
    recommendation("22", "tokens are verified with a key of their own", "set --service-account-key-file"),
    requires("service-account-key-file"),
  ),
  check(
    recommendation("23", "the server shows etcd a certificate", "set --etcd-certfile and --etcd-keyfile"),
    requires("etcd-certfile", "etcd-keyfile"),
  ),
  check(
    recommendation("24", "the server has a certificate", "set --tls-cert-file and --tls-private-key-file"),
    requires("tls-cert-file", "tls-private-key-file"),
  ),
  check(recommendation("25", "clients can show certificates", "set --client-ca-file"), requires("client-ca-file")),
  check(recommendation("26", "the server checks etcd's certificate", "set --etcd-cafile"), requires("etcd-cafile")),
  check(
    recommendation("27", "secrets are encrypted in etcd", "set --encryption-provider-config", "manual"),
    requires("encryption-provider-config"),
  ),
  check(
    recommendation("28", "new secrets are encrypted well", "put aescbc, kms or secretbox first", "manual"),
    (flags, { encryption }) => encryptionVerdict(flags, encryption),
  ),
  check(
    recommendation("29", "the server speaks strong ciphers only", "set --tls-cipher-suites", "manual"),
    (flags, { tls }) => strongCiphersVerdict(flags.list("tls-cipher-suites"), tls.get("kube-apiserver")),
  ),
  check(
    recommendation("30", "tokens of pods end when they say", "--service-account-extend-token-expiration=false"),
    isValue("service-account-extend-token-expiration", "false"),
  ),
];

const goodProviders = new Set(["aescbc", "aesgcm", "secretbox", "kms"]);

/** The first provider of a rule encrypts what is written. */
function encryptionVerdict(flags: EffectiveFlags, configuration: unknown): Verdict {
  if (!flags.isSet("encryption-provider-config")) return { skip: "nothing is encrypted: see 1.2.27" };
  const { resources = [] } = (configuration ?? {}) as {
    resources?: readonly { resources?: readonly string[]; providers?: readonly Record<string, unknown>[] }[];
  };
  const rule = resources.find((one) => one.resources?.some((name) => ["secrets", "*.", "*.*"].includes(name)));
  const first = Object.keys(rule?.providers?.[0] ?? {})[0] ?? "nothing";
  return goodProviders.has(first) ? { ok: first } : { fault: `secrets are written with ${first}` };
}
