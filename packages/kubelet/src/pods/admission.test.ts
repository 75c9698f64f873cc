import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node, Pod, PodSpec } from "@kube-ts/api/core/v1";
import { testContainer, testPod } from "../testing/pod-fixtures.ts";
import { type AdmissionNode, admitPod, judgeResize } from "./admission.ts";
import { dottedSysctl } from "./sysctl-names.ts";
import { asksForMore } from "./resize.ts";

const node: Node = {
  metadata: { name: "node-1", labels: { disk: "ssd", size: "4" } },
  spec: { taints: [{ key: "gone", effect: "NoExecute" }] },
};
const at: AdmissionNode = {
  node,
  allocatable: { cpu: "2", memory: "2Gi", pods: "3", "ephemeral-storage": "10Gi" },
  features: {
    userNamespaces: false,
    supplementalGroupsPolicyStrict: false,
    recursiveReadOnlyMounts: false,
    handlers: [],
    apparmor: false,
    seccomp: true,
    negativeOomScoreAdj: true,
    allCapabilities: true,
  },
  pressure: [],
  allowedUnsafeSysctls: ["kernel.msg*"],
  isStatic: false,
};
const tolerations: PodSpec["tolerations"] = [{ key: "gone", operator: "Exists" }];
const asking = (cpu: string, memory = "1Mi"): Pod =>
  testPod({ tolerations, containers: [testContainer("app", { resources: { requests: { cpu, memory } } })] });
const onPort = (hostPort: number, hostIP?: string): Pod =>
  testPod({
    tolerations,
    containers: [testContainer("app", { ports: [{ containerPort: 80, hostPort, ...(hostIP ? { hostIP } : {}) }] })],
  });
const withSpec = (spec: Partial<PodSpec>): Pod => testPod({ tolerations, ...spec });
const affinity = (key: string, operator: "In" | "Gt" | "DoesNotExist", values?: string[]): Partial<PodSpec> => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key, operator, ...(values ? { values } : {}) }] }],
      },
    },
  },
});
const sysctl = (name: string, more: Partial<PodSpec> = {}) =>
  withSpec({ ...more, securityContext: { sysctls: [{ name, value: "1" }] } });

