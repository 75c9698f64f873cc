import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import type { APIService } from "@kube-ts/api/apiregistration/v1";
import type { ConfigMap } from "@kube-ts/api/core/v1";
import type { APIGroupList, APIResourceList } from "@kube-ts/api/meta/v1";
import { upgradeToWebSocket } from "@kube-ts/client/streaming/upgrade-client";
import { startServer } from "../../bench/api-server-process.ts";
import type { ServerUnderTest } from "../../bench/api-server-process.ts";
import { Authority, type KeyPairFiles } from "../../deploy/pki/authority.ts";
import { AggregatedServer, group } from "../harness/aggregated-server.ts";
import { ApiRequests, adminTls } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";
import { KubectlOnServer } from "../harness/kubectl-on-server.ts";
import { ownIpv4, ownIpv6 } from "../harness/own-addresses.ts";

// An API server that the test wrote itself behind ours, used through upstream's kubectl.

const cleanup = new AsyncDisposableStack();
let directory: string;
let server: ServerUnderTest;
let api: ApiRequests;
let kubectl: KubectlOnServer;
let behind: AggregatedServer;
let caBundle: string;
let frontProxy: KeyPairFiles;
let identity: KeyPairFiles;
let clientAuthority: string;

const services = "/api/v1/namespaces/default/services";
const slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
const apiServices = "/apis/apiregistration.k8s.io/v1/apiservices";
const flunders = `/apis/${group}/v1/namespaces/default/flunders`;
const name = `v1.${group}`;

async function create(path: string, object: object): Promise<void> {
  const made = await api.ask("POST", path, { body: object });
  assert.equal(made.code, 201, made.text);
}

const service = (serviceName: string) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: serviceName },
  spec: { ports: [{ name: "https", port: 443 }] },
});

const slice = (sliceName: string, serviceName: string, address: string, port: number) => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: { name: sliceName, labels: { "kubernetes.io/service-name": serviceName } },
  addressType: address.includes(":") ? "IPv6" : "IPv4",
  endpoints: [{ addresses: [address], conditions: { ready: true } }],
  ports: [{ name: "https", port }],
});

const apiService = (): APIService => ({
  apiVersion: "apiregistration.k8s.io/v1",
  kind: "APIService",
  metadata: { name },
  spec: {
    group,
    version: "v1",
    caBundle,
    service: { namespace: "default", name: "wardle" },
    groupPriorityMinimum: 17_650,
    versionPriority: 10,
  },
});

/** Waits until the condition Available has this reason; resolves with its message. */
async function availability(reason: string, object = name): Promise<string> {
  const last = await eventually(
    `${object} is ${reason}`,
    async () => (await api.json<APIService>("GET", `${apiServices}/${object}`)).status?.conditions?.[0],
    (condition) => condition?.reason === reason,
    30_000,
  );
  return last?.message ?? "";
}

before(async () => {
  directory = mkdtempSync(join(tmpdir(), "kube-ts-aggregation-"));
  cleanup.defer(() => rmSync(directory, { recursive: true, force: true }));
  const proxies = await Authority.open(directory, "front-proxy-ca", "front-proxy-ca");
  frontProxy = await proxies.issue("front-proxy-client", { commonName: "front-proxy-client", usages: ["client"] });
  const servers = await Authority.open(directory, "server-ca", "server-ca");
  identity = await servers.issue("wardle", {
    commonName: "wardle",
    hosts: ["wardle.default.svc", "six.default.svc"],
    usages: ["server"],
  });
  caBundle = readFileSync(servers.certFile).toString("base64");
  clientAuthority = proxies.certFile;
  behind = cleanup.use(await AggregatedServer.start(identity, clientAuthority, ownIpv4));
  server = cleanup.use(
    await startServer([
      `--requestheader-client-ca-file=${proxies.certFile}`,
      "--requestheader-allowed-names=front-proxy-client",
      "--requestheader-username-headers=X-Remote-User",
      "--requestheader-uid-headers=X-Remote-Uid",
      "--requestheader-group-headers=X-Remote-Group",
      "--requestheader-extra-headers-prefix=X-Remote-Extra-",
      `--proxy-client-cert-file=${frontProxy.cert}`,
      `--proxy-client-key-file=${frontProxy.key}`,
      "--enable-aggregator-routing=true",
    ]),
  );
  api = new ApiRequests(server);
  kubectl = new KubectlOnServer(server);
});

after(() => cleanup.disposeAsync());

