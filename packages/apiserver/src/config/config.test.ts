import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { featureGateFlags } from "@kube-ts/std/feature-gates";
import { parseFlags } from "@kube-ts/std/flags";
import { apiResourceConfig, apiResourceFlags } from "./api-resources.ts";
import { browserConfig, browserFlags } from "./browsers.ts";
import { etcdConfig, etcdFlags } from "./etcd.ts";
import { observabilityConfig, observabilityFlags } from "./observability.ts";
import { lifecycleConfig, lifecycleFlags } from "./lifecycle.ts";
import { requestConfig, requestFlags } from "./requests.ts";
import { checkFamilies, serviceConfig, serviceFlags } from "./services.ts";
import { servingConfig, servingFlags } from "./serving.ts";
import { tlsConfig, tlsFlags } from "./tls.ts";
import { watchCacheConfig, watchCacheFlags, watchCacheSize } from "./watch-cache.ts";

const read = {
  browsers: (...args: string[]) => browserConfig(parseFlags(browserFlags, "test", args).values),
  etcd: (...args: string[]) => etcdConfig(parseFlags(etcdFlags, "test", args).values),
  gates: (...args: string[]) =>
    apiResourceConfig(parseFlags({ ...apiResourceFlags, ...featureGateFlags }, "test", args).values),
  observability: (...args: string[]) => observabilityConfig(parseFlags(observabilityFlags, "test", args).values),
  lifecycle: (...args: string[]) => lifecycleConfig(parseFlags(lifecycleFlags, "test", args).values),
  requests: (...args: string[]) => requestConfig(parseFlags(requestFlags, "test", args).values),
  services: (...args: string[]) => serviceConfig(parseFlags(serviceFlags, "test", args).values),
  serving: (...args: string[]) => servingConfig(parseFlags(servingFlags, "test", args).values),
  tls: (...args: string[]) => tlsConfig(parseFlags(tlsFlags, "test", args).values),
  watchCache: (...args: string[]) => watchCacheConfig(parseFlags(watchCacheFlags, "test", args).values),
};

const etcd = "--etcd-servers=http://127.0.0.1:2379";
const overrides =
  "--etcd-servers-overrides invalid, must be of format: group/resource#servers, where servers are URLs, semicolon separated";

