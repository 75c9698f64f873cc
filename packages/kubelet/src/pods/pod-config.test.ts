import assert from "node:assert/strict";
import { test } from "node:test";
import type { Container, Pod } from "@kube-ts/api/core/v1";
import { testContainer, testPod } from "../testing/pod-fixtures.ts";
import { containerConfig, subPathOf } from "./container-config.ts";
import { containerSecurity, verifyNonRoot } from "./container-security.ts";
import { nodeHostsFile } from "./hosts-file.ts";
import { containerResources, oomScoreAdj } from "./linux-resources.ts";
import { type NodeDns, formatResolvConf, parseResolvConf, podDns } from "./pod-dns.ts";
import { podHostname } from "./pod-hostname.ts";
import { sandboxConfig } from "./sandbox-config.ts";

const policy = {
  memoryCapacityBytes: 4 * 1024 ** 3,
  cpuQuota: true,
  cpuPeriodUs: 100_000,
  seccompDefault: false,
  seccompDirectory: "/var/lib/kubelet/seccomp",
};
const rootImage = { uid: undefined, username: "" };
const dns: NodeDns = {
  clusterDns: ["10.96.0.10"],
  clusterDomain: "cluster.local",
  host: { servers: ["8.8.8.8"], searches: ["example.com"], options: ["rotate"] },
};

function resources(requests: Record<string, string>, limits: Record<string, string> = {}) {
  return testContainer("app", { resources: { requests, limits } });
}

const limitRows: readonly (readonly [what: string, container: Container, expected: object])[] = [
  ["nothing", testContainer("app"), { cpuShares: 2, oomScoreAdj: 1000 }],
  ["a request", resources({ cpu: "250m", memory: "1Gi" }), { cpuShares: 256, oomScoreAdj: 750 }],
  [
    "both",
    resources({ cpu: "500m", memory: "64Mi" }, { cpu: "1", memory: "128Mi" }),
    { cpuShares: 512, cpuQuotaUs: 100_000, cpuPeriodUs: 100_000, memoryLimitBytes: 134_217_728, oomScoreAdj: 985 },
  ],
  [
    "a tiny limit",
    resources({ cpu: "1m" }, { cpu: "1m" }),
    { cpuShares: 2, cpuQuotaUs: 1000, cpuPeriodUs: 100_000, oomScoreAdj: 999 },
  ],
  [
    "guaranteed",
    resources({ cpu: "1", memory: "1Gi" }, { cpu: "1", memory: "1Gi" }),
    { cpuShares: 1024, cpuQuotaUs: 100_000, cpuPeriodUs: 100_000, memoryLimitBytes: 1024 ** 3, oomScoreAdj: -997 },
  ],
];
for (const [what, container, expected] of limitRows) {
  test(`limits from ${what}`, () => {
    assert.deepEqual(containerResources(testPod({ containers: [container] }), container, policy), expected);
  });
}

test("a sidecar is not ended before what it serves", () => {
  const side = testContainer("side", { restartPolicy: "Always", resources: { requests: { memory: "1Mi" } } });
  const pod = testPod({ initContainers: [side], containers: [resources({ memory: "2Gi" })] });
  assert.equal(oomScoreAdj(pod, side, policy.memoryCapacityBytes), 500);
});

test("security: the container's word counts before the pod's", () => {
  const pod = testPod({
    shareProcessNamespace: true,
    securityContext: {
      runAsUser: 1,
      runAsGroup: 2,
      fsGroup: 9,
      supplementalGroups: [5],
      seccompProfile: { type: "RuntimeDefault" },
    },
  });
  const container = testContainer("app", {
    securityContext: {
      runAsUser: 7,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "Localhost", localhostProfile: "a/b.json" },
    },
  });
  const security = containerSecurity(pod, container, rootImage, policy, undefined);
  assert.equal(security.runAsUser, 7);
  assert.equal(security.runAsGroup, 2);
  assert.deepEqual(security.supplementalGroups, [5, 9]);
  assert.equal(security.noNewPrivileges, true);
  assert.deepEqual(security.seccomp, { type: "Localhost", profile: "/var/lib/kubelet/seccomp/a/b.json" });
  assert.equal(security.pid, "pod");
  const plain = containerSecurity(
    testPod(),
    testContainer("app"),
    { uid: undefined, username: "www" },
    policy,
    undefined,
  );
  assert.deepEqual([plain.runAsUser, plain.runAsUsername, plain.seccomp.type], [undefined, "www", "Unconfined"]);
});

