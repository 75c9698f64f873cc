import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import { seededRandom } from "@kube-ts/std/random";
import { checkCustom, copiedPod, type CopyOptions, ephemeralContainer, nodePod } from "./debug-pods.ts";

const options: CopyOptions = {
  container: "dbg",
  image: "busybox",
  pullPolicy: "",
  args: [],
  argumentsOnly: false,
  env: [],
  stdin: false,
  tty: false,
  profile: "general",
  custom: undefined,
  name: "copy",
  images: new Map(),
  sameNode: false,
  shareProcesses: undefined,
  keep: { labels: false, annotations: false, liveness: false, readiness: false, startup: false, initContainers: true },
};

const pod: Pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", namespace: "n", labels: { app: "p" } },
  spec: { nodeName: "node1", containers: [{ name: "c", image: "i", livenessProbe: { tcpSocket: { port: 1 } } }] },
};

test("a copy runs anywhere, without labels and probes, and shares processes", () => {
  const { pod: copy, container } = copiedPod(pod, options, seededRandom(1));
  assert.equal(container, "dbg");
  assert.deepEqual(copy.metadata, { name: "copy", namespace: "n" });
  assert.equal(copy.spec?.nodeName, undefined);
  assert.equal(copy.spec?.shareProcessNamespace, true);
  assert.deepEqual(copy.spec?.containers[0], { name: "c", image: "i" });
  assert.deepEqual(copy.spec?.containers[1]?.securityContext, { capabilities: { add: ["SYS_PTRACE"] } });
});

test("a copy with other images only is like the pod", () => {
  const only = { ...options, image: "", container: "", images: new Map([["*", "new"]]) };
  const { pod: copy, container } = copiedPod(pod, only, seededRandom(1));
  assert.equal(container, "");
  assert.deepEqual(copy.metadata.labels, { app: "p" });
  assert.deepEqual(copy.spec?.containers, [{ name: "c", image: "new", livenessProbe: { tcpSocket: { port: 1 } } }]);
});

test("a profile decides what of a node is seen", () => {
  const restricted = nodePod("node1", "n", { ...options, profile: "restricted" }, seededRandom(1)).pod;
  assert.equal(restricted.spec?.hostPID, undefined);
  assert.equal(restricted.spec?.volumes, undefined);
  const sysadmin = nodePod("node1", "n", { ...options, profile: "sysadmin" }, seededRandom(1)).pod;
  assert.equal(sysadmin.spec?.hostPID, true);
  assert.deepEqual(sysadmin.spec?.containers[0]?.securityContext, { privileged: true });
});

test("a custom part is merged, but cannot change what the container is", () => {
  const custom = checkCustom({ securityContext: { runAsUser: 7 } });
  const container = ephemeralContainer("dbg", "c", { ...options, custom });
  assert.deepEqual(container.securityContext, { capabilities: { add: ["SYS_PTRACE"] }, runAsUser: 7 });
  assert.equal(container.targetContainerName, "c");
  assert.throws(() => checkCustom({ image: "x" }), /not modifiable/);
});
