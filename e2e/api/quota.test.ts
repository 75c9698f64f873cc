import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import type { Pod, PodSpec, ResourceQuota } from "@kube-ts/api/core/v1";
import type { Status } from "@kube-ts/api/meta/v1";
import { type ServerUnderTest, startServer } from "../../bench/api-server-process.ts";
import { EtcdProcess } from "../../packages/apiserver/src/storage/testing/etcd-process.ts";
import { type ApiAnswer, ApiRequests } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";

// Quotas on two servers of one cluster. No controller counts here, so that tests say themselves what is used.

let first: ServerUnderTest;
let second: ServerUnderTest;
let api: ApiRequests;
let other: ApiRequests;
const running = new AsyncDisposableStack();

before(async () => {
  const pki = mkdtempSync(join(tmpdir(), "kube-ts-quota-"));
  running.defer(() => rmSync(pki, { recursive: true }));
  const etcd = running.use(await EtcdProcess.start());
  first = running.use(await startServer([], { etcd: [etcd], pki }));
  second = running.use(await startServer([], { etcd: [etcd], pki }));
  api = new ApiRequests(first);
  other = new ApiRequests(second);
});

after(() => running.disposeAsync());

type Amounts = Record<string, string>;

async function namespace(name: string): Promise<void> {
  assert.equal((await api.ask("POST", "/api/v1/namespaces", { body: { metadata: { name } } })).code, 201);
  const account = { metadata: { name: "default" } };
  const made = await api.ask("POST", `/api/v1/namespaces/${name}/serviceaccounts`, { body: account });
  assert.equal(made.code, 201);
}

/** Makes a quota of which nothing is used, and waits until both servers know it. */
async function quota(
  scope: string,
  hard: Amounts,
  spec: Partial<ResourceQuota["spec"]> = {},
  used: Amounts = {},
): Promise<void> {
  const path = `/api/v1/namespaces/${scope}/resourcequotas`;
  const name = "q";
  const body = { metadata: { name }, spec: { hard, ...spec } };
  const made = await api.ask("POST", path, { body });
  assert.equal(made.code, 201, made.text);
  const zero = Object.fromEntries(Object.keys(hard).map((key) => [key, "0"]));
  const status = { ...(JSON.parse(made.text) as ResourceQuota), status: { hard, used: { ...zero, ...used } } };
  const counted = await api.ask("PUT", `${path}/${name}/status`, { body: status });
  assert.equal(counted.code, 200, counted.text);
  const known = (each: ApiRequests) => each.json<ResourceQuota>("GET", `${path}/${name}?resourceVersion=0`);
  for (const each of [api, other])
    await eventually(
      "the quota",
      () => known(each),
      (found) => !!found.status?.used,
    );
}

async function used(scope: string): Promise<unknown> {
  return (await api.json<ResourceQuota>("GET", `/api/v1/namespaces/${scope}/resourcequotas/q`)).status?.used;
}

function pod(name: string, requests: Amounts = {}, spec: Partial<PodSpec> = {}): Pod {
  return { metadata: { name }, spec: { containers: [{ name: "c", image: "i", resources: { requests } }], ...spec } };
}

const createPod = (scope: string, body: Pod, on = api) => on.ask("POST", `/api/v1/namespaces/${scope}/pods`, { body });

function messageOf({ text }: ApiAnswer): string {
  return (JSON.parse(text) as Status).message ?? "";
}

