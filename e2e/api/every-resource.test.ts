import "reflect-metadata";
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { suite, test } from "node:test";
import { Pkcs10CertificateRequestGenerator } from "@peculiar/x509";
import type { Table } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { openEnvelope } from "@kube-ts/api/protobuf/envelope";
import { ApiRequests, type RequestOptions } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";
import { sampleObjects } from "../harness/sample-objects.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

// What conformance asks of the operations of each API, asked of every resource that is stored.

const server = serverForTests();
const api = new ApiRequests(server);

interface ServedResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

interface Sampled extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string }[] };
  readonly spec?: Readonly<Record<string, unknown>>;
}

interface ListBody {
  readonly kind: string;
  readonly items: readonly Sampled[];
  readonly metadata: { readonly resourceVersion?: string };
}

const types = {
  merge: "application/merge-patch+json",
  json: "application/json-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
} as const;

const namespace = "every-resource";
/** Kinds whose objects may have names that are nobody's choice. */
const names: Readonly<Record<string, (index: number) => string>> = {
  customresourcedefinitions: () => "samples.customresourcedefinitions.example.com",
  apiservices: () => "v1.apiservices.example.com",
  ipaddresses: (index) => `10.0.200.${index + 1}`,
};
/** Kinds of which a second object of the sample would be in the way of the first. */
const only = new Set(["customresourcedefinitions", "apiservices"]);
/** Kinds whose deletion takes somebody who is not here: what holds them is taken away. */
const held = new Set([
  "namespaces",
  "servicecidrs",
  "persistentvolumes",
  "persistentvolumeclaims",
  "customresourcedefinitions",
  "pods",
  "replicationcontrollers",
  "jobs",
  "volumeattributesclasses",
]);

async function signingRequest(): Promise<string> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const parts = { name: "CN=sample", keys, signingAlgorithm: algorithm };
  const request = await Pkcs10CertificateRequestGenerator.create(parts, webcrypto);
  return Buffer.from(request.toString("pem")).toString("base64");
}

async function ok<T>(method: string, path: string, code = 200, options: RequestOptions = {}): Promise<T> {
  const answer = await api.ask(method, path, options);
  assert.equal(answer.code, code, `${method} ${path}: ${answer.text}`);
  return JSON.parse(answer.text) as T;
}

function patched<T>(path: string, type: keyof typeof types, change: unknown): Promise<T> {
  const body = JSON.stringify(change);
  return ok<T>("PATCH", path, 200, { body, headers: { "Content-Type": types[type] } });
}

/** Kinds on whose objects the server itself writes. */
const attended = new Set([
  "apiservices",
  "customresourcedefinitions",
  "flowschemas",
  "servicecidrs",
  "validatingadmissionpolicies",
]);

/** The object, once nobody writes on it any more. */
async function settled({ path, resource }: Subject, name: string): Promise<Sampled> {
  let last = await ok<Sampled>("GET", `${path}/${name}`);
  if (!attended.has(resource.name)) return last;
  let quiet = 0;
  // Each probe is a moment later.
  await eventually("nobody writes", async () => {
    const before = last;
    last = await ok<Sampled>("GET", `${path}/${name}`);
    const isSame = last.metadata.resourceVersion === before.metadata.resourceVersion;
    quiet = isSame && last.status !== undefined ? quiet + 1 : 0;
    return quiet > 2;
  });
  return last;
}

/** One resource with a sample of its objects. */
interface Subject {
  readonly version: string;
  readonly resource: ServedResource;
  readonly subresources: ReadonlySet<string>;
  /** Where the objects are. */
  readonly path: string;
  /** Where those of all namespaces are. */
  readonly everywhere: string;
  make(index: number): Sampled;
}

