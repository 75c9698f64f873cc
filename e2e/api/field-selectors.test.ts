import assert from "node:assert/strict";
import { test } from "node:test";
import type { Status } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { ApiRequests } from "../harness/api-requests.ts";
import { KubectlOnServer } from "../harness/kubectl-on-server.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

const server = serverForTests();
const api = new ApiRequests(server);
const kubectl = new KubectlOnServer(server);

const unknown = (field: string) =>
  `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
const unsupported = (field: string) => `field label not supported: ${field}`;

test("a field that a kind does not have is refused in upstream's words", async () => {
  for (const [path, message] of [
    ["/api/v1/pods", unsupported("spec.x")],
    ["/api/v1/namespaces/default/pods", unsupported("spec.x")],
    ["/api/v1/nodes", unsupported("spec.x")],
    ["/api/v1/namespaces", unsupported("spec.x")],
    ["/api/v1/secrets", unsupported("spec.x")],
    ["/api/v1/services", unsupported("spec.x")],
    ["/api/v1/replicationcontrollers", unsupported("spec.x")],
    ["/api/v1/events", unsupported("spec.x")],
    ["/apis/events.k8s.io/v1/events", unsupported("spec.x")],
    ["/apis/certificates.k8s.io/v1/certificatesigningrequests", unsupported("spec.x")],
    ["/apis/batch/v1/jobs", 'field label "spec.x" not supported for batchv1.Job'],
    ["/apis/batch/v1/cronjobs", unknown("spec.x")],
    [
      "/apis/resource.k8s.io/v1/resourceslices",
      "field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: spec.x",
    ],
    ["/api/v1/configmaps", unknown("spec.x")],
    ["/api/v1/persistentvolumes", unknown("spec.x")],
    ["/api/v1/componentstatuses", unknown("spec.x")],
    ["/apis/apps/v1/deployments", unknown("spec.x")],
    ["/apis/networking.k8s.io/v1/ingresses", unknown("spec.x")],
    ["/apis/rbac.authorization.k8s.io/v1/clusterroles", unknown("spec.x")],
  ] as const) {
    for (const query of ["fieldSelector=spec.x%3D1", "fieldSelector=metadata.name%3Da,spec.x!%3D1&watch=true"]) {
      if (path.endsWith("componentstatuses") && query.includes("watch")) continue;
      const status = await api.json<Status>("GET", `${path}?${query}`);
      assert.deepEqual([status.code, status.reason, status.message], [400, "BadRequest", message], `${path}?${query}`);
    }
  }
  const many = await api.json<Status>("DELETE", "/api/v1/namespaces/default/pods?fieldSelector=spec.x%3D1");
  assert.deepEqual([many.code, many.message], [400, unsupported("spec.x")]);
});

test("kubectl says what it looked for, too", async () => {
  const { stderr } = await kubectl.attempt(["get", "pods", "--field-selector", "foo.bar=baz"]);
  assert.equal(
    stderr.trim(),
    'Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector "", field selector "foo.bar=baz": field label not supported: foo.bar',
  );
});

test("metadata can be selected by in every kind; old names of fields still work", async () => {
  const names = async (path: string) => {
    const { items } = await api.json<{ items: KubeObject[] }>("GET", path);
    return items.map(({ metadata }) => metadata.name);
  };
  await api.ask("POST", "/api/v1/persistentvolumes", {
    body: {
      metadata: { name: "disk" },
      spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/disk" } },
    },
  });
  const volumes = "/api/v1/persistentvolumes";
  assert.deepEqual(await names(`${volumes}?fieldSelector=metadata.name%3Ddisk`), ["disk"]);
  assert.deepEqual(await names(`${volumes}?fieldSelector=metadata.namespace%3Ddefault`), []);
  assert.deepEqual(await names(`${volumes}?fieldSelector=metadata.namespace%3D`), ["disk"]);
  assert.deepEqual(await names(`${volumes}?fieldSelector=metadata.namespace!%3Ddefault`), ["disk"]);
  const pod = (name: string, nodeName?: string) => ({
    metadata: { name },
    spec: {
      automountServiceAccountToken: false,
      containers: [{ name: "c", image: "i" }],
      ...(nodeName && { nodeName }),
    },
  });
  await api.ask("POST", "/api/v1/namespaces/default/serviceaccounts", { body: { metadata: { name: "default" } } });
  for (const body of [pod("free"), pod("bound", "n1")]) {
    assert.equal((await api.ask("POST", "/api/v1/namespaces/default/pods", { body })).code, 201);
  }
  assert.deepEqual(await names("/api/v1/pods?fieldSelector=spec.host%3Dn1"), ["bound"]);
  assert.deepEqual(await names("/api/v1/pods?fieldSelector=spec.host%3Dn1,spec.nodeName%3Dn1"), ["bound"]);
  assert.deepEqual(await names("/api/v1/pods?fieldSelector=status.podIPs%3D10.0.0.1"), []);
  assert.deepEqual(await names("/api/v1/pods?fieldSelector=metadata.namespace%3D"), []);
});
