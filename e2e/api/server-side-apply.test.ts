import assert from "node:assert/strict";
import { test } from "node:test";
import type { Deployment } from "@kube-ts/api/apps/v1";
import type { ConfigMap, Service } from "@kube-ts/api/core/v1";
import type { ManagedFieldsEntry } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { ApiRequests } from "../harness/api-requests.ts";
import { KubectlOnServer } from "../harness/kubectl-on-server.ts";
import type { CommandResult } from "../harness/kubectl.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

const server = serverForTests();
const api = new ApiRequests(server);
const kubectl = new KubectlOnServer(server);

function get<T extends KubeObject>(kind: string, name: string): Promise<T> {
  return kubectl.json(`get ${kind} ${name} --show-managed-fields`);
}

function apply(object: unknown, ...flags: readonly string[]): Promise<CommandResult> {
  return kubectl.attempt(["apply", "--server-side", "-f", "-", ...flags], JSON.stringify(object));
}

async function applied(object: unknown, ...flags: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await apply(object, ...flags);
  assert.equal(code, 0, stderr);
  return stdout;
}

/** Who owns what: `manager/operation[/subresource]` to the fields. */
function owners({ metadata }: KubeObject): Record<string, unknown> {
  return Object.fromEntries(
    (metadata.managedFields ?? []).map((entry: ManagedFieldsEntry) => [
      [entry.manager, entry.operation, ...(entry.subresource ? [entry.subresource] : [])].join("/"),
      entry.fieldsV1,
    ]),
  );
}

const deployment = (name: string, spec: object = {}, container: object = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, labels: { app: name } },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "web", image: "web:v1", ...container }] },
    },
    ...spec,
  },
});

test("apply creates, changes and removes fields", async () => {
  const configMap = (data: object) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "plain" }, data });
  assert.match(await applied(configMap({ a: "1", b: "2" })), /configmap\/plain serverside-applied/);
  const created = await get<ConfigMap & KubeObject>("configmap", "plain");
  assert.deepEqual(owners(created), { "kubectl/Apply": { "f:data": { "f:a": {}, "f:b": {} } } });
  await applied(configMap({ b: "3" }));
  const changed = await get<ConfigMap & KubeObject>("configmap", "plain");
  assert.deepEqual(changed.data, { b: "3" });
  assert.deepEqual(owners(changed), { "kubectl/Apply": { "f:data": { "f:b": {} } } });
  await applied(configMap({ b: "3" }));
  const same = await get<ConfigMap & KubeObject>("configmap", "plain");
  assert.equal(same.metadata.resourceVersion, changed.metadata.resourceVersion, "an apply without changes writes");
});

test("an apply whose values only look different is not written", async () => {
  const object = deployment("spelled", { replicas: 1 }, { resources: { requests: { cpu: 0.5, memory: "1024Mi" } } });
  await applied(object);
  const first = await get<Deployment & KubeObject>("deployment", "spelled");
  assert.deepEqual(first.spec.template.spec?.containers?.[0]?.resources?.requests, { cpu: "500m", memory: "1Gi" });
  await applied(object);
  assert.equal((await get("deployment", "spelled")).metadata.resourceVersion, first.metadata.resourceVersion);
});

test("what others own is a conflict until it is forced", async () => {
  await kubectl.run("create deployment fought --image=web:v1 --replicas=2");
  const wanted = { ...deployment("fought"), spec: { replicas: 3 } };
  const refused = await apply(wanted, "--field-manager=second", "--validate=false");
  assert.equal(refused.code, 1);
  assert.match(
    refused.stderr,
    /Apply failed with 1 conflict: conflict with "kubectl-create" using apps\/v1: \.spec\.replicas/,
  );
  assert.equal((await get<Deployment & KubeObject>("deployment", "fought")).spec.replicas, 2);
  await applied(wanted, "--field-manager=second", "--validate=false", "--force-conflicts");
  const taken = await get<Deployment & KubeObject>("deployment", "fought");
  assert.equal(taken.spec.replicas, 3);
  assert.deepEqual(owners(taken)["second/Apply"], {
    "f:metadata": { "f:labels": { "f:app": {} } },
    "f:spec": { "f:replicas": {} },
  });
  const spec = (owners(taken)["kubectl-create/Update"] as Record<string, Record<string, unknown>>)["f:spec"];
  assert.equal(spec?.["f:replicas"], undefined);
});

