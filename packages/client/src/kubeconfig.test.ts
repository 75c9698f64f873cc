import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { clientConfigFromFile, inClusterConfig, resolveClientConfig } from "./client-config.ts";
import {
  kubeconfigPaths,
  KubeconfigError,
  loadKubeconfigFile,
  loadKubeconfigs,
  mergeKubeconfigs,
  parseKubeconfig,
} from "./kubeconfig.ts";

async function temporaryDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "kubeconfig-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

const base = `
apiVersion: v1
kind: Config
current-context: main
unknown-field: ignored
clusters:
- name: main
  cluster: {server: "https://10.0.0.1:6443", certificate-authority: pki/ca.crt, tls-server-name: api}
users:
- name: admin
  user: {client-certificate: /abs/admin.crt, client-key-data: ${Buffer.from("KEY").toString("base64")}}
contexts:
- name: main
  context: {cluster: main, user: admin, namespace: team}
`;

function withUser(user: string) {
  return parseKubeconfig(
    `{clusters: [{name: c, cluster: {server: "https://h"}}], users: [{name: u, user: ${user}}],
      contexts: [{name: x, context: {cluster: c, user: u}}], current-context: x}`,
    "/etc/kubeconfig",
  );
}

test("a context resolves to server, identity and namespace; relative paths belong to the file's directory", () => {
  const config = resolveClientConfig(parseKubeconfig(base, "/etc/kubernetes/admin.conf"));
  assert.deepEqual(config, {
    server: "https://10.0.0.1:6443",
    namespace: "team",
    tls: {
      ca: { file: "/etc/kubernetes/pki/ca.crt" },
      cert: { file: "/abs/admin.crt" },
      key: { text: "KEY" },
      serverName: "api",
    },
    auth: { kind: "none" },
  });
});

test("overrides replace what the context says", () => {
  const kubeconfig = parseKubeconfig(base, "/x");
  const config = resolveClientConfig(kubeconfig, { namespace: "other", server: "localhost:8080" });
  assert.equal(config.namespace, "other");
  assert.equal(config.server, "http://localhost:8080");
});

test("each kind of credential is taken from the user", () => {
  const authOf = (user: string) => resolveClientConfig(withUser(user)).auth;
  assert.deepEqual(authOf("{token: t}"), { kind: "token", token: "t" });
  assert.deepEqual(authOf("{token: t, tokenFile: tok}"), { kind: "tokenFile", path: "/etc/tok" });
  assert.deepEqual(authOf("{username: u, password: p}"), { kind: "basic", username: "u", password: "p" });
  assert.deepEqual(
    authOf(
      "{exec: {apiVersion: client.authentication.k8s.io/v1, command: bin/login, args: [a], env: [{name: NAME, value: v}], interactiveMode: Never}}",
    ),
    {
      kind: "exec",
      plugin: {
        apiVersion: "client.authentication.k8s.io/v1",
        command: "/etc/bin/login",
        args: ["a"],
        env: { NAME: "v" },
        installHint: "",
        provideClusterInfo: false,
        interactiveMode: "Never",
      },
    },
  );
  assert.deepEqual(resolveClientConfig(withUser("{as: bob, as-groups: [g], token: t}")).impersonate, {
    user: "bob",
    groups: ["g"],
  });
});