async function subjects(): Promise<Subject[]> {
  const samples = sampleObjects(await signingRequest());
  const groups = await ok<{
    groups: { preferredVersion: { groupVersion: string }; versions: { groupVersion: string }[] }[];
  }>("GET", "/apis");
  const versions = ["v1", ...groups.groups.flatMap((group) => group.versions.map(({ groupVersion }) => groupVersion))];
  const found: Subject[] = [];
  for (const version of versions) {
    const root = version === "v1" ? "/api/v1" : `/apis/${version}`;
    const { resources } = await ok<{ resources: readonly ServedResource[] }>("GET", root);
    for (const resource of resources) {
      if (!resource.verbs.includes("create") || !resource.verbs.includes("watch")) continue;
      const { name, kind, namespaced } = resource;
      const key = `${version === "v1" ? "/v1" : version}/${name}`;
      const sample = samples[key];
      assert.ok(sample, `there is no sample of ${key}`);
      const text = JSON.stringify(sample).replaceAll("NAMESPACE", namespace).replaceAll("PLURAL", name);
      const subresources = resources.map((each) => each.name).filter((each) => each.startsWith(`${name}/`));
      found.push({
        version,
        resource,
        subresources: new Set(subresources.map((each) => each.slice(name.length + 1))),
        path: namespaced ? `${root}/namespaces/${namespace}/${name}` : `${root}/${name}`,
        everywhere: `${root}/${name}`,
        make: (index) => ({
          ...(JSON.parse(text) as object),
          kind,
          apiVersion: version,
          metadata: { name: names[name]?.(index) ?? `sample-${index}`, labels: { sample: "yes" } },
        }),
      });
    }
  }
  return found;
}

/** The watch of a collection: what it told so far. */
async function follow(path: string): Promise<{ told: () => string[]; [Symbol.dispose](): void }> {
  const answer = await api.open("GET", path);
  assert.equal(answer.statusCode, 200);
  let text = "";
  answer.on("data", (chunk: Buffer) => (text += chunk.toString()));
  answer.on("error", () => undefined);
  const told = () =>
    text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { type: string; object: Sampled })
      .map(({ type, object }) => `${type} ${object.metadata.name}`);
  return { told, [Symbol.dispose]: () => answer.destroy() };
}