suite("one quota", () => {
  test("a hundred creators at once on two servers get exactly what there is", async () => {
    await namespace("race");
    await quota("race", { pods: "10", "requests.cpu": "100" });
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        createPod("race", pod(`p${index}`, { cpu: "1" }), index % 2 === 0 ? api : other),
      ),
    );
    const made = answers.filter(({ code }) => code === 201);
    assert.equal(made.length, 10);
    const refused = answers.filter(({ code }) => code !== 201);
    for (const answer of refused) {
      assert.equal(answer.code, 403);
      assert.match(
        messageOf(answer),
        /^pods "p\d+" is forbidden: exceeded quota: q, requested: pods=1, used: pods=10, limited: pods=10$/,
      );
    }
    const { items } = await api.json<{ items: Pod[] }>("GET", "/api/v1/namespaces/race/pods");
    assert.equal(items.length, 10);
    assert.deepEqual(await used("race"), { pods: "10", "requests.cpu": "10" });
  });

  test("what is limited has to be asked for, and what is too much is named", async () => {
    await namespace("words");
    await quota("words", { "limits.cpu": "2", "requests.memory": "1Gi", pods: "5" }, {}, { "limits.cpu": "1500m" });
    assert.equal(
      messageOf(await createPod("words", pod("p", { memory: "1Mi" }))),
      'pods "p" is forbidden: failed quota: q: must specify limits.cpu for: c',
    );
    const big = pod("p", { memory: "2Gi" });
    Object.assign(big.spec.containers[0]?.resources ?? {}, { limits: { cpu: "1" } });
    assert.equal(
      messageOf(await createPod("words", big)),
      'pods "p" is forbidden: exceeded quota: q, requested: limits.cpu=1,requests.memory=2Gi, used: limits.cpu=1500m,requests.memory=0, limited: limits.cpu=2,requests.memory=1Gi',
    );
  });

  test("limit ranges give pods what a quota wants to be asked for", async () => {
    await namespace("ranges");
    await quota("ranges", { "limits.memory": "200Mi" });
    const limits = [{ type: "Container", default: { memory: "150Mi" }, defaultRequest: { memory: "50Mi" } }];
    const range = { metadata: { name: "l" }, spec: { limits } };
    assert.equal((await api.ask("POST", "/api/v1/namespaces/ranges/limitranges", { body: range })).code, 201);
    const made = await eventually(
      "the limit range counts",
      () => createPod("ranges", pod("p")),
      ({ code }) => code === 201,
    );
    assert.match(made.text, /limit-ranger/);
    assert.match(messageOf(await createPod("ranges", pod("q"))), /exceeded quota: q, requested: limits.memory=150Mi/);
  });

  test("a quota that nobody has counted yet lets nothing through", async () => {
    await namespace("uncounted");
    const path = "/api/v1/namespaces/uncounted/resourcequotas";
    const body = { metadata: { name: "q" }, spec: { hard: { configmaps: "5" } } };
    const made = JSON.parse((await api.ask("POST", path, { body })).text) as ResourceQuota;
    const status = { ...made, status: { hard: { configmaps: "5" } } };
    assert.equal((await api.ask("PUT", `${path}/q/status`, { body: status })).code, 200);
    const map = { metadata: { name: "m" } };
    const refused = await eventually(
      "the refusal",
      () => api.ask("POST", "/api/v1/namespaces/uncounted/configmaps?dryRun=All", { body: map }),
      ({ code }) => code === 403,
    );
    assert.equal(messageOf(refused), 'configmaps "m" is forbidden: status unknown for quota: q, resources: configmaps');
  });

  test("dry runs use nothing", async () => {
    await namespace("dry");
    await quota("dry", { pods: "1" });
    const dry = () => api.ask("POST", "/api/v1/namespaces/dry/pods?dryRun=All", { body: pod("p") });
    assert.deepEqual([(await dry()).code, (await dry()).code], [201, 201]);
    assert.deepEqual(await used("dry"), { pods: "0" });
  });
});