test("two managers share lists of containers and ports", async () => {
  await applied(deployment("shared", {}, { ports: [{ containerPort: 80 }] }), "--field-manager=one");
  const second = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "shared" },
    spec: {
      template: {
        spec: {
          containers: [
            { name: "web", ports: [{ containerPort: 80, protocol: "UDP" }] },
            { name: "sidecar", image: "side:v1" },
          ],
        },
      },
    },
  };
  await applied(second, "--field-manager=two", "--validate=false");
  const both = await get<Deployment & KubeObject>("deployment", "shared");
  const containers = both.spec.template.spec?.containers ?? [];
  assert.deepEqual(
    containers.map(({ name, ports }) => [name, ports]),
    [
      [
        "web",
        [
          { containerPort: 80, protocol: "TCP" },
          { containerPort: 80, protocol: "UDP" },
        ],
      ],
      ["sidecar", undefined],
    ],
  );
  // One gives up what only he owns: the other's stays.
  const less = structuredClone(second);
  less.spec.template.spec.containers = [{ name: "sidecar", image: "side:v1" }];
  await applied(less, "--field-manager=two", "--validate=false");
  const left = await get<Deployment & KubeObject>("deployment", "shared");
  assert.deepEqual(left.spec.template.spec?.containers?.[0]?.ports, [{ containerPort: 80, protocol: "TCP" }]);
  assert.equal(left.spec.template.spec?.containers?.length, 2);
});

test("client-side apply turns into server-side apply", async () => {
  const object = deployment("moved", { replicas: 1 });
  await kubectl.run("apply -f -", JSON.stringify(object));
  const before = await get("deployment", "moved");
  assert.deepEqual(Object.keys(owners(before)), ["kubectl-client-side-apply/Update"]);
  await applied({ ...object, spec: { ...object.spec, replicas: 2 } });
  const moved = await get<Deployment & KubeObject>("deployment", "moved");
  assert.equal(moved.spec.replicas, 2);
  assert.ok("kubectl/Apply" in owners(moved), JSON.stringify(owners(moved)));
  // What had come from the client's side and is not applied any more goes.
  const bare = structuredClone(object) as { metadata: { labels?: object } };
  delete bare.metadata.labels;
  await applied(bare);
  assert.equal((await get("deployment", "moved")).metadata.labels, undefined);
});

test("status and scale are written as themselves", async () => {
  await applied(deployment("parts", { replicas: 1 }), "--field-manager=owner");
  const status = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "parts" },
    status: { observedGeneration: 1, replicas: 1 },
  };
  await applied(status, "--subresource=status", "--field-manager=controller", "--validate=false");
  await kubectl.run("scale deployment parts --replicas=4");
  const parts = await get<Deployment & KubeObject>("deployment", "parts");
  assert.equal(parts.spec.replicas, 4);
  assert.equal(parts.status?.observedGeneration, 1);
  assert.deepEqual(owners(parts)["controller/Apply/status"], {
    "f:status": { "f:observedGeneration": {}, "f:replicas": {} },
  });
  assert.deepEqual(owners(parts)["kubectl/Update/scale"], { "f:spec": { "f:replicas": {} } });
  const refused = await apply(deployment("parts", { replicas: 2 }), "--field-manager=owner");
  assert.match(refused.stderr, /conflict with "kubectl" with subresource "scale" using apps\/v1: \.spec\.replicas/);
});

