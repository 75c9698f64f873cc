import type { Check } from "../check.ts";
import type { ClusterView } from "../cluster-view.ts";
import type { EffectiveFlags } from "../effective-flags.ts";
import type { Assessment, Verdict } from "./cis-check.ts";
import { flagCheck } from "./cis-check.ts";
import { strongCiphersVerdict } from "./strong-ciphers.ts";

/** What the kubelet goes by: its flags, else its file. */
type Setting = (flag: string, ...path: readonly string[]) => unknown;

function settingOf(flags: EffectiveFlags, file: Readonly<Record<string, unknown>>): Setting {
  return (flag, ...path) => {
    if (flags.isGiven(flag)) return flags.text(flag);
    return path.reduce<unknown>(
      (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
      file,
    );
  };
}

function check(
  number: string,
  title: string,
  advice: string,
  assessment: Assessment,
  judge: (setting: Setting, flags: EffectiveFlags, view: ClusterView) => Verdict,
): Check<ClusterView> {
  return flagCheck("kubelet", { id: `4.2.${number}`, title, advice, assessment }, (flags, view) =>
    judge(settingOf(flags, view.kubeletFile), flags, view),
  );
}

/** A value of a flag is text, one of the file has its type. */
const reads = (value: unknown, wanted: string) => String(value) === wanted;

const isZeroTime = (value: unknown) => value !== undefined && /^0([a-z]+)?$/.test(String(value));

/** Section 4.2: the kubelet. Where a setting is missing, its default counts. */
const kubeletChecks: readonly Check<ClusterView>[] = [
  check("1", "strangers are refused", "--anonymous-auth=false", "automated", (setting) =>
    reads(setting("anonymous-auth", "authentication", "anonymous", "enabled") ?? false, "false")
      ? "ok"
      : { fault: "anonymous requests are let in" },
  ),
  check("2", "not everything is allowed", "--authorization-mode=Webhook", "automated", (setting) =>
    reads(setting("authorization-mode", "authorization", "mode") ?? "Webhook", "AlwaysAllow")
      ? { fault: "the authorization mode is AlwaysAllow" }
      : "ok",
  ),
  check("3", "clients can show certificates", "set --client-ca-file", "automated", (setting) =>
    setting("client-ca-file", "authentication", "x509", "clientCAFile")
      ? "ok"
      : { fault: "there are no authorities of clients" },
  ),
  check("4", "there is no port without authentication", "--read-only-port=0", "manual", (setting) => {
    const port = setting("read-only-port", "readOnlyPort") ?? 0;
    return reads(port, "0") ? "ok" : { fault: `port ${String(port)} serves strangers` };
  }),
  check(
    "5",
    "idle streams are closed",
    "set streamingConnectionIdleTimeout to some hours",
    "manual",
    // Zero means the default in a file.
    (setting, flags) =>
      flags.isGiven("streaming-connection-idle-timeout") && isZeroTime(setting("streaming-connection-idle-timeout"))
        ? { fault: "idle streams stay for ever" }
        : "ok",
  ),
  check(
    "6",
    "the kubelet keeps its chains of packet filter rules",
    "take makeIPTablesUtilChains: false out of the kubelet's configuration",
    "automated",
    (setting) =>
      reads(setting("make-iptables-util-chains", "makeIPTablesUtilChains") ?? true, "true")
        ? "ok"
        : { fault: "makeIPTablesUtilChains is off" },
  ),
  check("7", "the node has the machine's name", "remove --hostname-override", "manual", (_setting, flags) =>
    flags.isSet("hostname-override") ? { fault: `it is called ${flags.text("hostname-override")}` } : "ok",
  ),
  check("8", "events are not lost", "set eventRecordQPS to 50, or 0 for no limit", "manual", (setting) => {
    const rate = Number(setting("event-qps", "eventRecordQPS") ?? 50);
    return rate === 0 || rate >= 5
      ? { ok: rate === 0 ? "no limit" : `${rate} a second` }
      : { fault: `${rate} a second` };
  }),
  check(
    "9",
    "the kubelet has a certificate of an authority",
    "set tlsCertFile and tlsPrivateKeyFile",
    "manual",
    (setting) => {
      const files = setting("tls-cert-file", "tlsCertFile") && setting("tls-private-key-file", "tlsPrivateKeyFile");
      const signed = reads(setting("rotate-server-certificates", "serverTLSBootstrap"), "true");
      return files || signed ? "ok" : { fault: "it makes its own up" };
    },
  ),
  check("10", "the client certificate may be renewed", "rotateCertificates: true", "automated", (setting) => {
    const value = setting("rotate-certificates", "rotateCertificates");
    if (value === undefined) return { ok: "not turned off" };
    return reads(value, "true") ? "ok" : { fault: "rotateCertificates is off" };
  }),
  check(
    "11",
    "the serving certificate may be renewed",
    "take RotateKubeletServerCertificate out of featureGates",
    "manual",
    (setting, flags) => {
      const gate = setting("", "featureGates", "RotateKubeletServerCertificate");
      const off = gate === false || flags.list("feature-gates").includes("RotateKubeletServerCertificate=false");
      return off ? { fault: "the feature gate RotateKubeletServerCertificate is off" } : "ok";
    },
  ),
  check(
    "12",
    "the kubelet speaks strong ciphers only",
    "restart the kubelet of this version, or set tlsCipherSuites on another",
    "manual",
    (setting, _flags, { tls }) => {
      const value = setting("tls-cipher-suites", "tlsCipherSuites") ?? [];
      const suites = Array.isArray(value) ? value.map(String) : String(value).split(",");
      return strongCiphersVerdict(suites, tls.get("kubelet"));
    },
  ),
  check("13", "a pod may not make processes without end", "podPidsLimit: 4096", "manual", (setting) => {
    const limit = Number(setting("pod-max-pids", "podPidsLimit") ?? -1);
    return limit > 0 ? { ok: `${limit} at most` } : { fault: "there is no limit" };
  }),
  check("14", "containers are confined by seccomp", "seccompDefault: true", "manual", (setting) =>
    reads(setting("seccomp-default", "seccompDefault"), "true") ? "ok" : { fault: "seccompDefault is off" },
  ),
];

/** Section 4.3: kube-proxy. */
const proxyCheck = flagCheck(
  "kube-proxy",
  {
    id: "4.3.1",
    title: "kube-proxy's metrics are on loopback only",
    assessment: "automated",
    advice: "--metrics-bind-address=127.0.0.1:10249",
  },
  (flags, { proxyFile }) => {
    const written = proxyFile["metricsBindAddress"];
    const inFile = !flags.isGiven("metrics-bind-address") && typeof written === "string" && written !== "";
    const address = inFile ? written : (flags.text("metrics-bind-address") ?? "");
    return /^(127\.|localhost|\[::1\]|$)/.test(address) ? "ok" : { fault: `they are at ${address}` };
  },
);

export const workerChecks: readonly Check<ClusterView>[] = [...kubeletChecks, proxyCheck];