/** The subject, its flags, and what the error says. */
const refusals: readonly [keyof typeof read, readonly string[], string | RegExp][] = [
  [
    "serving",
    ["--secure-port=0"],
    "--secure-port 0 must be between 1 and 65535, inclusive. It cannot be turned off with 0",
  ],
  ["serving", ["--bind-address=host"], 'invalid argument "host" for "--bind-address" flag: failed to parse IP: "host"'],
  [
    "serving",
    ["--advertise-address=x"],
    'invalid argument "x" for "--advertise-address" flag: failed to parse IP: "x"',
  ],
  ["serving", ["--max-connection-bytes-per-sec=-1"], "--max-connection-bytes-per-sec can not be negative value"],
  ["serving", ["--workers=0"], "--workers 0 must be from 1 to 64"],
  ["tls", ["--tls-min-version=VersionTLS14"], 'unknown tls version "VersionTLS14"'],
  ["tls", ["--tls-min-version=constructor"], 'unknown tls version "constructor"'],
  ["tls", ["--tls-cipher-suites=TLS_NO"], "Cipher suite TLS_NO not supported or doesn't exist"],
  ["tls", ["--tls-cipher-suites=TLS_RSA_WITH_RC4_128_SHA"], /TLS_RSA_WITH_RC4_128_SHA is broken/],
  ["tls", ["--tls-cert-file=a"], "--tls-cert-file and --tls-private-key-file must be given together"],
  [
    "tls",
    ["--tls-sni-cert-key=a.crt"],
    'invalid argument "a.crt" for "--tls-sni-cert-key" flag: expected comma separated certificate and key file paths',
  ],
  [
    "tls",
    ["--tls-sni-cert-key=a.crt,a.key:"],
    'invalid argument "a.crt,a.key:" for "--tls-sni-cert-key" flag: empty names list is not allowed',
  ],
  ["tls", ["--tls-sni-cert-key=a.crt,a.key:10.0.0.1"], /clients cannot ask for the address 10\.0\.0\.1 by name/],
  ["tls", ["--http2-max-streams-per-connection=100"], /cannot be honoured: the server speaks HTTP\/1\.1 only/],
  ["browsers", ["--cors-allowed-origins=example.com"], /invalid regular expression: regular expression does not pin/],
  ["browsers", ["--cors-allowed-origins=//(:"], /invalid regular expression: error parsing regexp: missing closing \)/],
  ["browsers", ["--cors-allowed-origins=,"], /^empty value in --cors-allowed-origins, help: /],
  ["browsers", ["--strict-transport-security-directives=max-age"], /^--strict-transport-security-directives invalid, /],
  ["browsers", ["--strict-transport-security-directives=,"], "empty value in strict-transport-security-directives"],
  ["lifecycle", ["--livez-grace-period=-1s"], "--livez-grace-period can not be a negative value"],
  ["lifecycle", ["--shutdown-delay-duration=-1s"], "--shutdown-delay-duration can not be negative value"],
  [
    "lifecycle",
    ["--shutdown-watch-termination-grace-period=-1s"],
    "shutdown-watch-termination-grace-period, if provided, can not be a negative value",
  ],
  ["requests", ["--request-timeout=-1s"], "--request-timeout can not be negative value"],
  ["requests", ["--min-request-timeout=-1"], "--min-request-timeout can not be negative value"],
  ["requests", ["--max-requests-inflight=-1"], "--max-requests-inflight can not be negative value"],
  ["requests", ["--goaway-chance=0.1"], "--goaway-chance can not be less than 0 or greater than 0.02"],
  ["etcd", [], "--etcd-servers must be specified"],
  ["etcd", ["--etcd-servers=127.0.0.1:2379"], '--etcd-servers: "127.0.0.1:2379" is not an http or https URL'],
  ["etcd", [etcd, "--etcd-servers-overrides=/events#x"], '--etcd-servers-overrides: "x" is not an http or https URL'],
  ["etcd", [etcd, "--etcd-prefix=/"], "--etcd-prefix must not be empty"],
  ["etcd", [etcd, "--etcd-certfile=a"], "--etcd-certfile and --etcd-keyfile must be given together"],
  ["etcd", [etcd, "--etcd-servers-overrides=events#http://x"], overrides],
  ["etcd", [etcd, "--etcd-servers-overrides=/events/http://x"], overrides],
  [
    "etcd",
    [etcd, "--storage-backend=etcd2"],
    "--storage-backend invalid, allowed values: etcd3. If not specified, it will default to 'etcd3'",
  ],
  [
    "etcd",
    [etcd, "--storage-media-type=application/vnd.kubernetes.protobuf"],
    '--storage-media-type "application/vnd.kubernetes.protobuf" invalid, allowed values: application/json',
  ],
  ["etcd", [etcd, "--enable-garbage-collector=false"], /cannot be honoured: deletions always look after dependents/],
  ["watchCache", ["--watch-cache=false"], /cannot be turned off/],
  ["watchCache", ["--default-watch-cache-size=0"], /cannot be turned off/],
  ["watchCache", ["--default-watch-cache-size=-1"], "--default-watch-cache-size invalid, must be >= 0"],
  ["watchCache", ["--watch-cache-sizes=pods"], "invalid value of watch cache size: pods"],
  ["watchCache", ["--watch-cache-sizes=pods#many"], "invalid size of watch cache size: pods#many"],
  ["watchCache", ["--watch-cache-sizes=pods#-1"], "watch cache size cannot be negative: pods#-1"],
  ["watchCache", ["--watch-cache-sizes=pods#0"], /cannot be turned off/],
  ["services", ["--service-cluster-ip-range=10.0.0.0"], "service-cluster-ip-range[0] is not a valid cidr"],
  ["services", ["--service-cluster-ip-range=10.0.0.0/24,x"], "service-cluster-ip-range[1] is not an ip net"],
  [
    "services",
    ["--service-cluster-ip-range=10.0.0.0/24,10.1.0.0/24"],
    "--service-cluster-ip-range and --secondary-service-cluster-ip-range must be of different IP family",
  ],
  [
    "services",
    ["--service-cluster-ip-range=10.0.0.0/24,fd00::/112,fd01::/112"],
    "--service-cluster-ip-range must not contain more than two entries",
  ],
  ["services", ["--service-node-port-range=a-b"], /flag: unable to parse port range: a-b$/],
  ["services", ["--service-node-port-range=1-65536"], /flag: the port range cannot be greater than 65535: 1-65536$/],
  ["services", ["--service-node-port-range=9-8"], /flag: end port cannot be less than start port: 9-8$/],
  ["services", ["--kubernetes-service-node-port=80"], "kubernetes service port range 30000-32767 doesn't contain 80"],
  ["services", ["--endpoint-reconciler-type=master-count"], /cannot be honoured/],
  ["services", ["--endpoint-reconciler-type=other"], "Reconciler not implemented: other"],
  ["gates", ["--feature-gates=NoSuch=true"], "unrecognized feature gate: NoSuch"],
  ["gates", ["--feature-gates=constructor=true"], "unrecognized feature gate: constructor"],
  ["gates", ["--feature-gates=SidecarContainers"], "missing bool value for SidecarContainers"],
  [
    "gates",
    ["--feature-gates=SidecarContainers=maybe"],
    'invalid value of SidecarContainers: maybe, err: strconv.ParseBool: parsing "maybe": invalid syntax',
  ],
  [
    "gates",
    ["--feature-gates=SidecarContainers=false"],
    "cannot set feature gate SidecarContainers to false, feature is locked to true",
  ],
  ["gates", ["--feature-gates=EventedPLEG=true"], /EventedPLEG=true cannot be honoured: there is no such/],
  ["gates", ["--feature-gates=WatchList=false"], /WatchList=false cannot be honoured: the feature is always on/],
  ["gates", ["--feature-gates=AllAlpha=true"], /AllAlpha=true cannot be honoured/],
  ["gates", ["--feature-gates=other:WatchList=true"], "component not registered: other"],
  ["observability", ["--vmodule=a=4"], "vmodule: Forbidden: Only supported for text log format"],
  ["observability", ["--logging-format=text"], 'format: Invalid value: "text": Unsupported log format'],
  ["observability", ["--contention-profiling"], /--contention-profiling cannot be honoured/],
  [
    "observability",
    ["--show-hidden-metrics-for-version=1.30"],
    "--show-hidden-metrics-for-version must be omitted or have the value '1.35'. Only the previous minor version is allowed",
  ],
];