test("bad requests say what upstream says", async () => {
  const unknown = await apply({ ...deployment("bad"), spec: { replicaz: 1 } }, "--validate=false");
  assert.match(
    unknown.stderr,
    /Error from server: failed to create typed patch object \(default\/bad; apps\/v1, Kind=Deployment\): \.spec\.replicaz: field not declared in schema/,
  );
  const twice = deployment(
    "bad",
    {},
    {
      env: [
        { name: "A", value: "1" },
        { name: "A", value: "2" },
      ],
    },
  );
  assert.match((await apply(twice)).stderr, /containers\[name="web"\]\.env: duplicate entries for key \[name="A"\]/);
  const nameless = deployment("bad", {}, { env: [{ value: "1" }] });
  assert.match(
    (await apply(nameless, "--validate=false")).stderr,
    /env: element 0: associative list with keys has an element that omits all key fields \["name"\]/,
  );
});

test("dry run shows the outcome and stores nothing", async () => {
  const output = await applied(deployment("dry"), "--dry-run=server");
  assert.match(output, /deployment\.apps\/dry serverside-applied \(server dry run\)/);
  assert.equal((await kubectl.attempt(["get", "deployment", "dry"])).code, 1);
});

test("updates are recorded with their manager, and reset when asked", async () => {
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "svc" },
    spec: { ports: [{ port: 80 }], selector: { a: "b" } },
  };
  await kubectl.create(service);
  await kubectl.patch("service svc --type=merge", { metadata: { labels: { x: "1" } } });
  const object = await get<Service & KubeObject>("service", "svc");
  assert.deepEqual(Object.keys(owners(object)), ["kubectl-create/Update", "kubectl-patch/Update"]);
  assert.deepEqual(owners(object)["kubectl-create/Update"], {
    "f:spec": {
      "f:internalTrafficPolicy": {},
      "f:ports": {
        ".": {},
        'k:{"port":80,"protocol":"TCP"}': { ".": {}, "f:port": {}, "f:protocol": {}, "f:targetPort": {} },
      },
      "f:selector": {},
      "f:sessionAffinity": {},
      "f:type": {},
    },
  });
  assert.deepEqual(owners(object)["kubectl-patch/Update"], { "f:metadata": { "f:labels": { ".": {}, "f:x": {} } } });
  await kubectl.patch("service svc --type=merge", { metadata: { managedFields: [{}] } });
  assert.equal((await get("service", "svc")).metadata.managedFields, undefined);
  await applied({ ...service, spec: { ...service.spec, sessionAffinity: "None" } });
  const after = await get("service", "svc");
  assert.ok("before-first-apply/Update" in owners(after), JSON.stringify(owners(after)));
});

test("versions of one object share their managers", async () => {
  const scaler = (version: "v1" | "v2", spec: object) => ({
    apiVersion: `autoscaling/${version}`,
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "both" },
    spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, maxReplicas: 3, ...spec },
  });
  await applied(scaler("v2", { minReplicas: 2 }), "--field-manager=new");
  const other = scaler("v1", { maxReplicas: 5, targetCPUUtilizationPercentage: 50 });
  const refused = await apply(other, "--field-manager=old");
  assert.match(refused.stderr, /Apply failed with 1 conflict: conflict with "new": \.spec\.maxReplicas/);
  await applied(other, "--field-manager=old", "--force-conflicts");
  const { metadata } = await get("horizontalpodautoscalers.v2.autoscaling", "both");
  assert.deepEqual(
    metadata.managedFields?.map(({ manager, apiVersion }) => [manager, apiVersion]),
    [
      ["new", "autoscaling/v2"],
      ["old", "autoscaling/v1"],
    ],
  );
  // Given up in its own version, what nobody else owns goes.
  await applied(scaler("v1", { maxReplicas: 5 }), "--field-manager=old");
  const left = await get<KubeObject & { spec: { metrics?: unknown; minReplicas?: number } }>(
    "horizontalpodautoscalers.v2.autoscaling",
    "both",
  );
  assert.equal(left.spec.minReplicas, 2);
});

