import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parseFlags } from "@kube-ts/std/flags";
import { configurationFields } from "./configuration-fields.ts";
import { configureKubelet } from "./kubelet-config.ts";
import { kubeletFlags } from "./kubelet-flags.ts";

const header = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

async function configure(args: readonly string[], file?: string) {
  const directory = await mkdtemp(join(tmpdir(), "config-"));
  try {
    const path = join(directory, "kubelet.yaml");
    if (file !== undefined) await writeFile(path, header + file);
    const all = file === undefined ? args : [`--config=${path}`, ...args];
    return await configureKubelet(parseFlags(kubeletFlags, "kubelet", ["--hostname-override=node-1", ...all]));
  } finally {
    await rm(directory, { recursive: true });
  }
}

test("defaults are upstream's, and closed", async () => {
  const config = await configure([]);
  assert.equal(config.nodeName, "node-1");
  assert.deepEqual(
    [config.server.anonymous, config.server.tokenWebhook, config.server.authorization],
    [false, true, "Webhook"],
  );
  assert.deepEqual([config.server.port, config.server.readOnlyPort, config.health.port], [10_250, 0, 10_248]);
  assert.equal(config.node.maxPods, 110);
  assert.equal(config.images.maxParallelPulls, 1);
  assert.equal(config.eviction.thresholds.length, 5);
  assert.equal(config.runtime.endpoint, "unix:///var/run/docker.sock");
});

test("flags override the file, which overrides defaults; zero durations mean the default", async () => {
  const file = [
    "maxPods: 50",
    "clusterDNS: [10.96.0.10]",
    "clusterDomain: cluster.local",
    "syncFrequency: 0s",
    "nodeStatusUpdateFrequency: 5s",
    "authentication: {x509: {clientCAFile: /ca.crt}, webhook: {enabled: false, cacheTTL: 0s}}",
    "evictionHard: {memory.available: 200Mi}",
    "registerWithTaints: [{key: a, value: b, effect: NoSchedule}]",
    "",
  ].join("\n");
  const config = await configure(
    ["--max-pods=20", "--kube-reserved=cpu=100m,memory=64Mi", "--register-with-taints=x=y:NoExecute,z:NoSchedule"],
    file,
  );
  assert.equal(config.node.maxPods, 20);
  assert.deepEqual(config.pods.clusterDns, ["10.96.0.10"]);
  assert.equal(config.syncFrequencyMs, 60_000);
  assert.deepEqual([config.node.statusUpdateMs, config.node.statusReportMs], [5_000, 5_000]);
  assert.deepEqual(
    [config.server.clientCaFile, config.server.tokenWebhook, config.server.tokenCacheTtlMs],
    ["/ca.crt", false, 120_000],
  );
  assert.equal(config.eviction.thresholds.length, 1);
  assert.deepEqual(config.node.taints, [
    { key: "x", value: "y", effect: "NoExecute" },
    { key: "z", effect: "NoSchedule" },
  ]);
  assert.deepEqual(config.node.kubeReserved, { cpu: "100m", memory: "64Mi" });
});

test("a file as kubeadm writes it is taken", async () => {
  const file = [
    "authorization: {mode: Webhook, webhook: {cacheAuthorizedTTL: 0s, cacheUnauthorizedTTL: 0s}}",
    "cgroupDriver: systemd",
    "containerRuntimeEndpoint: ''",
    "cpuManagerReconcilePeriod: 0s",
    "crashLoopBackOff: {}",
    "evictionPressureTransitionPeriod: 0s",
    "imageMaximumGCAge: 0s",
    "memorySwap: {}",
    "shutdownGracePeriod: 0s",
    "staticPodPath: /etc/kubernetes/manifests",
    "logging: {flushFrequency: 0, options: {}, verbosity: 0}",
    "",
  ].join("\n");
  const config = await configure([], file);
  assert.equal(config.staticPodPath, "/etc/kubernetes/manifests");
  assert.equal(config.runtime.cgroupDriver, "systemd");
});

