import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { eventually } from "../harness/eventually.ts";
import { serverForTests } from "../harness/server-for-tests.ts";
import { TypedBodies, applyPatch, configMap, definition, json, mergePatch } from "../harness/typed-bodies.ts";

// A path names the one object for which it was authorized, or none.

const server = serverForTests({ prepare });
const api = new TypedBodies(server);

const configMaps = "/api/v1/namespaces/default/configmaps";

const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

async function prepare(): Promise<void> {
  await api.define(
    definition("globals", "h.io", "Cluster"),
    definition("foos", "a.io", "Namespaced"),
    definition("foos", "a.io.b", "Namespaced"),
    definition("foo-bars", "a.io", "Namespaced"),
  );
  await makeObjects();
}

const secretText = "what nobody else may see";

async function makeObjects(): Promise<void> {
  for (const name of ["other", "default-b"]) {
    await api.send("POST", "/api/v1/namespaces", json, { metadata: { name } });
  }
  for (const namespace of ["default", "other", "default-b"]) {
    const path = `/api/v1/namespaces/${namespace}/configmaps`;
    for (const name of ["open", "closed", "open-b"]) {
      const data = { text: name === "open" && namespace === "default" ? "public" : secretText };
      assert.equal((await api.send("POST", path, json, configMap(name, data))).code, 201);
    }
  }
}

suite("a path names one object or none", () => {
  test("cluster-scoped resources are in no namespace, and namespaced ones in one", async () => {
    const globals = "/apis/h.io/v1/globals";
    const one = { apiVersion: "h.io/v1", kind: "Global", metadata: { name: "one" }, spec: { text: secretText } };
    assert.equal((await api.send("POST", globals, json, one)).code, 201);
    const inNamespace = "/apis/h.io/v1/namespaces/default/globals";
    for (const [method, path, type, body] of [
      ["GET", inNamespace],
      ["GET", `${inNamespace}?watch=true`],
      ["GET", `${inNamespace}/one`],
      ["GET", `${inNamespace}/one/status`],
      ["POST", inNamespace, json, { ...one, metadata: { name: "two" } }],
      ["PUT", `${inNamespace}/one`, json, one],
      ["PATCH", `${inNamespace}/one`, mergePatch, { spec: { text: "changed" } }],
      ["PATCH", `${inNamespace}/one?fieldManager=m`, applyPatch, one],
      ["DELETE", `${inNamespace}/one`],
      ["DELETE", inNamespace],
      ["GET", "/api/v1/namespaces/default/nodes"],
      ["GET", "/api/v1/namespaces/default/namespaces"],
      ["GET", "/api/v1/namespaces/default/namespaces?watch=true"],
      ["GET", "/api/v1/namespaces/default/namespaces/other"],
      ["GET", "/api/v1/namespaces/default/namespaces/other/status"],
      ["POST", "/api/v1/namespaces/default/namespaces", json, { metadata: { name: "made" } }],
      ["PUT", "/api/v1/namespaces/default/namespaces/other/finalize", json, { metadata: { name: "other" }, spec: {} }],
      ["PATCH", "/api/v1/namespaces/default/namespaces/other", mergePatch, { metadata: { labels: { changed: "x" } } }],
      ["DELETE", "/api/v1/namespaces/default/namespaces/other"],
      ["DELETE", "/api/v1/namespaces/default/namespaces"],
      ["GET", "/api/v1/namespaces/default/nodes/n/proxy/healthz"],
      ["GET", `${configMaps}/open/status/more`],
      ["GET", "/apis/apps/v1/namespaces/default/deployments/d/scale/more"],
      ["GET", "/apis/rbac.authorization.k8s.io/v1/namespaces/default/clusterroles/cluster-admin"],
      ["GET", "/api/v1/configmaps/open"],
      ["DELETE", "/api/v1/configmaps/open"],
      ["GET", "/apis/a.io/v1/foos/open"],
    ] as const) {
      const { code, text } = await api.send(method, path, type, body);
      assert.ok(code === 404 || code === 405, `${method} ${path}: ${code} ${text}`);
      assert.ok(!text.includes(secretText), path);
    }
    for (const path of [
      "/api/v1/namespaces/default/nodes/n/proxy/exec",
      "/api/v1/namespaces/default/pods/p/exec/more",
    ]) {
      const upgrade = {
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
      };
      const { code, text } = await api.get(path, { headers: upgrade });
      assert.equal(code, 404, `${path}: ${text}`);
      assert.match(text, /the server could not find the requested resource/, path);
    }
    assert.equal((await api.get(`${globals}/one`)).code, 200);
    assert.equal((await api.get(`${globals}/two`)).code, 404);
  });

  test("groups, resources, namespaces and names that begin alike are apart", async () => {
    const place = (resource: string, namespace = "default") => resource.replace("*", `namespaces/${namespace}`);
    const kinds = [
      ["/apis/a.io/v1/*/foos", "a.io/v1", "Foo"],
      ["/apis/a.io.b/v1/*/foos", "a.io.b/v1", "Foo"],
      ["/apis/a.io/v1/*/foo-bars", "a.io/v1", "Foo-bar"],
    ] as const;
    const names = async (path: string) =>
      ((await api.get(path)).body.items ?? [])
        .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
        .toSorted();
    for (const [resource, apiVersion, kind] of kinds) {
      for (const namespace of ["default", "default-b"]) {
        for (const name of ["x", "x-y", "x.y"]) {
          const object = { apiVersion, kind, metadata: { name, labels: { of: kind } }, spec: {} };
          const { code, text } = await api.send("POST", place(resource, namespace), json, object);
          assert.equal(code, 201, text);
        }
      }
    }
    const [foos, others, bars] = kinds.map(([resource]) => resource) as [string, string, string];
    assert.equal(
      (await api.send("DELETE", `${place(foos)}?fieldSelector=${encodeURIComponent("metadata.name=x")}`)).code,
      200,
    );
    const open = (await names(place(foos))).filter((name) => name !== "default/open");
    assert.deepEqual(open, ["default/x-y", "default/x.y"]);
    assert.equal((await api.send("DELETE", place(foos))).code, 200);
    assert.deepEqual(await names(place(foos)), []);
    assert.deepEqual(await names(place(foos, "default-b")), ["default-b/x", "default-b/x-y", "default-b/x.y"]);
    for (const resource of [others, bars]) {
      for (const namespace of ["default", "default-b"]) {
        assert.equal((await names(place(resource, namespace))).length, 3, `${resource} ${namespace}`);
      }
    }
    assert.equal((await api.get(place("/apis/a.io.b/v1/*/foo-bars"))).code, 404);
    assert.equal((await api.get(place("/apis/a.io/v1/*/foo"))).code, 404);
    assert.deepEqual(await names("/apis/a.io/v1/namespaces/default-/foos"), []);
  });
});