test("preconditions hold, and creating by apply needs a name that fits", async () => {
  const object = (metadata: object) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "held", ...metadata },
    data: { a: "1" },
  });
  assert.match(
    (await apply(object({ uid: "11111111-1111-1111-1111-111111111111" }))).stderr,
    /uid mismatch: the provided object specified uid 11111111-1111-1111-1111-111111111111, and no existing object was found/,
  );
  await applied(object({}));
  const stale = await apply({ ...object({ resourceVersion: "1" }), data: { a: "2" } });
  assert.match(stale.stderr, /the object has been modified; please apply your changes to the latest version/);
  const wrong = await apply({ ...object({ uid: "11111111-1111-1111-1111-111111111111" }), data: { a: "2" } });
  assert.match(wrong.stderr, /Precondition failed: UID in precondition: 11111111-1111-1111-1111-111111111111/);
});

interface Answer {
  readonly code: number;
  readonly body: {
    readonly message?: string;
    readonly reason?: string;
    readonly details?: { readonly causes?: unknown };
  };
}

async function patch(path: string, contentType: string, body: string): Promise<Answer> {
  const { code, text } = await api.ask("PATCH", path, { headers: { "Content-Type": contentType }, body });
  return { code, body: JSON.parse(text) as Answer["body"] };
}