const faults: readonly (readonly [what: string, args: readonly string[], file: string | undefined, error: RegExp])[] = [
  ["an unknown flag", ["--no-such-flag"], undefined, /unknown flag: --no-such-flag/],
  ["an unknown field", [], "nope: 1\n", /unknown field "nope"/],
  ["a wrong type", [], "maxPods: many\n", /maxPods: Invalid value: "many": must be an integer/],
  [
    "a field that cannot be honoured",
    [],
    "cpuManagerPolicy: static\n",
    /cpuManagerPolicy: Invalid value: "static": this kubelet does not support it/,
  ],
  ["a feature gate", [], "featureGates: {NodeSwap: true}\n", /featureGates: .*does not support it/],
  ["another log format", [], "logging: {format: text}\n", /logging\.format: Unsupported value: "text"/],
  ["a bootstrap to nowhere", ["--bootstrap-kubeconfig=/b"], undefined, /--kubeconfig must say where to write/],
  ["signers without an API server", ["--rotate-server-certificates"], undefined, /serverTLSBootstrap: needs an API/],
  ["half a certificate", ["--tls-cert-file=/a"], undefined, /tlsCertFile and tlsPrivateKeyFile must be given together/],
  [
    "parallel and serial pulls",
    ["--max-parallel-image-pulls=3", "--serialize-image-pulls"],
    undefined,
    /maxParallelImagePulls cannot be larger than 1/,
  ],
  [
    "thresholds that cross",
    ["--image-gc-high-threshold=50", "--image-gc-low-threshold=60"],
    undefined,
    /imageGCLowThresholdPercent must be less/,
  ],
  [
    "a bad authorization mode",
    ["--authorization-mode=RBAC"],
    undefined,
    /authorization\.mode: Unsupported value: "RBAC"/,
  ],
  ["a bad node name", ["--hostname-override=Not_A_Name"], undefined, /--hostname-override: invalid node name/],
  ["a bad address", ["--node-ip=1.2.3"], undefined, /bad --node-ip "1\.2\.3"/],
  [
    "two addresses of one family",
    ["--node-ip=192.0.2.1,192.0.2.2"],
    undefined,
    /a single IP or a dual-stack pair of IPs/,
  ],
  [
    "an address of each family that says nothing",
    ["--node-ip=0.0.0.0,::"],
    undefined,
    /dual-stack node IP cannot include/,
  ],
  ["an unknown network plugin", ["--network-plugin=weave"], undefined, /"weave" is not kubenet or cni/],
  [
    "a foreign label",
    ["--node-labels=node-role.kubernetes.io/x="],
    undefined,
    /unknown 'kubernetes\.io' or 'k8s\.io' labels/,
  ],
  ["a bad taint", ["--register-with-taints=a=b"], undefined, /invalid taint spec: "a=b"/],
  ["a bad threshold", ["--eviction-hard=memory.available"], undefined, /malformed pair, expect string<string/],
  ["a bad reservation", ["--kube-reserved=gpu=1"], undefined, /kubeReserved: cannot reserve "gpu" resource/],
  [
    "a port out of range",
    ["--healthz-port=70000"],
    undefined,
    /healthzPort: Invalid value: 70000: must be between 0 and/,
  ],
  [
    "a negative rate",
    ["--event-qps=-1"],
    undefined,
    /eventRecordQPS: Invalid value: -1: must not be a negative number/,
  ],
  ["a negative period", [], "syncFrequency: -1s\n", /syncFrequency: Invalid value: -1000/],
  ["a bad server address", ["--address=here"], undefined, /address: Invalid value: "here": must be a valid IP address/],
  ["a taint of a file without an effect", [], "registerWithTaints: [{key: a}]\n", /registerWithTaints\[0\]\.effect/],
  ["logs of no size", ["--container-log-max-size=0"], undefined, /containerLogMaxSize: Invalid value: "0"/],
  [
    "images that are too old too soon",
    [],
    "imageMaximumGCAge: 1m\n",
    /imageMaximumGCAge must be greater than imageMinimumGCAge/,
  ],
  ["a remote endpoint", ["--container-runtime-endpoint=tcp://1.2.3.4:2375"], undefined, /must be unix:\/\/\/<path>/],
];
for (const [what, args, file, error] of faults) {
  test(`${what} is an error that names it`, async () => {
    await assert.rejects(async () => configure(args, file), error);
  });
}

const facts = new URL("../../../../../shared/facts/api-types.json", import.meta.url);
test("every field of KubeletConfiguration is known", { skip: !existsSync(facts) }, () => {
  const types = JSON.parse(readFileSync(facts, "utf8")) as Record<
    string,
    Record<string, { fields: { json: string }[] }>
  >;
  const fields = types["config/kubelet/v1beta1"]?.["KubeletConfiguration"]?.fields
    .map(({ json }) => json)
    .filter(Boolean);
  assert.deepEqual(Object.keys(configurationFields).toSorted(), fields?.toSorted());
});