test("what cannot work is refused with its reason", () => {
  const refusals: readonly (readonly [string, RegExp])[] = [
    ["{token: t, username: u}", /more than one authentication method found for u; found \[token basicAuth\]/],
    ["{client-certificate: c}", /client-key-data or client-key must be specified for u/],
    ["{client-key: c}", /client-cert-data or client-cert must be specified for u/],
    ["{exec: {command: x, interactiveMode: Never}}", /apiVersion must be specified for u/],
    ["{exec: {command: x, apiVersion: client.authentication.k8s.io/v1}}", /interactiveMode must be specified for u/],
    ["{exec: {command: x, apiVersion: v9, interactiveMode: Never}}", /invalid apiVersion "v9"/],
    ["{auth-provider: {name: oidc}}", /auth-provider is not supported/],
    ["{as-groups: [g]}", /without impersonating a user/],
  ];
  for (const [user, message] of refusals) {
    assert.throws(() => resolveClientConfig(withUser(user)), { name: "KubeconfigError", message }, user);
  }
  const cluster = (fields: string) =>
    parseKubeconfig(
      `{clusters: [{name: c, cluster: {${fields}}}], contexts: [{name: x, context: {cluster: c}}], current-context: x}`,
      "/x",
    );
  assert.throws(
    () => resolveClientConfig(cluster("proxy-url: socks5://p, server: https://h")),
    /proxy-url is not supp/,
  );
  assert.throws(
    () => resolveClientConfig(cluster("insecure-skip-tls-verify: true, certificate-authority: a, server: https://h")),
    /insecure flag is not allowed/,
  );
  assert.throws(() => resolveClientConfig(cluster("")), /cluster has no server defined/);
  assert.throws(() => resolveClientConfig(cluster("server: ftp://h")), /invalid server URL/);
  assert.throws(
    () => resolveClientConfig(parseKubeconfig(base, "/x"), { context: "nope" }),
    /context "nope" does not exist/,
  );
  assert.throws(
    () => resolveClientConfig(parseKubeconfig("current-context: gone", "/x")),
    /context was not found for specified context: gone/,
  );
  assert.throws(() => resolveClientConfig({}), /no configuration has been provided/);
});

test("a malformed file is refused with its place", () => {
  assert.throws(() => parseKubeconfig("clusters: [{name: c, cluster: {server: 7}}]", "/f"), {
    name: "KubeconfigError",
    message: 'error loading config file "/f": clusters[0].cluster.server: Invalid value: 7: must be a string',
  });
  assert.throws(() => parseKubeconfig("a: [", "/f"), /error loading config file "\/f": error converting YAML to JSON/);
  assert.throws(() => parseKubeconfig("kind: Pod", "/f"), /kind is "Pod"/);
});

test("of several files the first that names something wins", () => {
  const merged = mergeKubeconfigs([
    { clusters: [{ name: "a", cluster: { server: "https://first" } }], "current-context": "" },
    {
      clusters: [
        { name: "a", cluster: { server: "https://second", "tls-server-name": "x" } },
        { name: "b", cluster: { server: "https://b" } },
      ],
      "current-context": "two",
    },
    { "current-context": "three" },
  ]);
  assert.equal(merged["current-context"], "two");
  assert.deepEqual(merged.clusters, [
    { name: "a", cluster: { server: "https://first" } },
    { name: "b", cluster: { server: "https://b" } },
  ]);
});

test("missing files of a list are skipped, a missing single file is an error", async () => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, "config");
  await writeFile(path, base);
  const merged = await loadKubeconfigs([join(directory.path, "missing"), path]);
  assert.equal(merged["current-context"], "main");
  assert.equal((await clientConfigFromFile(path)).server, "https://10.0.0.1:6443");
  await assert.rejects(loadKubeconfigFile(join(directory.path, "missing")), {
    name: "KubeconfigError",
    message: /no such file or directory/,
  });
});

test("kubectl's search path", () => {
  assert.deepEqual(kubeconfigPaths({ KUBECONFIG: "/a::/b:/a", HOME: "/root" }), ["/a", "/b"]);
  assert.deepEqual(kubeconfigPaths({ HOME: "/root" }), ["/root/.kube/config"]);
});

test("a pod uses its service account", async () => {
  await using directory = await temporaryDirectory();
  await writeFile(join(directory.path, "token"), "t");
  await writeFile(join(directory.path, "namespace"), "team\n");
  const env = { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" };
  assert.deepEqual(await inClusterConfig(env, directory.path), {
    server: "https://[fd00::1]:443",
    namespace: "team",
    tls: { ca: { file: join(directory.path, "ca.crt") } },
    auth: { kind: "tokenFile", path: join(directory.path, "token") },
  });
  await assert.rejects(inClusterConfig({}, directory.path), KubeconfigError);
});
