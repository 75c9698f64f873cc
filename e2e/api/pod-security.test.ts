import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import type { Pod, PodSpec } from "@kube-ts/api/core/v1";
import type { Status } from "@kube-ts/api/meta/v1";
import { type ApiAnswer, ApiRequests } from "../harness/api-requests.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

// The Pod Security Standards as clients see them. Each control by itself is tested with the plugin.

const directory = mkdtempSync(join(tmpdir(), "kube-ts-pod-security-"));
after(() => rmSync(directory, { recursive: true }));
const configFile = join(directory, "admission.json");
writeFileSync(
  configFile,
  JSON.stringify({
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AdmissionConfiguration",
    plugins: [
      {
        name: "PodSecurity",
        configuration: {
          apiVersion: "pod-security.admission.config.k8s.io/v1",
          kind: "PodSecurityConfiguration",
          defaults: { warn: "baseline", "warn-version": "v1.36" },
          exemptions: { namespaces: ["exempt"], usernames: ["trusted"], runtimeClasses: [] },
        },
      },
    ],
  }),
);

const server = serverForTests({ extraArgs: [`--admission-control-config-file=${configFile}`] });
const api = new ApiRequests(server);

async function namespace(name: string, labels: Record<string, string> = {}): Promise<ApiAnswer> {
  const keyed = Object.entries(labels).map(([key, value]) => [`pod-security.kubernetes.io/${key}`, value]);
  const body = { metadata: { name, labels: Object.fromEntries(keyed) as object } };
  const made = await api.ask("POST", "/api/v1/namespaces", { body });
  if (made.code === 201) {
    const account = { body: { metadata: { name: "default" } } };
    assert.equal((await api.ask("POST", `/api/v1/namespaces/${name}/serviceaccounts`, account)).code, 201);
  }
  return made;
}

const hardened: Partial<PodSpec> = {
  volumes: [
    { name: "empty", emptyDir: {} },
    { name: "map", configMap: { name: "m" } },
  ],
  containers: [
    {
      name: "c",
      image: "i",
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      },
    },
  ],
};

function pod(name: string, spec: Partial<PodSpec> = {}): Pod {
  return { metadata: { name }, spec: { containers: [{ name: "c", image: "i" }], ...spec } };
}

const createPod = (scope: string, body: Pod, headers: Record<string, string> = {}) =>
  api.ask("POST", `/api/v1/namespaces/${scope}/pods`, { body, headers });