suite("the path that was authorized is the one that is served", () => {
  const user = { headers: { "Impersonate-User": "reader" } };
  const binding = (name: string, rules: readonly object[]) => ({
    role: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name }, rules },
    binding: {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "reader" }],
    },
  });

  test("for one object, one subresource and one path", async () => {
    const { role, binding: bound } = binding("reads-open", [
      {
        apiGroups: [""],
        resources: ["configmaps"],
        resourceNames: ["open"],
        verbs: ["get", "update", "patch", "delete"],
      },
      { nonResourceURLs: ["/healthz", "/api"], verbs: ["get"] },
    ]);
    const rbac = "/apis/rbac.authorization.k8s.io/v1";
    assert.equal((await api.send("POST", `${rbac}/clusterroles`, json, role)).code, 201);
    assert.equal((await api.send("POST", `${rbac}/clusterrolebindings`, json, bound)).code, 201);
    await eventually(
      "the reader may read",
      () => api.get(`${configMaps}/open`, user),
      ({ code }) => code === 200,
      10_000,
    );
    assert.equal((await api.get(`${configMaps}/closed`, user)).code, 403);
    assert.equal((await api.get("/metrics", user)).code, 403);

    const climbing = [
      "..",
      ".",
      "%2e%2e",
      "%2E%2e",
      ".%2e",
      "%2e",
      "..%2f",
      "%2f",
      "%2F..%2F",
      "%5c..%5c",
      "..;",
      "%00",
      "%c0%ae%c0%ae",
      "%252e%252e",
      "",
      "%",
      "%zz",
    ];
    const paths = climbing.flatMap((part) => [
      `${configMaps}/open/${part}/closed`,
      `${configMaps}/open${part}closed`,
      `${configMaps}/open%2f${part}%2fclosed`,
      `${configMaps}/${part}/closed`,
      `${configMaps}/closed/${part}/open`,
      `/api/v1/namespaces/default/configmaps/${part}`,
      `/api/v1/namespaces/${part}/configmaps/closed`,
      `/api/v1/namespaces/default/${part}/configmaps/closed`,
      `/api/v1/namespaces/other/${part}/default/configmaps/open`,
      `/api/v1/${part}/namespaces/default/configmaps/closed`,
      `/api/${part}/v1/namespaces/default/configmaps/closed`,
      `/${part}/api/v1/namespaces/default/configmaps/closed`,
      `/api/v1${part}/namespaces/default/configmaps/closed`,
      `/healthz/${part}/metrics`,
      `/healthz/${part}/${part}/metrics`,
      `/healthz%2f${part}%2fmetrics`,
      `/healthz${part}/metrics`,
      `/api/${part}/metrics`,
      `/apis/a.io/v1/namespaces/default/${part}/foos`,
    ]);
    for (const path of paths.filter((each) => each !== `${configMaps}/closed`)) {
      for (const options of [user, {}]) {
        const { code, text } = await api.get(path, options);
        const where = `${path} as ${options === user ? "reader" : "administrator"}: ${code} ${text.slice(0, 200)}`;
        assert.ok(!text.includes("apiserver_request_total"), where);
        const isOther = text.includes(secretText) && !(options !== user && isListOf(path, text));
        assert.ok(!isOther, where);
        const isNamed = code === 200 && (text.includes('"public"') || isListOf(path, text));
        const isUnreadable = code === 400 && /%(?!(?:00|2e|2f|5c|25)(?![0-9a-f]))/i.test(path);
        assert.ok(code === 404 || code === 403 || isNamed || isUnreadable, where);
      }
    }
    for (const path of [`${configMaps}/open%2f..%2fclosed`, `${configMaps}/open/../closed`, `${configMaps}//closed`]) {
      for (const [method, type, body] of [
        ["PUT", json, configMap("closed", { text: "changed" })],
        ["PATCH", mergePatch, { data: { text: "changed" } }],
        ["DELETE", json, undefined],
      ] as const) {
        const { code, text } = await api.send(method, path, type, body, user);
        assert.ok(code === 403 || code === 404 || code === 405, `${method} ${path}: ${code} ${text}`);
      }
    }
    assert.deepEqual((await api.get(`${configMaps}/closed`)).body.data, { text: secretText });
  });

  /** What lies behind a slash too many at the end of a collection's path. */
  function isListOf(path: string, text: string): boolean {
    return path.endsWith("/") && !nameOf(path) && text.includes('"items"');
  }
});