const nonRoot: readonly (readonly [
  user: number | undefined,
  image: { uid: number | undefined; username: string },
  error: RegExp | undefined,
])[] = [
  [1000, rootImage, undefined],
  [0, rootImage, /container's runAsUser breaks non-root policy/],
  [undefined, rootImage, /container has runAsNonRoot and image will run as root/],
  [undefined, { uid: 0, username: "" }, /image will run as root/],
  [undefined, { uid: 5, username: "" }, undefined],
  [undefined, { uid: undefined, username: "www" }, /non-numeric user \(www\), cannot verify user is non-root/],
];
for (const [user, image, error] of nonRoot) {
  test(`runAsNonRoot with user ${user} and image user ${image.uid ?? image.username}`, () => {
    const securityContext = { runAsNonRoot: true, ...(user === undefined ? {} : { runAsUser: user }) };
    const check = () => verifyNonRoot(testPod({ securityContext }), testContainer("app"), image);
    if (error) assert.throws(check, error);
    else check();
  });
}

const dnsRows: readonly (readonly [
  what: string,
  pod: Pod,
  servers: string,
  searches: string,
  options: string,
  warnings: number,
  at?: NodeDns,
])[] = [
  [
    "ClusterFirst",
    testPod(),
    "10.96.0.10",
    "default.svc.cluster.local svc.cluster.local cluster.local example.com",
    "ndots:5",
    0,
  ],
  ["Default", testPod({ dnsPolicy: "Default" }), "8.8.8.8", "example.com", "rotate", 0],
  ["ClusterFirst on the host's network", testPod({ hostNetwork: true }), "8.8.8.8", "example.com", "rotate", 0],
  [
    "ClusterFirstWithHostNet",
    testPod({ hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" }),
    "10.96.0.10",
    "default.svc.cluster.local svc.cluster.local cluster.local example.com",
    "ndots:5",
    0,
  ],
  [
    "None",
    testPod({
      dnsPolicy: "None",
      dnsConfig: {
        nameservers: ["1.1.1.1"],
        searches: ["a.b"],
        options: [{ name: "ndots", value: "2" }, { name: "edns0" }],
      },
    }),
    "1.1.1.1",
    "a.b",
    "ndots:2 edns0",
    0,
  ],
  [
    "additions",
    testPod({ dnsConfig: { nameservers: ["10.96.0.10", "9.9.9.9"], options: [{ name: "ndots", value: "1" }] } }),
    "10.96.0.10 9.9.9.9",
    "default.svc.cluster.local svc.cluster.local cluster.local example.com",
    "ndots:1",
    0,
  ],
  ["no cluster DNS", testPod(), "8.8.8.8", "example.com", "rotate", 1, { ...dns, clusterDns: [] }],
  [
    "too many servers",
    testPod({ dnsPolicy: "None", dnsConfig: { nameservers: ["1.1.1.1", "2.2.2.2", "3.3.3.3", "4.4.4.4"] } }),
    "1.1.1.1 2.2.2.2 3.3.3.3",
    "",
    "",
    1,
  ],
];
for (const [what, pod, servers, searches, options, warnings, at = dns] of dnsRows) {
  test(`dns: ${what}`, () => {
    const { config, warnings: got } = podDns(pod, at);
    assert.deepEqual(
      [config.servers.join(" "), config.searches.join(" "), config.options.join(" ")],
      [servers, searches, options],
    );
    assert.equal(got.length, warnings);
  });
}

test("resolv.conf is read and written", () => {
  const text = "# comment\nnameserver 1.1.1.1\nsearch old\nsearch a.b. c.d ; more\noptions ndots:2 rotate\n";
  const config = parseResolvConf(text);
  assert.deepEqual(config, { servers: ["1.1.1.1"], searches: ["a.b", "c.d"], options: ["ndots:2", "rotate"] });
  assert.equal(formatResolvConf(config), "search a.b c.d\nnameserver 1.1.1.1\noptions ndots:2 rotate\n");
});

test("host names", () => {
  assert.equal(podHostname(testPod(), "cluster.local").hostname, "web");
  assert.equal(podHostname(testPod({}, { name: `${"a".repeat(62)}.b` }), "x").hostname, "a".repeat(62));
  const named = testPod({ hostname: "db-0", subdomain: "db", setHostnameAsFQDN: true });
  assert.equal(podHostname(named, "cluster.local").hostname, "db-0.db.default.svc.cluster.local");
  const long = testPod({ hostname: "a".repeat(50), subdomain: "db", setHostnameAsFQDN: true });
  assert.throws(
    () => podHostname(long, "cluster.local"),
    /is too long \(64 characters is the max, 79 characters requested\)/,
  );
  assert.equal(
    nodeHostsFile("127.0.0.1 localhost\n", [{ ip: "1.1.1.1", hostnames: ["a", "b"] }]),
    "# Kubernetes-managed hosts file (host network).\n127.0.0.1 localhost\n\n# Entries added by HostAliases.\n1.1.1.1\ta\tb\n",
  );
});

test("the runtime is told everything", () => {
  const container = testContainer("app", {
    command: ["run", "$(NAME)"],
    args: ["$$(NAME)"],
    ports: [{ containerPort: 80, hostPort: 8080 }],
    lifecycle: { preStop: { sleep: { seconds: 1 } } },
  });
  const pod = testPod({ containers: [container] });
  const image = {
    id: "sha256:1",
    repoTags: [],
    repoDigests: [],
    sizeBytes: 1,
    uid: undefined,
    username: "",
    pinned: false,
  };
  const config = containerConfig({
    pod,
    container,
    attempt: 2,
    image,
    variables: [{ name: "NAME", value: "x" }],
    mounts: [],
    policy,
  });
  assert.deepEqual([config.command, config.args], [["run", "x"], ["$(NAME)"]]);
  assert.equal(config.image, "sha256:1");
  assert.equal(config.annotations["io.kubernetes.container.restartCount"], "2");
  assert.equal(config.annotations["io.kubernetes.container.preStopHandler"], '{"sleep":{"seconds":1}}');
  assert.equal(config.annotations["io.kubernetes.pod.terminationGracePeriod"], "30");
  const sandbox = sandboxConfig(pod, 1, "/kubepods/x", {
    ...policy,
    dns,
    nodeHostname: "node-1",
    podLogsDirectory: "/var/log/pods",
  });
  assert.deepEqual(sandbox.portMappings, [{ protocol: "TCP", containerPort: 80, hostPort: 8080, hostIp: "" }]);
  assert.equal(sandbox.logDirectory, "/var/log/pods/default_web_uid-1");
  assert.equal(sandbox.dns?.servers[0], "10.96.0.10");
  assert.equal(
    sandboxConfig(testPod({ hostNetwork: true }), 0, "", {
      ...policy,
      dns,
      nodeHostname: "node-1",
      podLogsDirectory: "",
    }).hostname,
    "node-1",
  );
});

test("sub-path expressions", () => {
  const mount = (subPathExpr: string) => ({ name: "v", mountPath: "/v", subPathExpr });
  assert.equal(subPathOf(mount("$(POD)/x"), [{ name: "POD", value: "web" }]), "web/x");
  assert.throws(() => subPathOf(mount("$(MISSING)"), []), /missing value for "MISSING"/);
  assert.throws(() => subPathOf(mount("$(EMPTY)"), [{ name: "EMPTY", value: "" }]), /missing value for "EMPTY"/);
  assert.throws(() => subPathOf(mount("$(POD)"), [{ name: "POD", value: "/etc" }]), /must not be an absolute path/);
  assert.throws(() => subPathOf(mount("$(POD)"), [{ name: "POD", value: "a/../../b" }]), /must not contain '\.\.'/);
});