suite("flags that are refused", () => {
  for (const [subject, args, message] of refusals) {
    test(args.join(" ") || `${subject} without flags`, async () => {
      await assert.rejects(async () => read[subject](...args), { name: "FlagError", message });
    });
  }
});

suite("flags that are taken", () => {
  test("addresses", () => {
    const config = read.serving("--bind-address=192.0.2.1", "--secure-port=443");
    assert.deepEqual([config.advertiseAddress, config.externalAddress], ["192.0.2.1", "192.0.2.1:443"]);
    const advertised = read.serving("--advertise-address=2001:db8::1");
    assert.equal(advertised.externalAddress, "[2001:db8::1]:6443");
    assert.equal(read.serving("--external-hostname=api.example").externalAddress, "api.example:6443");
    assert.equal(read.serving("--external-hostname=api.example:443").externalAddress, "api.example:443");
  });

  test("cipher suites by Go's names; those of TLS 1.3 are always there", () => {
    const { ciphers } = read.tls("--tls-cipher-suites=TLS_RSA_WITH_AES_128_CBC_SHA,TLS_AES_128_GCM_SHA256").protocol;
    assert.equal(ciphers, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:AES128-SHA");
    const byDefault = read.tls().protocol.ciphers.split(":");
    assert.ok(
      byDefault.every((suite) => /^(TLS_|ECDHE-).*(GCM|POLY1305)/.test(suite)),
      byDefault.join(),
    );
    assert.match(read.tls("--tls-min-version=VersionTLS10").protocol.ciphers, /:@SECLEVEL=0$/);
  });

  test("certificates by name", () => {
    const { named } = read.tls("--tls-sni-cert-key=a,b", "--tls-sni-cert-key= c,d : *.X.example, y ");
    assert.deepEqual(named, [
      { certFile: "a", keyFile: "b", names: [] },
      { certFile: "c", keyFile: "d", names: ["*.x.example", "y"] },
    ]);
    assert.deepEqual(read.tls("--cert-dir=/pki").certificate, {
      source: "made",
      certFile: "/pki/apiserver.crt",
      keyFile: "/pki/apiserver.key",
    });
    assert.deepEqual(read.tls("--cert-dir=").certificate, { source: "memory" });
  });

  test("origins", async () => {
    const { allowsOrigin, strictTransport } = await read.browsers(
      "--cors-allowed-origins=(?i)//app\\.example(:|$),^https://b$",
      "--strict-transport-security-directives=max-age=1,preload",
    );
    const allowed = ["http://APP.example", "https://app.example:1", "https://b"];
    for (const origin of allowed) assert.equal(allowsOrigin?.(origin), true, origin);
    for (const origin of ["https://xapp.example", "https://b.x"]) assert.equal(allowsOrigin?.(origin), false, origin);
    assert.equal(strictTransport, "max-age=1; preload");
    assert.deepEqual(await read.browsers(), { allowsOrigin: undefined, strictTransport: undefined });
  });

  test("the prefix of keys, however it is written", async () => {
    for (const text of ["registry/a", "/registry//a/"]) {
      assert.equal((await read.etcd(etcd, `--etcd-prefix=${text}`)).prefix, "/registry/a");
    }
  });

  test("etcd for single resources", async () => {
    const config = await read.etcd(
      etcd,
      "--etcd-servers-overrides=/events#http://a;http://b,apps/deployments#http://c",
    );
    assert.deepEqual(config.overrides, [
      { group: "", plural: "events", endpoints: ["http://a", "http://b"] },
      { group: "apps", plural: "deployments", endpoints: ["http://c"] },
    ]);
  });

  test("features that are what they are", () => {
    const gates = [
      "--feature-gates=SidecarContainers=true,kube:EventedPLEG=false",
      "--feature-gates=WatchList=1,AllAlpha=F",
    ];
    assert.equal(read.gates(...gates).maxUnavailableStatefulSet, false);
    assert.equal(read.gates("--feature-gates=MaxUnavailableStatefulSet=true").maxUnavailableStatefulSet, true);
    assert.deepEqual(read.observability("--profiling=false", "--show-hidden-metrics-for-version=1.35"), {
      profiling: false,
    });
  });

  test("ports and endpoints of services", () => {
    const range = (text: string) => read.services(`--service-node-port-range=${text}`).nodePorts;
    assert.deepEqual(range("30000-30010"), { first: 30_000, last: 30_010 });
    assert.deepEqual(range("30000+10"), { first: 30_000, last: 30_010 });
    assert.deepEqual(range("30000"), { first: 30_000, last: 30_000 });
    assert.equal(read.services("--kubernetes-service-node-port=30443").kubernetesNodePort, 30_443);
    const none = read.services("--endpoint-reconciler-type=none");
    assert.equal(none.keepsEndpoints, false);
    checkFamilies(none, "2001:db8::1");
    assert.throws(() => checkFamilies(read.services(), "2001:db8::1"), {
      message: 'service IP family "10.0.0.0/24" must match public address family "2001:db8::1"',
    });
  });

  test("sizes of watch caches", () => {
    const config = read.watchCache("--watch-cache-sizes=pods#500,deployments.apps#7", "--default-watch-cache-size=50");
    assert.equal(watchCacheSize(config, "", "pods"), 500);
    assert.equal(watchCacheSize(config, "apps", "deployments"), 7);
    assert.equal(watchCacheSize(config, "apps", "pods"), 50);
    assert.equal(watchCacheSize(config, "", "constructor"), 50);
  });
});
