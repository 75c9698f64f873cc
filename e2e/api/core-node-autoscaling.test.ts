import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "@kube-ts/api/meta/v1";
import { ApiRequests } from "../harness/api-requests.ts";
import { KubectlOnServer } from "../harness/kubectl-on-server.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

// Upstream's kubectl on the resources of autoscaling, of node and of the core group.

const server = serverForTests({ prepare: () => kubectl.run("create serviceaccount default") });
const kubectl = new KubectlOnServer(server);

test("horizontal pod autoscalers", async () => {
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
  const spec = { scaleTargetRef, maxReplicas: 5, behavior: { scaleDown: { stabilizationWindowSeconds: 60 } } };
  await kubectl.create({
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "web" },
    spec,
  });
  const old = { scaleTargetRef, maxReplicas: 3, targetCPUUtilizationPercentage: 70 };
  await kubectl.create({
    apiVersion: "autoscaling/v1",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "old" },
    spec: old,
  });
  assert.deepEqual(await kubectl.table("get hpa -o wide"), [
    "NAME  REFERENCE  TARGETS  MINPODS  MAXPODS  REPLICAS  AGE",
    "old  Deployment/web  cpu: <unknown>/70%  1  3  0  T",
    "web  Deployment/web  cpu: <unknown>/80%  1  5  0  T",
  ]);
  await kubectl.exercise("hpa", "web", "spec.behavior");
  const v1 = "horizontalpodautoscalers.v1.autoscaling";
  await kubectl.run(`patch ${v1} web -p {"spec":{"targetCPUUtilizationPercentage":33}}`);
  const stored = await kubectl.json<{ spec: { metrics: unknown; behavior: unknown } }>("get hpa web");
  assert.deepEqual(stored.spec.metrics, [
    { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 33 } } },
  ]);
  assert.ok(stored.spec.behavior);
  const shown = await kubectl.json<{ metadata: { annotations: Record<string, string> } }>(`get ${v1} web`);
  assert.ok(shown.metadata.annotations["autoscaling.alpha.kubernetes.io/behavior"]);
  const groups = JSON.parse(await kubectl.run("get --raw /apis/autoscaling")) as {
    preferredVersion: { version: string };
  };
  assert.equal(groups.preferredVersion.version, "v2");
});

test("runtime classes", async () => {
  await kubectl.create({
    apiVersion: "node.k8s.io/v1",
    kind: "RuntimeClass",
    metadata: { name: "sandboxed" },
    handler: "runsc",
    overhead: { podFixed: { cpu: "250m" } },
    scheduling: { nodeSelector: { runtime: "gvisor" } },
  });
  assert.deepEqual(await kubectl.table("get runtimeclass -o wide"), ["NAME  HANDLER  AGE", "sandboxed  runsc  T"]);
  await kubectl.exercise("runtimeclass", "sandboxed", "scheduling");
  const pod = (runtimeClassName: string) => [
    "run",
    "p",
    "--image=a",
    `--overrides={"spec":{"runtimeClassName":"${runtimeClassName}"}}`,
  ];
  assert.match((await kubectl.attempt(pod("none"))).stderr, /forbidden: pod rejected: RuntimeClass "none" not found/);
  assert.equal((await kubectl.attempt(pod("sandboxed"))).code, 0);
  const { spec } = await kubectl.json<{ spec: { overhead: object; nodeSelector: object } }>("get pod p");
  assert.deepEqual([spec.overhead, spec.nodeSelector], [{ cpu: "250m" }, { runtime: "gvisor" }]);
});

test("events meet the rules of the version that they are written in", async () => {
  const event = { kind: "Event", metadata: { name: "e", namespace: "default" }, reason: "Odd", type: "Odd" };
  const strict = await kubectl.attempt(
    ["create", "-f", "-"],
    JSON.stringify({ apiVersion: "events.k8s.io/v1", ...event }),
  );
  assert.match(strict.stderr, /eventTime: Required value\n.*type: Invalid value: "": has invalid value: Odd/);
  assert.equal((await kubectl.attempt(["create", "-f", "-"], JSON.stringify({ apiVersion: "v1", ...event }))).code, 0);
});