async function reads({ resource: { kind }, version, path, everywhere, make }: Subject, made: Sampled): Promise<void> {
  const name = made.metadata.name ?? "";
  const one = `${path}/${name}`;
  const got = await ok<Sampled>("GET", one);
  assert.deepEqual([got.kind, got.apiVersion], [kind, version]);
  assert.deepEqual(
    Object.keys(make(0)).filter((field) => field !== "stringData" && !(field in got)),
    [],
  );
  for (const collection of [path, everywhere]) {
    const list = await ok<ListBody>("GET", `${collection}?labelSelector=sample%3Dyes`);
    assert.equal(list.kind, `${kind}List`);
    assert.ok(
      list.items.some(({ metadata }) => metadata.uid === made.metadata.uid),
      collection,
    );
  }
  const asTable = { headers: { Accept: "application/json;as=Table;v=v1;g=meta.k8s.io" } };
  for (const shown of [one, path]) {
    const table = await ok<Table>("GET", shown, 200, asTable);
    const nameAt = table.columnDefinitions.findIndex((column) => column.name === "Name");
    for (const row of table.rows) assert.equal(row.cells.length, table.columnDefinitions.length, shown);
    assert.ok(
      table.rows.some((row) => row.cells[nameAt] === name),
      shown,
    );
  }
  const asMetadata = { headers: { Accept: "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io" } };
  const partial = await ok<Sampled>("GET", one, 200, asMetadata);
  const { metadata, ...rest } = partial;
  assert.deepEqual(rest, { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1" });
  assert.equal(metadata.uid, made.metadata.uid);
  const encoded = await api.ask("GET", one, { headers: { Accept: "application/vnd.kubernetes.protobuf" } });
  assert.equal(openEnvelope(encoded.bytes).kind, kind);
  assert.equal((await ok<{ reason: string }>("GET", `${path}/no-such-thing`, 404)).reason, "NotFound");
  assert.equal((await ok<{ reason: string }>("POST", path, 409, { body: make(0) })).reason, "AlreadyExists");
}

async function changes({ path, make }: Subject, made: Sampled): Promise<void> {
  const one = `${path}/${made.metadata.name}`;
  const note = (key: string) => ({ metadata: { annotations: { [key]: "yes" } } });
  await patched(one, "merge", note("merged"));
  await patched(one, "strategic", note("strategic"));
  await patched(one, "json", [{ op: "add", path: "/metadata/annotations/json", value: "yes" }]);
  const { kind, apiVersion } = made;
  await patched(`${one}?fieldManager=tester`, "apply", { kind, apiVersion, ...note("applied") });
  const current = await ok<Sampled>("GET", one);
  const replacement = {
    ...current,
    metadata: { ...current.metadata, annotations: { ...current.metadata.annotations, replaced: "yes" } },
  };
  const dry = await ok<Sampled>("PUT", `${one}?dryRun=All`, 200, { body: replacement });
  assert.equal(dry.metadata.annotations?.["replaced"], "yes");
  assert.equal((await ok<Sampled>("GET", one)).metadata.resourceVersion, current.metadata.resourceVersion);
  const put = await ok<Sampled>("PUT", one, 200, { body: replacement });
  const noted = ["applied", "json", "merged", "replaced", "strategic"];
  assert.deepEqual(
    Object.keys(put.metadata.annotations ?? {})
      .filter((key) => noted.includes(key))
      .toSorted(),
    noted,
  );
  // Deployments have always counted them; everywhere else annotations are no change of what is wanted.
  if (kind !== "Deployment") assert.equal(put.metadata.generation, made.metadata.generation);
  assert.equal((await ok<{ reason: string }>("PUT", one, 409, { body: current })).reason, "Conflict");
  const managers = (put.metadata.managedFields ?? []).map(({ manager, operation }) => `${manager} ${operation}`);
  assert.ok(managers.includes("tester Apply"), managers.join(", "));
  const wrong = { ...make(0), metadata: { ...make(0).metadata, name: "another" } };
  assert.equal((await ok<{ reason: string }>("PUT", one, 400, { body: wrong })).reason, "BadRequest");
}

/** A status changes by its own path only, and nothing else does there. */
async function statusChanges({ path }: Subject, made: Sampled): Promise<void> {
  const one = `${path}/${made.metadata.name}`;
  const before = await ok<Sampled>("GET", `${one}/status`);
  const annotations = (value: string) => ({ metadata: { annotations: { "through-status": value } } });
  const merged = await patched<Sampled>(`${one}/status`, "merge", annotations("merge"));
  const { spec } = before;
  assert.deepEqual(merged.spec, spec);
  assert.equal(merged.metadata.generation, before.metadata.generation);
  const put = await ok<Sampled>("PUT", `${one}/status`, 200, { body: { ...merged, spec: before.spec } });
  assert.deepEqual(put.spec, spec);
  const applied = await patched<Sampled>(`${one}/status?fieldManager=status-tester&force=true`, "apply", {
    kind: made.kind,
    apiVersion: made.apiVersion,
    ...annotations("apply"),
  });
  const manager = applied.metadata.managedFields?.find((each) => each.manager === "status-tester");
  assert.equal(manager?.subresource ?? "status", "status");
  assert.deepEqual((await ok<Sampled>("GET", one)).spec, spec);
}

async function scaleChanges({ path }: Subject, made: Sampled): Promise<void> {
  const scale = `${path}/${made.metadata.name}/scale`;
  const before = await ok<Sampled>("GET", scale);
  assert.deepEqual([before.kind, before.apiVersion, before.spec?.["replicas"]], ["Scale", "autoscaling/v1", 2]);
  assert.equal((await patched<Sampled>(scale, "merge", { spec: { replicas: 3 } })).spec?.["replicas"], 3);
  const current = await ok<Sampled>("GET", scale);
  const put = await ok<Sampled>("PUT", scale, 200, { body: { ...current, spec: { replicas: 4 } } });
  assert.equal(put.spec?.["replicas"], 4);
  const object = await ok<Sampled>("GET", `${path}/${made.metadata.name}`);
  assert.equal(object.spec?.["replicas"], 4);
  assert.ok((object.metadata.generation ?? 0) > (made.metadata.generation ?? 0));
}

/** Takes away what holds the object, as whoever put it there would do. */
async function release({ path }: Subject, name: string): Promise<void> {
  const { code } = await api.ask("PATCH", `${path}/${name}`, {
    body: JSON.stringify({ metadata: { finalizers: null } }),
    headers: { "Content-Type": types.merge },
  });
  assert.ok(code === 200 || code === 404);
  if (path.endsWith("/namespaces")) {
    const found = await api.ask("GET", `${path}/${name}`);
    if (found.code !== 200) return;
    const body = { ...(JSON.parse(found.text) as object), spec: { finalizers: [] } };
    await ok("PUT", `${path}/${name}/finalize`, 200, { body });
  }
}

async function deletions(subject: Subject, existing: readonly string[]): Promise<void> {
  const { path, resource } = subject;
  const isGone = (name: string) => async () => (await api.ask("GET", `${path}/${name}`)).code === 404;
  const [first = "", ...others] = existing;
  await ok("DELETE", `${path}/${first}?dryRun=All`);
  await ok("GET", `${path}/${first}`);
  const options = { gracePeriodSeconds: 0, preconditions: { uid: "somebody-else" } };
  assert.equal((await ok<{ reason: string }>("DELETE", `${path}/${first}`, 409, { body: options })).reason, "Conflict");
  const answer = await api.ask("DELETE", `${path}/${first}?gracePeriodSeconds=0`);
  assert.ok(answer.code === 200 || answer.code === 202, answer.text);
  if (held.has(resource.name)) await release(subject, first);
  await eventually(`${path}/${first} is gone`, isGone(first));
  if (others.length === 0) return;
  if (resource.verbs.includes("deletecollection")) {
    await ok("DELETE", `${path}?labelSelector=sample%3Dyes&gracePeriodSeconds=0`);
  } else for (const name of others) await api.ask("DELETE", `${path}/${name}`);
  for (const name of others) {
    if (held.has(resource.name)) await release(subject, name);
    await eventually(`${path}/${name} is gone`, isGone(name));
  }
}

suite("every resource that is stored", () => {
  test("can be created, read, watched, changed and deleted", async (context) => {
    await ok("POST", "/api/v1/namespaces", 201, { body: { metadata: { name: namespace } } });
    await ok("POST", `/api/v1/namespaces/${namespace}/serviceaccounts`, 201, {
      body: { metadata: { name: "default" } },
    });
    for (const subject of await subjects()) {
      await context.test(`${subject.version} ${subject.resource.name}`, async () => {
        const { path, resource, make, subresources } = subject;
        const { metadata } = await ok<ListBody>("GET", path);
        using watch = await follow(
          `${path}?watch=true&labelSelector=sample%3Dyes&resourceVersion=${metadata.resourceVersion}`,
        );
        const dry = await ok<Sampled>("POST", `${path}?dryRun=All&fieldValidation=Strict`, 201, { body: make(0) });
        await ok("GET", `${path}/${dry.metadata.name}`, 404);
        const made = await ok<Sampled>("POST", `${path}?fieldValidation=Strict`, 201, { body: make(0) });
        const name = made.metadata.name ?? "";
        await settled(subject, name);
        await reads(subject, made);
        await changes(subject, made);
        if (subresources.has("status")) await statusChanges(subject, made);
        if (subresources.has("scale")) await scaleChanges(subject, made);
        const existing = [name];
        if (!only.has(resource.name)) {
          const { metadata: second } = await ok<Sampled>("POST", path, 201, { body: make(1) });
          existing.push(second.name ?? "");
        }
        await deletions(subject, existing);
        const wanted = existing.map((each) => `DELETED ${each}`);
        await eventually("the watch tells", watch.told, (told) => wanted.every((each) => told.includes(each)));
        assert.deepEqual(watch.told().slice(0, 2), [`ADDED ${name}`, `MODIFIED ${name}`]);
      });
    }
  });
});
