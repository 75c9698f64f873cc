import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import type { Status } from "@kube-ts/api/meta/v1";
import { ApiRequests } from "../harness/api-requests.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

// What the API server does for schedulers, whoever's they are.

const server = serverForTests({
  prepare: () =>
    api.ask("POST", "/api/v1/namespaces/default/serviceaccounts", { body: { metadata: { name: "default" } } }),
});
const api = new ApiRequests(server);
const pods = "/api/v1/namespaces/default/pods";
const classes = "/apis/scheduling.k8s.io/v1/priorityclasses";
const mergePatch = { "Content-Type": "application/merge-patch+json" };

test("a pod that is bound is no longer nominated for a node", async () => {
  const body = { metadata: { name: "waits" }, spec: { containers: [{ name: "c", image: "pause" }] } };
  assert.equal((await api.ask("POST", pods, { body })).code, 201);
  const nominated = { body: { status: { nominatedNodeName: "here" } }, headers: mergePatch };
  const waiting = await api.json<Pod>("PATCH", `${pods}/waits/status`, nominated);
  assert.equal(waiting.status?.nominatedNodeName, "here");
  const binding = { metadata: { name: "waits" }, target: { kind: "Node", name: "there" } };
  assert.equal((await api.ask("POST", `${pods}/waits/binding`, { body: binding })).code, 201);
  const { spec, status } = await api.json<Pod>("GET", `${pods}/waits`);
  assert.deepEqual([spec.nodeName, status?.nominatedNodeName], ["there", undefined]);
});

test("the system's priority classes are not deleted", async () => {
  const { code, message } = await api.json<Status>("DELETE", `${classes}/system-node-critical`);
  const problem = "this is a system priority class and cannot be deleted";
  assert.deepEqual(
    [code, message],
    [403, `priorityclasses.scheduling.k8s.io "system-node-critical" is forbidden: ${problem}`],
  );
  assert.equal((await api.ask("POST", classes, { body: { metadata: { name: "mine" }, value: 5 } })).code, 201);
  assert.equal((await api.ask("DELETE", `${classes}/mine`)).code, 200);
});