suite("an APIService", () => {
  test("is available once its service, its endpoints and its server are there", async () => {
    assert.equal((await api.ask("GET", flunders)).code, 404);
    await create(apiServices, apiService());
    assert.equal(await availability("ServiceNotFound"), 'service/wardle in "default" is not present');
    const refused = await api.ask("GET", flunders);
    assert.deepEqual([refused.code, refused.text], [503, "service unavailable\n"]);
    await create(services, { ...service("wardle"), spec: { ports: [{ name: "https", port: 444 }] } });
    assert.equal(await availability("ServicePortError"), 'service/wardle in "default" is not listening on port 443');
    await api.ask("DELETE", `${services}/wardle`);
    await create(services, service("wardle"));
    const missing = await availability("EndpointsNotFound");
    assert.equal(missing, 'cannot find endpointslices for service/wardle in "default"');
    await create(slices, { ...slice("wardle-0", "wardle", ownIpv4, 1), endpoints: [] });
    assert.match(await availability("MissingEndpoints"), /have no addresses with port name "https"$/);
    behind.broken = true;
    await create(slices, slice("wardle-1", "wardle", ownIpv4, behind.port));
    assert.match(await availability("FailedDiscoveryCheck"), /bad status from https:.*: 500$/);
    const unavailable = async () => {
      const { text } = await api.ask("GET", "/metrics");
      const line = text
        .split("\n")
        .find((each) => each.startsWith(`aggregator_unavailable_apiservice{name="${name}"}`));
      return line?.split(" ")[1];
    };
    assert.equal(await unavailable(), "1");
    behind.broken = false;
    assert.equal(await availability("Passed"), "all checks passed");
    assert.equal(await unavailable(), "0");
    assert.deepEqual([...behind.clients], ["front-proxy-client"]);
  });

  test("of this server is there and local", async () => {
    for (const local of ["v1.", "v1.apps", "v2.autoscaling"]) await availability("Local", local);
    const { metadata } = await api.json<APIService>("GET", `${apiServices}/v1.apps`);
    assert.equal(metadata.labels?.["kube-aggregator.kubernetes.io/automanaged"], "onstart");
  });

  test("has its place in the order of groups", async () => {
    const { groups } = await api.json<APIGroupList>("GET", "/apis");
    const names = groups.map((each) => each.name);
    assert.equal(names[0], "apiregistration.k8s.io");
    assert.equal(names[names.indexOf("authentication.k8s.io") + 1], group);
    assert.equal(groups.find((each) => each.name === "autoscaling")?.preferredVersion?.version, "v2");
    const { resources } = await api.json<APIResourceList>("GET", `/apis/${group}/v1`);
    assert.deepEqual(
      resources.map((each) => each.name),
      ["flunders"],
    );
  });

  test("is in aggregated discovery", async () => {
    const headers = { Accept: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList" };
    interface Version {
      readonly version: string;
      readonly freshness: string;
      readonly resources?: { readonly resource: string; readonly scope: string }[];
    }
    interface List {
      readonly items: { readonly metadata: { readonly name?: string }; readonly versions: Version[] }[];
    }
    const versions = await eventually(
      "the group is current",
      async () => {
        const { items } = await api.json<List>("GET", "/apis", { headers });
        return items.find(({ metadata }) => metadata.name === group)?.versions;
      },
      (found) => found?.[0]?.freshness === "Current",
      15_000,
    );
    assert.deepEqual(
      versions?.[0]?.resources?.map(({ resource, scope }) => [resource, scope]),
      [["flunders", "Namespaced"]],
    );
  });
});

suite("upstream's kubectl", () => {
  test("creates, shows and explains what another server has", async () => {
    const object = {
      apiVersion: `${group}/v1`,
      kind: "Flunder",
      metadata: { name: "one" },
      spec: { material: "oak" },
    };
    assert.equal(await kubectl.create(object), "flunder.wardle.example.com/one created\n");
    assert.match(await kubectl.run("get fl"), /^NAME +AGE\none +/);
    assert.equal(await kubectl.run("get flunder one -o jsonpath={.spec.material}"), "oak");
    const explained = await eventually(
      "OpenAPI has the kind",
      () => kubectl.run("explain flunders.spec"),
      (text) => text.includes("DESCRIPTION"),
      20_000,
    );
    assert.match(explained, /material\t<string>\n +The material of the flunder\./);
    assert.match(
      await kubectl.run(`api-resources --api-group=${group}`),
      /^flunders +fl +wardle.example.com\/v1 +true +Flunder$/m,
    );
    const listed = await kubectl.run(`get apiservice ${name} --no-headers`);
    assert.match(listed, /^v1\.wardle\.example\.com +default\/wardle +True/);
  });

  test("finds the kind in OpenAPI v2, beside ours of the same name", async () => {
    const document = await api.json<{ paths: object; definitions: Record<string, { description?: string }> }>(
      "GET",
      "/openapi/v2",
    );
    const meta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
    assert.ok(`/apis/${group}/v1/namespaces/{namespace}/flunders` in document.paths);
    assert.ok(!("/apis/elsewhere/v1/" in document.paths));
    assert.equal(document.definitions[`${meta}_v2`]?.description, "Different.");
    assert.notEqual(document.definitions[meta]?.description, "Different.");
    const kind = JSON.stringify(document.definitions["com.example.wardle.v1.Flunder"]);
    assert.ok(kind.includes(`#/definitions/${meta}_v2`));
  });
});

suite("a request that is passed on", () => {
  test("says who the user is, whatever the client says", async () => {
    const headers = {
      "X-Remote-User": "root",
      "X-Remote-Group": "system:masters",
      "X-Remote-Extra-Evil": "1",
      Authorization: "Bearer nothing",
      "Impersonate-User": "jane",
      "Impersonate-Uid": "u-1",
      "Impersonate-Group": "system:masters",
      "Impersonate-Extra-acme.com%2fproject": "p",
    };
    assert.equal((await api.ask("GET", flunders, { headers })).code, 200);
    const { seen } = behind;
    assert.equal(seen["x-remote-user"], "jane");
    assert.equal(seen["x-remote-uid"], "u-1");
    assert.equal(seen["x-remote-group"], "system:masters, system:authenticated");
    assert.equal(seen["x-remote-extra-acme.com%2fproject"], "p");
    for (const absent of ["x-remote-extra-evil", "authorization", "impersonate-user"]) {
      assert.equal(seen[absent], undefined, absent);
    }
  });

  test("needs the permission", async () => {
    const { code } = await api.ask("GET", flunders, { headers: { "Impersonate-User": "jane" } });
    assert.equal(code, 403);
  });

  test("watches", async () => {
    const watch = api.watch<{ type: string; object: { metadata: { name: string } } }>(`${flunders}?watch=1`);
    const first = watch.next();
    const body = { apiVersion: `${group}/v1`, kind: "Flunder", metadata: { name: "watched" } };
    const settled = Symbol("pending");
    await eventually(
      "the watch sees an object",
      async () => {
        await api.ask("POST", flunders, { body });
        return Promise.race([first, new Promise((resolve) => setTimeout(resolve, 100, settled))]);
      },
      (value) => value !== settled,
      10_000,
    );
    const event = (await first).value as { type: string; object: { metadata: { name: string } } };
    assert.deepEqual([event.type, event.object.metadata.name], ["ADDED", "watched"]);
    await watch.return(undefined);
  });

  test("is not redirected, and fails with its server", async () => {
    const redirect = await api.ask("GET", `${flunders}/redirect`);
    const text = "the backend attempted to redirect this request, which is not permitted";
    assert.deepEqual([redirect.code, redirect.text, redirect.headers.location], [502, text, undefined]);
    assert.equal((await api.ask("GET", `${flunders}/hang?timeout=1s`)).code, 504);
    const dead = await api.ask("GET", `${flunders}/die`);
    assert.equal(dead.code, 503);
    assert.match(dead.text, /^error trying to reach service: /);
  });

  test("carries a WebSocket, and no other answer to one", async () => {
    const tls = adminTls(server);
    const target = (path: string) => ({ url: new URL(`${server.url}${flunders}/${path}`), headers: {}, tls });
    const signal = AbortSignal.timeout(20_000);
    const { socket } = await upgradeToWebSocket(target("one/socket"), ["v1.test"], signal);
    socket.resume();
    socket.send("hello");
    const [data] = (await once(socket, "message")) as [Buffer];
    assert.deepEqual([data.toString(), behind.seen["x-remote-user"]], ["echo hello", "admin"]);
    socket.terminate();
    await assert.rejects(upgradeToWebSocket(target("one/refuse"), ["v1.test"], signal), /status code 302/);
  });
});

suite("front proxies", () => {
  async function whoAmI(as: KeyPairFiles): Promise<string> {
    const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
    const { code, text } = await api.ask("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {
      body: review,
      headers: { "X-Remote-User": "jane", "X-Remote-Group": "dev" },
      as,
    });
    const { status } = JSON.parse(text) as { status?: { userInfo?: { username: string } } };
    return status?.userInfo?.username ?? String(code);
  }

  test("are believed by their certificate only", async () => {
    assert.equal(await whoAmI(frontProxy), "jane");
    assert.equal(await whoAmI(server.admin), "admin");
  });

  test("are published for the servers behind", async () => {
    const path = "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication";
    const { data = {} } = await api.json<ConfigMap>("GET", path);
    assert.match(data["requestheader-client-ca-file"] ?? "", /BEGIN CERTIFICATE/);
    assert.equal(data["requestheader-allowed-names"], '["front-proxy-client"]');
    assert.equal(data["requestheader-username-headers"], '["X-Remote-User"]');
  });
});