test("the wire of apply is upstream's", async () => {
  const path = "/api/v1/namespaces/default/configmaps/wire";
  const applyType = "application/apply-patch+yaml";
  const body = (data: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: wire\ndata:\n  a: "${data}"\n`;
  const cases: [string, string, string, number, string][] = [
    [
      path,
      applyType,
      body("1"),
      422,
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    ],
    [
      `${path}?fieldManager=m&force=true`,
      "application/merge-patch+json",
      "{}",
      422,
      'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
    ],
    [
      `${path}?fieldManager=${"m".repeat(129)}`,
      applyType,
      body("1"),
      422,
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes',
    ],
    [
      `${path}?fieldManager=m`,
      applyType,
      "a: b: c",
      400,
      "error decoding YAML: error converting YAML to JSON: yaml: line 1: mapping values are not allowed in this context",
    ],
    [`${path}?fieldManager=m`, applyType, "kind: Secret\napiVersion: v1", 400, "invalid object type: /v1, Kind=Secret"],
    [`${path}?fieldManager=m`, applyType, "{}", 400, "invalid object type: /, Kind="],
    [
      `${path}?fieldManager=m`,
      applyType,
      `${body("1")}  a: "2"\n`,
      400,
      'error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line 7: key "a" already set in map',
    ],
    [
      `${path}?fieldManager=m`,
      applyType,
      body("1").replace("name: wire", "name: other"),
      400,
      "the name of the object (other) does not match the name on the URL (wire)",
    ],
    [
      `${path}?fieldManager=m`,
      applyType,
      body("1").replace("  name: wire", "  labels: {}"),
      400,
      "the name of the object (wire based on URL) was undeterminable: name must be provided",
    ],
    [
      `${path}?fieldManager=m`,
      applyType,
      body("1").replace("name: wire", "name: wire\n  managedFields: []"),
      400,
      "metadata.managedFields must be nil",
    ],
  ];
  for (const [url, type, text, code, message] of cases) {
    const strict = url.includes("?") ? `${url}&fieldValidation=Strict` : url;
    const answer = await patch(strict, type, text);
    assert.deepEqual([answer.code, answer.body.message], [code, message]);
  }
  assert.equal((await patch(`${path}?fieldManager=m`, "application/apply-patch+cbor", "x")).code, 415);
  assert.equal((await patch(`${path}?fieldManager=m`, applyType, body("1"))).code, 201);
  assert.equal((await patch(`${path}?fieldManager=m`, applyType, body("1"))).code, 200);
  const conflict = await patch(`${path}?fieldManager=n`, applyType, body("2"));
  assert.equal(conflict.code, 409);
  assert.equal(conflict.body.reason, "Conflict");
  assert.equal(conflict.body.message, 'Apply failed with 1 conflict: conflict with "m": .data.a');
  assert.deepEqual(conflict.body.details?.causes, [
    { reason: "FieldManagerConflict", message: 'conflict with "m"', field: ".data.a" },
  ]);
  assert.equal((await patch(`${path}?fieldManager=n&force=true`, applyType, body("2"))).code, 200);
});

test("who may only patch cannot create by applying", async () => {
  await kubectl.run("create role patcher --verb=get,patch --resource=configmaps");
  await kubectl.run("create rolebinding patcher --role=patcher --user=pat");
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "guarded" }, data: { a: "1" } };
  const refused = await apply(object, "--as=pat", "--validate=false");
  assert.match(
    refused.stderr,
    /configmaps "guarded" is forbidden: User "pat" cannot create resource "configmaps" in API group "" in the namespace "default"/,
  );
  await applied(object);
  await applied({ ...object, data: { a: "1", b: "2" } }, "--as=pat", "--field-manager=pat", "--validate=false");
});

test("custom resources are applied by their schema, over versions and to their scale", async () => {
  const schema = {
    type: "object",
    properties: {
      spec: {
        type: "object",
        properties: {
          size: { type: "integer" },
          parts: {
            type: "array",
            items: {
              type: "object",
              properties: { name: { type: "string" }, weight: { type: "integer" } },
              required: ["name"],
            },
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["name"],
          },
          notes: { type: "array", items: { type: "string" } },
          free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        },
      },
      status: { type: "object", properties: { size: { type: "integer" } } },
    },
  };
  const version = (name: string, storage: boolean) => ({
    name,
    served: true,
    storage,
    schema: { openAPIV3Schema: schema },
    subresources: { status: {}, scale: { specReplicasPath: ".spec.size", statusReplicasPath: ".status.size" } },
  });
  const definition = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "things.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "things", singular: "thing", kind: "Thing", listKind: "ThingList" },
      versions: [version("v1", true), version("v2", false)],
    },
  };
  await applied(definition);
  await kubectl.run("wait --for=condition=Established crd/things.example.com --timeout=20s");
  const thing = (name: string, spec: object) => ({
    apiVersion: `example.com/${name}`,
    kind: "Thing",
    metadata: { name: "t" },
    spec,
  });
  const part = (name: string, weight?: number) => ({ name, ...(weight !== undefined && { weight }) });
  await applied(
    thing("v1", { size: 1, parts: [part("a", 1)], notes: ["x"], free: { k: { l: 1 } } }),
    "--field-manager=one",
  );
  await applied(thing("v2", { parts: [part("b", 2)], free: { k: { m: 2 } } }), "--field-manager=two");
  type Thing = KubeObject & { spec: Record<string, unknown> };
  const both = await get<Thing>("things.v1.example.com", "t");
  assert.deepEqual(both.spec, {
    size: 1,
    parts: [part("a", 1), part("b", 2)],
    notes: ["x"],
    free: { k: { l: 1, m: 2 } },
  });
  assert.match(
    (await apply(thing("v2", { notes: ["y"], parts: [part("a", 5)] }), "--field-manager=two")).stderr,
    /Apply failed with 2 conflicts: conflicts with "one":\n- \.spec\.notes\n- \.spec\.parts\[name="a"\]\.weight/,
  );
  assert.match(
    (await apply(thing("v1", { sise: 1 }), "--validate=false", "--field-manager=one")).stderr,
    /failed to create typed patch object \(default\/t; example\.com\/v1, Kind=Thing\): \.spec\.sise: field not declared in schema/,
  );
  await kubectl.run("scale thing t --replicas=3");
  const scaled = await get<Thing>("things.v1.example.com", "t");
  assert.equal(scaled.spec["size"], 3);
  assert.deepEqual(owners(scaled)["kubectl/Update/scale"], { "f:spec": { "f:size": {} } });
  // One gives all up but the size, which now is the scaler's.
  await applied(thing("v1", { size: 3 }), "--field-manager=one");
  const left = await get<Thing>("things.v1.example.com", "t");
  assert.deepEqual(left.spec, { size: 3, parts: [part("b", 2)], free: { k: { m: 2 } } });
});