test("events are selected by the fields of the version that asks", async () => {
  const regarding = { kind: "Pod", namespace: "default", name: "told-of" };
  const event = { eventTime: "2026-01-01T00:00:00.000000Z", reportingInstance: "i", action: "Run", type: "Normal" };
  const body = {
    ...event,
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: { name: "selected" },
    regarding,
    reason: "Ran",
    reportingController: "example.com/runner",
  };
  await kubectl.run("create -f -", JSON.stringify(body));
  const selected = (type: string, fields: string) =>
    kubectl.run(`get ${type} --field-selector=${fields} -o jsonpath={.items[*].metadata.name}`);
  const byPod =
    "regarding.name=told-of,regarding.kind=Pod,regarding.namespace=default,reportingController=example.com/runner";
  assert.equal(await selected("events.events.k8s.io", byPod), "selected");
  assert.equal(await selected("events.events.k8s.io", "regarding.name=other"), "");
  assert.equal(
    await selected("events.v1.", "involvedObject.name=told-of,reportingComponent=example.com/runner"),
    "selected",
  );
  const { stderr } = await kubectl.attempt(["get", "events.events.k8s.io", "--field-selector=involvedObject.name=x"]);
  assert.match(stderr, /field label not supported: involvedObject.name/);
});

test("bindings by the name of the pod in the body", async () => {
  await kubectl.run("run bound --image=a");
  const target = { kind: "Node", name: "n1" };
  const binding = { apiVersion: "v1", kind: "Binding", metadata: { name: "bound" }, target };
  const path = "/api/v1/namespaces/default/bindings";
  await kubectl.run(`create --raw ${path} -f -`, JSON.stringify(binding));
  assert.equal(await kubectl.run("get pod bound -o jsonpath={.spec.nodeName}"), "n1");
  const again = await kubectl.attempt(["create", "--raw", path, "-f", "-"], JSON.stringify(binding));
  assert.match(again.stderr, /pod bound is already assigned to node "n1"/);
  const nameless = await kubectl.attempt(
    ["create", "--raw", path, "-f", "-"],
    JSON.stringify({ ...binding, metadata: {} }),
  );
  assert.match(nameless.stderr, /Name parameter required\./);
});

test("bindings and evictions of another pod than the URL's", async () => {
  await kubectl.run("run other --image=a");
  const api = new ApiRequests(server);
  const ask = async (path: string, body: object) => {
    const { code, message } = await api.json<Status>("POST", `/api/v1/namespaces/default/${path}`, { body });
    return `${code} ${message}`;
  };
  const place = "400 the namespace of the provided object does not match the namespace sent on the request";
  const target = { kind: "Node", name: "n1" };
  const binding = (metadata: object, to: object = target) => ({
    apiVersion: "v1",
    kind: "Binding",
    metadata,
    target: to,
  });
  const path = "pods/other/binding";
  const name = "400 name in URL does not match name in Binding object";
  assert.equal(await ask(path, binding({ name: "bound" })), name);
  assert.equal(await ask(path, binding({})), name);
  assert.equal(await ask(path, binding({ name: "other", namespace: "kube-system" })), place);
  assert.equal(await ask("bindings", binding({ name: "other", namespace: "kube-system" })), place);
  assert.equal(
    await ask(path, binding({ name: "other" }, { kind: "Pod" })),
    '500 [target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>", target.name: Required value]',
  );
  const uid = "11111111-1111-1111-1111-111111111111";
  assert.match(await ask(path, binding({ name: "other", uid })), /^409 .*UID in precondition: 1/);
  assert.equal(await kubectl.run("get pod other -o jsonpath={.spec.nodeName}"), "");
  assert.equal(await ask("bindings", binding({ name: "other", uid })), "201 undefined");
  const eviction = (metadata: object) => ({ apiVersion: "policy/v1", kind: "Eviction", metadata });
  const evictions = "pods/other/eviction";
  const refused = "400 name in URL does not match name in Eviction object";
  assert.equal(await ask(evictions, eviction({ name: "bound" })), refused);
  assert.equal(await ask(evictions, eviction({})), refused);
  assert.equal(await ask(evictions, eviction({ name: "other", namespace: "kube-system" })), place);
});

test("the health of components", async () => {
  const { stdout, stderr } = await kubectl.attempt(["get", "cs"]);
  assert.match(stderr, /^Warning: v1 ComponentStatus is deprecated in v1\.19\+$/m);
  const names = stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ +/)[0]);
  assert.deepEqual(names, ["NAME", "controller-manager", "scheduler", "etcd-0"]);
  assert.match(stdout, /^etcd-0 +Healthy +ok *$/m);
  const { conditions } = await kubectl.json<{ conditions: object[] }>("get componentstatus etcd-0");
  assert.deepEqual(conditions, [{ type: "Healthy", status: "True", message: "ok" }]);
  assert.equal(await kubectl.run("get cs --field-selector=metadata.name=etcd-0 -o name"), "componentstatus/etcd-0\n");
  assert.match((await kubectl.attempt(["get", "cs", "none"])).stderr, /componentstatuses "none" not found/);
});