suite("what quotas count", () => {
  test("objects of every resource, custom ones among them", async () => {
    const crd = {
      metadata: { name: "widgets.quota.example.com" },
      spec: {
        group: "quota.example.com",
        scope: "Namespaced",
        names: { plural: "widgets", kind: "Widget" },
        versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
      },
    };
    const crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    assert.equal((await api.ask("POST", crds, { body: crd })).code, 201);
    await namespace("counts");
    await quota("counts", { "count/widgets.quota.example.com": "1", "count/deployments.apps": "0", secrets: "1" });
    const widgets = "/apis/quota.example.com/v1/namespaces/counts/widgets";
    const widget = (name: string) => ({ apiVersion: "quota.example.com/v1", kind: "Widget", metadata: { name } });
    await eventually(
      "a widget",
      () => api.ask("POST", widgets, { body: widget("a") }),
      ({ code }) => code === 201,
    );
    assert.equal(
      messageOf(await api.ask("POST", widgets, { body: widget("b") })),
      'widgets.quota.example.com "b" is forbidden: exceeded quota: q, requested: count/widgets.quota.example.com=1, used: count/widgets.quota.example.com=1, limited: count/widgets.quota.example.com=1',
    );
    const labels = { a: "b" };
    const template = { metadata: { labels }, spec: pod("t").spec };
    const deployment = { metadata: { name: "d" }, spec: { selector: { matchLabels: labels }, template } };
    const refused = await api.ask("POST", "/apis/apps/v1/namespaces/counts/deployments", { body: deployment });
    assert.match(messageOf(refused), /exceeded quota: q, requested: count\/deployments.apps=1/);
    const secrets = "/api/v1/namespaces/counts/secrets";
    assert.equal((await api.ask("POST", secrets, { body: { metadata: { name: "s" } } })).code, 201);
    assert.match(messageOf(await api.ask("POST", secrets, { body: { metadata: { name: "t" } } })), /secrets=1/);
  });

  test("services by type, as they change", async () => {
    await namespace("services");
    await quota("services", { services: "5", "services.nodeports": "1", "services.loadbalancers": "0" });
    const path = "/api/v1/namespaces/services/services";
    const service = (name: string, type: string) => ({ metadata: { name }, spec: { type, ports: [{ port: 80 }] } });
    assert.equal((await api.ask("POST", path, { body: service("a", "NodePort") })).code, 201);
    assert.match(
      messageOf(await api.ask("POST", path, { body: service("b", "LoadBalancer") })),
      /exceeded quota: q, requested: services.loadbalancers=1,services.nodeports=1, used: services.loadbalancers=0,services.nodeports=1/,
    );
    assert.equal((await api.ask("POST", path, { body: service("c", "ClusterIP") })).code, 201);
    const grown = await api.ask("PATCH", `${path}/c`, {
      headers: { "Content-Type": "application/merge-patch+json" },
      body: JSON.stringify({ spec: { type: "NodePort" } }),
    });
    assert.match(messageOf(grown), /requested: services.nodeports=1, used: services.nodeports=1/);
    assert.deepEqual(await used("services"), {
      services: "2",
      "services.nodeports": "1",
      "services.loadbalancers": "0",
    });
  });

  test("claims by storage class", async () => {
    await namespace("claims");
    const gold = "gold.storageclass.storage.k8s.io";
    await quota("claims", { [`${gold}/requests.storage`]: "5Gi", "requests.storage": "20Gi" });
    const claim = (name: string, storageClassName: string, storage: string) =>
      api.ask("POST", "/api/v1/namespaces/claims/persistentvolumeclaims", {
        body: {
          metadata: { name },
          spec: { storageClassName, accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
        },
      });
    assert.equal((await claim("a", "gold", "4Gi")).code, 201);
    assert.match(messageOf(await claim("b", "gold", "2Gi")), /gold.storageclass.storage.k8s.io\/requests.storage=2Gi/);
    assert.equal((await claim("c", "silver", "15Gi")).code, 201);
    assert.match(
      messageOf(await claim("d", "silver", "2Gi")),
      /requested: requests.storage=2Gi, used: requests.storage=19Gi/,
    );
  });

  test("pods of a scope", async () => {
    await namespace("scopes");
    await quota("scopes", { pods: "1" }, { scopes: ["Terminating", "BestEffort"] });
    const ends = { activeDeadlineSeconds: 60 };
    assert.equal((await createPod("scopes", pod("a", {}, ends))).code, 201);
    assert.match(messageOf(await createPod("scopes", pod("b", {}, ends))), /exceeded quota: q/);
    assert.equal((await createPod("scopes", pod("c", { cpu: "1" }, ends))).code, 201);
    assert.equal((await createPod("scopes", pod("d"))).code, 201);
    const deadline = await api.ask("PATCH", "/api/v1/namespaces/scopes/pods/d", {
      headers: { "Content-Type": "application/merge-patch+json" },
      body: JSON.stringify({ spec: ends }),
    });
    assert.match(messageOf(deadline), /exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1/);
  });
});
