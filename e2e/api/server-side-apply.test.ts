import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Deployment } from "@kube-ts/api/apps/v1";
import type { ConfigMap, Service } from "@kube-ts/api/core/v1";
import type { ManagedFieldsEntry } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { startServer } from "../../bench/api-server-process.ts";
import type { ServerUnderTest } from "../../bench/api-server-process.ts";
import { upstreamKubectl } from "../harness/upstream-kubectl.ts";

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let server: ServerUnderTest;
let directory: string;
let kubeconfig: string;

before(async () => {
  server = await startServer();
  directory = mkdtempSync(join(tmpdir(), "kube-ts-apply-"));
  kubeconfig = join(directory, "config");
  const user = { "client-certificate": server.admin.cert, "client-key": server.admin.key };
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "c", cluster: { server: server.url, "certificate-authority": server.ca } }],
      users: [{ name: "admin", user }],
      contexts: [{ name: "x", context: { cluster: "c", user: "admin" } }],
      "current-context": "x",
    }),
  );
});

after(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

function attempt(args: readonly string[], input?: string): Promise<Result> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, KUBECONFIG: kubeconfig, HOME: directory }, timeout: 60_000 };
    const child = execFile(upstreamKubectl(), [...args], options, (error, stdout, stderr) => {
      resolve({ code: error ? (typeof error.code === "number" ? error.code : 1) : 0, stdout, stderr });
    });
    child.stdin?.end(input ?? "");
  });
}

async function kubectl(args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await attempt(args, input);
  assert.equal(code, 0, `kubectl ${args.join(" ")}: ${stderr}${stdout}`);
  return stdout;
}

async function get<T extends KubeObject>(kind: string, name: string): Promise<T> {
  return JSON.parse(await kubectl(["get", kind, name, "-o", "json", "--show-managed-fields"])) as T;
}

function apply(object: unknown, ...flags: readonly string[]): Promise<Result> {
  return attempt(["apply", "--server-side", "-f", "-", ...flags], JSON.stringify(object));
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

test("what others own is a conflict until it is forced", async () => {
  await kubectl(["create", "deployment", "fought", "--image=web:v1", "--replicas=2"]);
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
  await kubectl(["apply", "-f", "-"], JSON.stringify(object));
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
  await kubectl(["scale", "deployment", "parts", "--replicas=4"]);
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
  assert.equal((await attempt(["get", "deployment", "dry"])).code, 1);
});

test("updates are recorded with their manager, and reset when asked", async () => {
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "svc" },
    spec: { ports: [{ port: 80 }], selector: { a: "b" } },
  };
  await kubectl(["create", "-f", "-"], JSON.stringify(service));
  await kubectl(["patch", "service", "svc", "--type=merge", "-p", '{"metadata":{"labels":{"x":"1"}}}']);
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
  await kubectl(["patch", "service", "svc", "--type=merge", "-p", '{"metadata":{"managedFields":[{}]}}']);
  assert.equal((await get("service", "svc")).metadata.managedFields, undefined);
  await applied({ ...service, spec: { ...service.spec, sessionAffinity: "None" } });
  const after = await get("service", "svc");
  assert.ok("before-first-apply/Update" in owners(after), JSON.stringify(owners(after)));
});
