import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiRequests } from "../harness/api-requests.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

// Without --allow-privileged, as upstream's server has it.
const server = serverForTests({ withoutFlags: ["--allow-privileged"] });
const api = new ApiRequests(server);
const pods = "/api/v1/namespaces/default/pods";
const pod = (name: string, securityContext?: object) => ({
  metadata: { name },
  spec: {
    automountServiceAccountToken: false,
    containers: [{ name: "c", image: "i", ...(securityContext && { securityContext }) }],
  },
});

test("privileged containers are refused in pods, templates and ephemeral containers", async () => {
  const account = { metadata: { name: "default" } };
  await api.ask("POST", "/api/v1/namespaces/default/serviceaccounts", { body: account });
  const refused = await api.ask("POST", pods, { body: pod("p", { privileged: true }) });
  assert.equal(refused.code, 422);
  const problem = "securityContext.privileged: Forbidden: disallowed by cluster policy";
  const { message } = JSON.parse(refused.text) as { message: string };
  assert.equal(message, `Pod "p" is invalid: spec.containers[0].${problem}`);

  assert.equal((await api.ask("POST", pods, { body: pod("p", { privileged: false }) })).code, 201);
  const debug = { spec: { ephemeralContainers: [{ name: "d", image: "i", securityContext: { privileged: true } }] } };
  const headers = { "Content-Type": "application/strategic-merge-patch+json" };
  const debugged = await api.ask("PATCH", `${pods}/p/ephemeralcontainers`, { body: JSON.stringify(debug), headers });
  assert.equal(debugged.code, 422);
  assert.ok(debugged.text.includes(`spec.ephemeralContainers[0].${problem}`), debugged.text);

  const labels = { app: "d" };
  const template = { metadata: { labels }, spec: pod("", { privileged: true }).spec };
  const deployment = { metadata: { name: "d" }, spec: { selector: { matchLabels: labels }, template } };
  const deployed = await api.ask("POST", "/apis/apps/v1/namespaces/default/deployments", { body: deployment });
  assert.equal(deployed.code, 422);
  assert.ok(deployed.text.includes(`spec.template.spec.containers[0].${problem}`), deployed.text);
});