suite("a server behind", () => {
  test("may be reached by IPv6", { skip: ownIpv6 === undefined }, async () => {
    const other = cleanup.use(await AggregatedServer.start(identity, clientAuthority, ownIpv6 ?? ""));
    const dual = { ipFamilyPolicy: "SingleStack", ports: [{ name: "https", port: 443 }] };
    await create(services, { ...service("six"), spec: dual });
    await create(slices, slice("six-1", "six", ownIpv6 ?? "", other.port));
    const object = apiService();
    object.spec.service = { namespace: "default", name: "six" };
    const changed = await api.ask("PATCH", `${apiServices}/${name}`, {
      body: Buffer.from(JSON.stringify({ spec: { service: object.spec.service } })),
      headers: { "Content-Type": "application/merge-patch+json" },
    });
    assert.equal(changed.code, 200, changed.text);
    other.objects.set("six", { apiVersion: `${group}/v1`, kind: "Flunder", metadata: { name: "six" } });
    await eventually(
      "requests go to the other server",
      async () => (await api.ask("GET", `${flunders}/six`)).code,
      (code) => code === 200,
      15_000,
    );
  });

  test("is not trusted without the right certificate", async () => {
    const body = Buffer.from(JSON.stringify({ spec: { caBundle: readFileSync(server.ca).toString("base64") } }));
    const headers = { "Content-Type": "application/merge-patch+json" };
    await api.ask("PATCH", `${apiServices}/${name}`, { body, headers });
    assert.match(await availability("FailedDiscoveryCheck"), /failed to verify certificate/);
    assert.equal((await api.ask("GET", flunders)).code, 503);
    const headersOfDiscovery = { Accept: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList" };
    await eventually(
      "the group is stale",
      async () => (await api.ask("GET", "/apis", { headers: headersOfDiscovery })).text,
      (text) => text.includes('"freshness":"Stale"'),
      15_000,
    );
  });

  test("is forgotten with its APIService", async () => {
    await kubectl.run(`delete apiservice ${name}`);
    await eventually(
      "the group is gone",
      async () => (await api.ask("GET", flunders)).code,
      (code) => code === 404,
      10_000,
    );
    // Discovery follows the same objects by a path of its own.
    await eventually(
      "the group is not discovered",
      () => api.json<APIGroupList>("GET", "/apis"),
      ({ groups }) => !groups.some((each) => each.name === group),
      10_000,
    );
  });
});

suite("a group-version of this server", () => {
  const merge = { "Content-Type": "application/merge-patch+json" };
  const widgets = `/apis/${group}/v1/widgets`;
  const managed = "kube-aggregator.kubernetes.io/automanaged";

  const served = (what: string, expected: string) =>
    eventually(
      what,
      async () => (await api.json<{ kind: string }>("GET", widgets)).kind,
      (kind) => kind === expected,
      15_000,
    );

  test("is the other server's while an APIService says so, and this one's again without it", async () => {
    const schema = { openAPIV3Schema: { type: "object" } };
    await create("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `widgets.${group}` },
      spec: {
        group,
        scope: "Cluster",
        names: { plural: "widgets", kind: "Widget" },
        versions: [{ name: "v1", served: true, storage: true, schema }],
      },
    });
    await availability("Local");
    await served("custom resources are served here", "WidgetList");
    const { spec } = apiService();
    const own = await api.ask("PATCH", `${apiServices}/${name}`, { body: JSON.stringify({ spec }), headers: merge });
    assert.equal(own.code, 200, own.text);
    const taken = await eventually(
      "what is managed is taken back",
      () => api.json<APIService>("GET", `${apiServices}/${name}`),
      (found) => found.spec.service === undefined,
      10_000,
    );
    assert.equal(taken.metadata.labels?.[managed], "true");
    const body = JSON.stringify({ metadata: { labels: { [managed]: null } }, spec });
    await api.ask("PATCH", `${apiServices}/${name}`, { body, headers: merge });
    await served("the other server answers", "FlunderList");
    const { resources } = await api.json<APIResourceList>("GET", `/apis/${group}/v1`);
    assert.deepEqual(
      resources.map((each) => each.name),
      ["flunders"],
    );
    await eventually(
      "its documents are those of the other server",
      () => api.ask("GET", `/openapi/v3/apis/${group}/v1`),
      ({ text }) => text.includes("flunders") && !text.includes("widgets"),
      15_000,
    );
    await kubectl.run(`delete apiservice ${name}`);
    await served("custom resources are served here again", "WidgetList");
    await availability("Local");
  });
});