const rows: readonly (readonly [
  what: string,
  pod: Pod,
  refusal: string | undefined,
  options?: { others?: readonly Pod[]; at?: Partial<AdmissionNode> },
])[] = [
  ["fits", asking("1"), undefined],
  [
    "wants a profile of AppArmor",
    withSpec({ securityContext: { appArmorProfile: { type: "RuntimeDefault" } } }),
    "AppArmor: Cannot enforce AppArmor: AppArmor is not enabled on the host",
  ],
  ["wants no AppArmor", withSpec({ securityContext: { appArmorProfile: { type: "Unconfined" } } }), undefined],
  [
    "asks for too much cpu",
    asking("1500m"),
    "OutOfcpu: Node didn't have enough resource: cpu, requested: 1500, used: 1000, capacity: 2000",
    { others: [asking("1")] },
  ],
  [
    "asks for too much memory",
    asking("1", "3Gi"),
    "OutOfmemory: Node didn't have enough resource: memory, requested: 3221225472, used: 0, capacity: 2147483648",
  ],
  [
    "is one too many",
    asking("0"),
    "OutOfpods: Node didn't have enough resource: pods, requested: 1, used: 3, capacity: 3",
    { others: [asking("0"), asking("0"), asking("0")] },
  ],
  ["has the label", withSpec({ nodeSelector: { disk: "ssd" } }), undefined],
  [
    "lacks the label",
    withSpec({ nodeSelector: { disk: "hdd" } }),
    "NodeAffinity: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
  ],
  ["affinity In", withSpec(affinity("disk", "In", ["hdd", "ssd"])), undefined],
  ["affinity Gt", withSpec(affinity("size", "Gt", ["3"])), undefined],
  ["affinity DoesNotExist", withSpec(affinity("disk", "DoesNotExist")), "NodeAffinity"],
  ["same host port", onPort(8080), "NodePorts", { others: [onPort(8080, "10.0.0.1")] }],
  ["other address", onPort(8080, "10.0.0.2"), undefined, { others: [onPort(8080, "10.0.0.1")] }],
  ["does not tolerate", testPod(), "TaintToleration"],
  ["static pods tolerate anything", testPod(), undefined, { at: { isStatic: true } }],
  ["another node's", withSpec({ nodeName: "node-2" }), "NodeName"],
  ["safe sysctl", sysctl("net.ipv4.tcp_syncookies"), undefined],
  ["allowed sysctl", sysctl("kernel.msgmax"), undefined],
  ["other sysctl", sysctl("kernel.shmmax"), 'SysctlForbidden: forbidden sysctl: "kernel.shmmax" not allowlisted'],
  [
    "node's sysctl",
    sysctl("net.ipv4.tcp_syncookies", { hostNetwork: true }),
    'SysctlForbidden: forbidden sysctl: "net.ipv4.tcp_syncookies" not allowed with host net enabled',
  ],
  ["another system", withSpec({ os: { name: "windows" } }), "PodOSNotSupported"],
  [
    "resource claims",
    withSpec({ resourceClaims: [{ name: "gpu" }] }),
    "PodFeatureUnsupported: spec.resourceClaims is not supported on this node",
  ],
  ["user namespace", withSpec({ hostUsers: false }), "PodFeatureUnsupported"],
  [
    "strict groups",
    withSpec({ securityContext: { supplementalGroupsPolicy: "Strict" } }),
    "SupplementalGroupsPolicyNotSupported",
  ],
  [
    "best effort under pressure",
    withSpec({}),
    "Evicted: The node had condition: [MemoryPressure]. ",
    { at: { pressure: ["MemoryPressure"] } },
  ],
  ["burstable under memory pressure", asking("1"), undefined, { at: { pressure: ["MemoryPressure"] } }],
  ["burstable under disk pressure", asking("1"), "Evicted", { at: { pressure: ["DiskPressure"] } }],
];

for (const [what, pod, refusal, { others = [], at: more = {} } = {}] of rows) {
  test(`admission: ${what}`, () => {
    const got = admitPod(pod, others, { ...at, ...more });
    if (refusal === undefined) assert.equal(got, undefined);
    else assert.ok(`${got?.reason}: ${got?.message}`.startsWith(refusal), JSON.stringify(got));
  });
}

test("a pod that asks for more may have it, must wait, or never can", () => {
  assert.equal(judgeResize(asking("1500m"), [asking("500m")], at.allocatable), undefined);
  assert.equal(judgeResize(asking("1500m"), [asking("1")], at.allocatable)?.reason, "Deferred");
  assert.equal(judgeResize(asking("3"), [], at.allocatable)?.reason, "Infeasible");
});

test("slashes separate a sysctl's name where they come first", () => {
  const names = [
    ["net.ipv4.tcp_syncookies", "net.ipv4.tcp_syncookies"],
    ["net/ipv4/tcp_syncookies", "net.ipv4.tcp_syncookies"],
    ["net/ipv4/conf/eno2.100/rp_filter", "net.ipv4.conf.eno2/100.rp_filter"],
    ["net.ipv4.conf.eno2/100.rp_filter", "net.ipv4.conf.eno2/100.rp_filter"],
  ];
  for (const [written = "", dotted] of names) assert.equal(dottedSysctl(written), dotted);
});

test("only a growing request is judged", () => {
  const status = (cpu: string) => ({
    containerStatuses: [
      { name: "app", ready: true, restartCount: 0, image: "", imageID: "", allocatedResources: { cpu, memory: "1Mi" } },
    ],
  });
  assert.equal(asksForMore(asking("1"), status("1000m")), false);
  assert.equal(asksForMore(asking("1"), status("2")), false);
  assert.equal(asksForMore(asking("1"), status("500m")), true);
  assert.equal(asksForMore(asking("1"), {}), false);
});
