import assert from "node:assert/strict";
import { test } from "node:test";
import { KubectlOnServer } from "../harness/kubectl-on-server.ts";
import { serverForTests } from "../harness/server-for-tests.ts";
import { TokenUsers, as, tokenFileFlag } from "../harness/token-users.ts";

const tokenFile = tokenFileFlag();
const server = serverForTests({ extraArgs: [tokenFile] });
const users = new TokenUsers(server);
const kubectl = new KubectlOnServer(server);

const page = (path: string, accept?: string) =>
  users.ask("GET", path, accept === undefined ? {} : { headers: { Accept: accept } });

test("the API server tells what it is and how it was started", async () => {
  const status = await page("/statusz");
  assert.deepEqual([status.code, status.headers["content-type"]], [200, "text/plain; charset=utf-8"]);
  assert.match(status.text, /^\nkube-apiserver statusz\nWarning: This endpoint is not meant to be machine parseable/);
  assert.match(status.text, /\nPaths: .*\/healthz .*\/statusz /);
  const flags = await page("/flagz");
  assert.ok(flags.text.includes(`\ntoken-auth-file=${tokenFile.split("=")[1]}\n`));
  assert.match(flags.text, /\nmax-requests-inflight=400\n/);
});

test("as objects for those who ask for them", async () => {
  const accept = (kind: string, type = "json", version = "v1beta1") =>
    `application/${type};as=${kind};v=${version};g=config.k8s.io`;
  const status = await page("/statusz", accept("Statusz"));
  const { kind, apiVersion, metadata } = JSON.parse(status.text) as Record<string, unknown>;
  assert.deepEqual([kind, apiVersion, metadata], ["Statusz", "config.k8s.io/v1beta1", { name: "kube-apiserver" }]);
  const flags = JSON.parse((await page("/flagz", accept("Flagz"))).text) as { flags: Record<string, string> };
  assert.equal(flags.flags["request-timeout"], "1m0s");
  assert.match((await page("/flagz", accept("Flagz", "yaml"))).text, /^kind: Flagz\n|\nkind: Flagz\n/);
  const old = await page("/statusz", accept("Statusz", "json", "v1alpha1"));
  assert.match(String(old.headers["warning"]), /deprecated/);
  for (const refused of ["application/json", accept("Flagz"), accept("Statusz", "json", "v2")]) {
    const { code, text } = await page("/statusz", refused);
    assert.deepEqual([code, (JSON.parse(text) as { reason: string }).reason], [406, "NotAcceptable"], refused);
  }
});

test("kubectl shows the text", async () => {
  assert.match(await kubectl.run("get --raw /statusz"), /kube-apiserver statusz/);
});

test("only monitoring may look", async () => {
  for (const path of ["/statusz", "/flagz"]) {
    assert.equal(await users.code("alice", "GET", path), 403);
    assert.equal((await users.ask("GET", path, { as: "anonymous" })).code, 403);
  }
  await users.create("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
    metadata: { name: "alice-monitors" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:monitoring" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "alice" }],
  });
  for (const path of ["/statusz", "/flagz"]) {
    const { code } = await users.ask("GET", path, { as: as("alice") });
    assert.equal(code, 200);
    assert.equal((await users.ask("POST", path)).code, 405);
  }
});