function warningsOf({ headers }: ApiAnswer): string[] {
  const text = [headers["warning"] ?? []].flat().join(", ");
  return [...text.matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map(([, quoted = ""]) => quoted.replace(/\\(.)/g, "$1"));
}

suite("levels", () => {
  test("what a namespace enforces is refused with upstream's Status", async () => {
    await namespace("strict", { enforce: "restricted", "enforce-version": "v1.36" });
    const refused = await createPod("strict", pod("p"));
    const message =
      'pods "p" is forbidden: violates PodSecurity "restricted:v1.36": ' +
      'allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), ' +
      'unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]), ' +
      'runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), ' +
      'seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")';
    assert.deepEqual(JSON.parse(refused.text), {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      reason: "Forbidden",
      details: { name: "p", kind: "pods" },
      code: 403,
    });
    assert.equal((await createPod("strict", pod("p", hardened))).code, 201);
    const dry = await api.ask("POST", "/api/v1/namespaces/strict/pods?dryRun=All", { body: pod("dry") });
    assert.equal(dry.code, 403);
  });

  test("levels differ in what they allow", async () => {
    await namespace("middle", { enforce: "baseline" });
    await namespace("open", { enforce: "privileged", warn: "privileged" });
    const host = pod("host", { hostNetwork: true });
    assert.equal((await createPod("middle", pod("plain"))).code, 201);
    assert.match((await createPod("middle", host)).text, /host namespaces \(hostNetwork=true\)/);
    const allowed = await createPod("open", host);
    assert.deepEqual([allowed.code, warningsOf(allowed)], [201, []]);
  });

  test("a deployment whose pods will not be let in is let in with a warning", async () => {
    const template = { metadata: { labels: { a: "b" } }, spec: pod("t", { hostPID: true }).spec };
    const body = { metadata: { name: "d" }, spec: { selector: { matchLabels: { a: "b" } }, template } };
    const made = await api.ask("POST", "/apis/apps/v1/namespaces/middle/deployments", { body });
    assert.equal(made.code, 201);
    assert.deepEqual(warningsOf(made), ['would violate PodSecurity "baseline:v1.36": host namespaces (hostPID=true)']);
  });

  test("the server's defaults hold where a namespace says nothing", async () => {
    await namespace("silent");
    const made = await createPod("silent", pod("p", { hostIPC: true }));
    assert.equal(made.code, 201);
    assert.deepEqual(warningsOf(made), ['would violate PodSecurity "baseline:v1.36": host namespaces (hostIPC=true)']);
  });
});

suite("routes to a pod", () => {
  test("an ephemeral container is judged as others are", async () => {
    await namespace("debug", { enforce: "baseline" });
    assert.equal((await createPod("debug", pod("p"))).code, 201);
    const patch = (securityContext: object) =>
      api.ask("PATCH", "/api/v1/namespaces/debug/pods/p/ephemeralcontainers", {
        headers: { "Content-Type": "application/strategic-merge-patch+json" },
        body: JSON.stringify({ spec: { ephemeralContainers: [{ name: "e", image: "i", securityContext }] } }),
      });
    const refused = await patch({ privileged: true });
    assert.equal(refused.code, 403);
    assert.match(
      (JSON.parse(refused.text) as Status).message ?? "",
      /violates PodSecurity "baseline:latest": privileged \(container "e" must not set securityContext.privileged=true\)/,
    );
    assert.equal((await patch({})).code, 200);
  });

  test("who is exempt is not judged", async () => {
    const made = await namespace("exempt", { enforce: "restricted" });
    assert.deepEqual(warningsOf(made), [
      'namespace "exempt" is exempt from Pod Security, and the policy (enforce=restricted:latest) will be ignored',
    ]);
    assert.equal((await createPod("exempt", pod("p", { hostNetwork: true }))).code, 201);
    await namespace("users", { enforce: "baseline" });
    const grant = {
      metadata: { name: "trusted" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "trusted" }],
    };
    const bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
    assert.equal((await api.ask("POST", bindings, { body: grant })).code, 201);
    const host = pod("p", { hostNetwork: true });
    assert.equal((await createPod("users", host)).code, 403);
    assert.equal((await createPod("users", host, { "Impersonate-User": "trusted" })).code, 201);
  });
});

suite("namespaces", () => {
  test("labels have to be right", async () => {
    const refused = await namespace("wrong", { enforce: "strict", "warn-version": "1.30" });
    assert.equal(refused.code, 422);
    const { message, details } = JSON.parse(refused.text) as Status;
    assert.match(
      message ?? "",
      /^Namespace "wrong" is invalid: \[metadata.labels\[pod-security.kubernetes.io\/enforce\]: Invalid value: "strict": must be one of privileged, baseline, restricted, metadata.labels\[pod-security.kubernetes.io\/warn-version\]: Invalid value: "1.30": must be "latest" or "v1.x"\]$/,
    );
    assert.equal(details?.causes?.length, 2);
  });

  test("who tightens a level hears of the pods that will not keep to it", async () => {
    await namespace("tightened");
    for (const name of ["b", "a", "c"]) {
      assert.equal((await createPod("tightened", pod(name, { hostNetwork: true }))).code, 201);
    }
    assert.equal((await createPod("tightened", pod("fine"))).code, 201);
    const label = (level: string) =>
      api.ask("PATCH", "/api/v1/namespaces/tightened", {
        headers: { "Content-Type": "application/merge-patch+json" },
        body: JSON.stringify({ metadata: { labels: { "pod-security.kubernetes.io/enforce": level } } }),
      });
    const tightened = await label("baseline");
    assert.equal(tightened.code, 200);
    assert.deepEqual(warningsOf(tightened), [
      'existing pods in namespace "tightened" violate the new PodSecurity enforce level "baseline:latest"',
      "a (and 2 other pods): host namespaces",
    ]);
    assert.deepEqual(warningsOf(await label("privileged")), []);
  });
});

test("verdicts are counted", async () => {
  const { text } = await api.ask("GET", "/metrics");
  assert.match(
    text,
    /pod_security_evaluations_total\{decision="deny",policy_level="restricted",policy_version="v1.36",mode="enforce",request_operation="create",resource="pod",subresource=""\} 2/,
  );
  assert.match(text, /pod_security_exemptions_total\{request_operation="create",resource="pod",subresource=""\} 2/);
});
