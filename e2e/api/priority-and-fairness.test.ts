import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { FlowSchema, FlowSchemaList, PriorityLevelConfiguration } from "@kube-ts/api/flowcontrol/v1";
import type { ServerUnderTest } from "../../bench/api-server-process.ts";
import { inParallel } from "../../bench/load-client.ts";
import { Authority } from "../../deploy/pki/authority.ts";
import type { KeyPairFiles } from "../../deploy/pki/authority.ts";
import { type ApiAnswer, ApiRequests } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";
import { Flood } from "../harness/flood.ts";
import { KubectlOnServer } from "../harness/kubectl-on-server.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

const flowControl = "/apis/flowcontrol.apiserver.k8s.io/v1";
const configMaps = "/api/v1/namespaces/default/configmaps";
const schemaHeader = "x-kubernetes-pf-flowschema-uid";
const levelHeader = "x-kubernetes-pf-prioritylevel-uid";

/** A client of that name and group, known to the server by its certificate. */
async function clientOf(server: ServerUnderTest, name: string, group?: string): Promise<KeyPairFiles> {
  const authority = await Authority.open(join(server.directory, "pki"), "ca", "kubernetes");
  const organizations = group === undefined ? [] : [group];
  return authority.issue(name.replaceAll(":", "-"), { commonName: name, organizations, usages: ["client"] });
}

/** Lets a user do anything, without being an administrator to priority and fairness. */
async function empower(api: ApiRequests, name: string): Promise<void> {
  const { code, text } = await api.ask("POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
    body: {
      metadata: { name: `all-of-${name}` },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name }],
    },
  });
  assert.equal(code, 201, text);
}

function level(name: string, limited: PriorityLevelConfiguration["spec"]["limited"]): PriorityLevelConfiguration {
  return { metadata: { name }, spec: { type: "Limited", ...(limited && { limited }) } };
}

/** All resource requests of one user go to the level. */
function schemaFor(name: string, levelName: string, user: string): FlowSchema {
  const everything = { verbs: ["*"], apiGroups: ["*"], resources: ["*"], clusterScope: true, namespaces: ["*"] };
  return {
    metadata: { name },
    spec: {
      matchingPrecedence: 500,
      priorityLevelConfiguration: { name: levelName },
      distinguisherMethod: { type: "ByUser" },
      rules: [{ subjects: [{ kind: "User", user: { name: user } }], resourceRules: [everything] }],
    },
  };
}

async function create(api: ApiRequests, collection: string, body: object): Promise<void> {
  const { code, text } = await api.ask("POST", collection, { body });
  assert.equal(code, 201, text);
}

/** Asks for the same many times at once until somebody is refused. */
async function crowd(api: ApiRequests, as: KeyPairFiles): Promise<{ answers: ApiAnswer[]; refused: ApiAnswer[] }> {
  const answers: ApiAnswer[] = [];
  await eventually("somebody is refused", async () => {
    await inParallel(30, 30, async () => void answers.push(await api.ask("GET", configMaps, { as })));
    return answers.some(({ code }) => code === 429);
  });
  return { answers, refused: answers.filter(({ code }) => code === 429) };
}

function isClassified(answer: ApiAnswer, schema: FlowSchema | undefined): void {
  assert.equal(answer.headers[schemaHeader], schema?.metadata.uid);
}

suite("priority and fairness", () => {
  const server = serverForTests();
  const api = new ApiRequests(server);
  const kubectl = new KubectlOnServer(server);

  test("every answer tells how its request was classified", async () => {
    const { items } = await api.json<FlowSchemaList>("GET", `${flowControl}/flowschemas`);
    const schema = (name: string) => items.find(({ metadata }) => metadata.name === name);
    const exempt = await api.json<PriorityLevelConfiguration>(
      "GET",
      `${flowControl}/prioritylevelconfigurations/exempt`,
    );
    const asAdmin = await api.ask("GET", "/api/v1/namespaces/default");
    isClassified(asAdmin, schema("exempt"));
    assert.equal(asAdmin.headers[levelHeader], exempt.metadata.uid);
    isClassified(await api.ask("GET", "/readyz", { as: "anonymous" }), schema("probes"));
    isClassified(await api.ask("GET", "/version", { as: "anonymous" }), schema("global-default"));
    const refused = await api.ask("GET", "/api/v1/pods", { as: "anonymous" });
    assert.equal(refused.code, 403);
    isClassified(refused, schema("global-default"));
    const missing = await api.ask("GET", "/api/v1/namespaces/nowhere");
    assert.equal(missing.code, 404);
    isClassified(missing, schema("exempt"));
    const node = await clientOf(server, "system:node:n1", "system:nodes");
    isClassified(await api.ask("GET", "/api/v1/nodes/n1", { as: node }), schema("system-node-high"));
    // Whom somebody acts as counts.
    const impersonating = { headers: { "Impersonate-User": "system:serviceaccount:default:builder" } };
    isClassified(await api.ask("GET", configMaps, impersonating), schema("service-accounts"));
  });

  test("schemas say whether their level is missing, and what changes counts at once", async () => {
    await create(api, `${flowControl}/flowschemas`, schemaFor("dangling", "no-level", "dana"));
    const status = async () => {
      const { status } = await api.json<FlowSchema>("GET", `${flowControl}/flowschemas/dangling`);
      return status?.conditions?.find(({ type }) => type === "Dangling")?.status;
    };
    await eventually("the schema dangles", status, (value) => value === "True");
    const dana = { headers: { "Impersonate-User": "dana" } };
    const { metadata } = await api.json<FlowSchema>("GET", `${flowControl}/flowschemas/dangling`);
    assert.notEqual((await api.ask("GET", configMaps, dana)).headers[schemaHeader], metadata.uid);
    await create(
      api,
      `${flowControl}/prioritylevelconfigurations`,
      level("no-level", { nominalConcurrencyShares: 5, limitResponse: { type: "Reject" } }),
    );
    await eventually("the schema does not dangle any more", status, (value) => value === "False");
    assert.equal((await api.ask("GET", configMaps, dana)).headers[schemaHeader], metadata.uid);
    assert.match(await kubectl.run("get flowschemas dangling"), /False\s*$/);
    await api.ask("DELETE", `${flowControl}/prioritylevelconfigurations/no-level`);
    await eventually("the schema dangles again", status, (value) => value === "True");
  });

  test("a level without seats to spare refuses in plain words, and others go on", async () => {
    // One seat; nothing can be borrowed, and nothing waits.
    await create(
      api,
      `${flowControl}/prioritylevelconfigurations`,
      level("narrow", { nominalConcurrencyShares: 0, borrowingLimitPercent: 0, limitResponse: { type: "Reject" } }),
    );
    await create(api, `${flowControl}/flowschemas`, schemaFor("narrow", "narrow", "nora"));
    await empower(api, "nora");
    await empower(api, "olga");
    const nora = await clientOf(server, "nora");
    const olga = await clientOf(server, "olga");
    const { answers, refused } = await crowd(api, nora);
    assert.ok(answers.some(({ code }) => code === 200));
    for (const { headers, text } of refused) {
      assert.equal(text, "Too many requests, please try again later.\n");
      assert.equal(headers["content-type"], "text/plain; charset=utf-8");
      assert.match(String(headers["retry-after"]), /^[1-9]\d?$/);
      assert.ok(headers[schemaHeader] && headers[levelHeader] && headers["audit-id"]);
    }
    await inParallel(60, 30, async () => assert.equal((await api.ask("GET", configMaps, { as: olga })).code, 200));
    const metrics = (await api.ask("GET", "/metrics")).text;
    const line = `apiserver_flowcontrol_rejected_requests_total{priority_level="narrow",flow_schema="narrow",reason="concurrency-limit"}`;
    assert.ok(
      metrics.includes(`${line} ${refused.length}\n`),
      metrics.split("\n").find((text) => text.includes("rejected")) ?? "not counted",
    );
  });

  test("a list takes seats by what it shows", async () => {
    const seats = async () => {
      const { text } = await api.ask("GET", "/metrics");
      const series = 'work_estimated_seats_sum{priority_level="global-default",flow_schema="global-default"}';
      return Number(
        text
          .split("\n")
          .find((line) => line.includes(series))
          ?.split(" ")[1] ?? 0,
      );
    };
    const secrets = "/api/v1/namespaces/default/secrets";
    const data = { text: "x".repeat(8_000) };
    await inParallel(40, 10, (index) => create(api, secrets, { metadata: { name: `seat-${index}` }, data }));
    const olga = await clientOf(server, "olga");
    const taken = async (path: string) => {
      const before = await seats();
      assert.equal((await api.ask("GET", path, { as: olga })).code, 200);
      return (await seats()) - before;
    };
    assert.equal(await taken(secrets), 4);
    assert.equal(await taken(`${secrets}?limit=1`), 1);
    assert.equal(await taken(`${secrets}/seat-1`), 1);
  });

  test("a watch holds its seat only until it has begun", async () => {
    const nora = await clientOf(server, "nora");
    const watches: IncomingMessage[] = [];
    for (let count = 0; count < 4; count += 1) {
      const answer = await api.open("GET", `${configMaps}?watch=1`, { as: nora });
      assert.equal(answer.statusCode, 200);
      watches.push(answer);
    }
    assert.equal((await api.ask("GET", configMaps, { as: nora })).code, 200);
    for (const watch of watches) watch.destroy();
  });

  test("kubectl comes back when it is told to", async () => {
    const jail = { nominalConcurrencyShares: 0, borrowingLimitPercent: 0 };
    const queuing = { queues: 1, handSize: 1, queueLengthLimit: 1 };
    await create(
      api,
      `${flowControl}/prioritylevelconfigurations`,
      level("jail", { ...jail, limitResponse: { type: "Queue", queuing } }),
    );
    await create(api, `${flowControl}/flowschemas`, schemaFor("jail", "jail", "kim"));
    await empower(api, "kim");
    const kim = await clientOf(server, "kim");
    await create(api, configMaps, { metadata: { name: "shown" } });
    // Somebody waits in the only place there is until the level has seats, so that the next one is refused.
    const wait = async (): Promise<void> => {
      const { code } = await api.ask("GET", configMaps, { as: kim });
      if (code !== 200) await wait();
    };
    const waiting = wait();
    const dump = "/debug/api_priority_and_fairness/dump_priority_levels";
    await eventually("a request waits", async () => /^jail,(?: +\S+){3} +1,/m.test((await api.ask("GET", dump)).text));
    const asked = kubectl.attempt(["get", "configmap", "shown", "-o", "name", "--as=kim", "-v=8"]);
    const rejected = async () => {
      const { text } = await api.ask("GET", "/metrics");
      return /rejected_requests_total\{priority_level="jail",flow_schema="jail",reason="queue-full"\} [1-9]/.test(text);
    };
    await eventually("kubectl was refused", rejected);
    const opened = await api.ask("PATCH", `${flowControl}/prioritylevelconfigurations/jail`, {
      body: JSON.stringify({ spec: { limited: { nominalConcurrencyShares: 20 } } }),
      headers: { "Content-Type": "application/merge-patch+json" },
    });
    assert.equal(opened.code, 200, opened.text);
    await waiting;
    const { code, stdout, stderr } = await asked;
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "configmap/shown\n");
    assert.match(stderr, /429/);
  });

  test("the server keeps its own objects as they should be, unless it is told to leave them alone", async () => {
    const change = async (name: string, annotation: "true" | "false") => {
      const metadata = { annotations: { "apf.kubernetes.io/autoupdate-spec": annotation } };
      const answer = await api.ask("PATCH", `${flowControl}/flowschemas/${name}`, {
        body: JSON.stringify({ metadata, spec: { matchingPrecedence: 9_800 } }),
        headers: { "Content-Type": "application/merge-patch+json" },
      });
      assert.equal(answer.code, 200, answer.text);
    };
    const precedence = async (name: string) =>
      (await api.json<FlowSchema>("GET", `${flowControl}/flowschemas/${name}`)).spec?.matchingPrecedence;
    await change("global-default", "true");
    await change("service-accounts", "false");
    await api.ask("DELETE", `${flowControl}/prioritylevelconfigurations/workload-low`);
    await api.ask("DELETE", `${flowControl}/flowschemas/catch-all`);
    await server.restart();
    await eventually(
      "what is the server's is as it was",
      () => precedence("global-default"),
      (value) => value === 9_900,
    );
    assert.deepEqual([await precedence("service-accounts"), await precedence("catch-all")], [9_800, 10_000]);
    assert.equal((await api.ask("GET", `${flowControl}/prioritylevelconfigurations/workload-low`)).code, 200);
    const refused = await api.ask("PATCH", `${flowControl}/flowschemas/catch-all`, {
      body: JSON.stringify({ spec: { matchingPrecedence: 9_000 } }),
      headers: { "Content-Type": "application/merge-patch+json" },
    });
    assert.equal(refused.code, 422);
    assert.match(refused.text, /spec of 'catch-all' must equal the fixed value/);
  });

  test("the dumps are for those who may read them, and readiness tells that the parts are there", async () => {
    const paths = ["dump_priority_levels", "dump_queues", "dump_requests"].map(
      (name) => `/debug/api_priority_and_fairness/${name}`,
    );
    for (const path of paths) {
      const { code, text, headers } = await api.ask("GET", path);
      assert.equal(code, 200);
      assert.match(text, /^PriorityLevelName, /);
      assert.match(String(headers["content-type"]), /^text\/plain/);
      assert.equal((await api.ask("GET", path, { as: "anonymous" })).code, 403);
    }
    assert.equal((await api.ask("GET", "/debug/api_priority_and_fairness/other")).code, 404);
    const ready = (await api.ask("GET", "/readyz?verbose")).text;
    for (const part of ["config-consumer", "config-producer", "filter"]) {
      assert.ok(ready.includes(`[+]poststarthook/priority-and-fairness-${part} ok`), ready);
    }
    const index = await api.json<{ paths: string[] }>("GET", "/");
    assert.ok(!index.paths.some((path) => path.startsWith("/debug/api_priority")));
    const details = await api.ask("GET", `${paths[2]}?includeRequestDetails=1`);
    assert.match(details.text, /^exempt, .* admin, +get, +\/debug\/api_priority_and_fairness\/dump_requests,/m);
  });
});

/** Updates a lease again and again on a connection of its own; answers how long each update took, in milliseconds. */
async function renew(server: ServerUnderTest, as: KeyPairFiles, path: string, times: number): Promise<number[]> {
  const { hostname, port } = new URL(server.url);
  const tls = { ca: readFileSync(server.ca), cert: readFileSync(as.cert), key: readFileSync(as.key) };
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ...tls });
  const send = (method: string, body?: object) =>
    new Promise<{ code: number; text: string }>((resolve, reject) => {
      const headers = { "Content-Type": "application/json" };
      const outgoing = request({ agent, hostname, port, method, path, headers }, (answer) => {
        let text = "";
        answer.on("data", (chunk: Buffer) => (text += String(chunk)));
        answer.on("error", reject);
        answer.on("end", () => resolve({ code: answer.statusCode ?? 0, text }));
      });
      outgoing.on("error", reject);
      outgoing.end(body && JSON.stringify(body));
    });
  let lease = JSON.parse((await send("GET")).text) as { spec: object };
  const took: number[] = [];
  try {
    for (let count = 0; count < times; count += 1) {
      const startedMs = performance.now();
      const answer = await send("PUT", { ...lease, spec: { ...lease.spec, leaseTransitions: count } });
      took.push(performance.now() - startedMs);
      assert.equal(answer.code, 200, answer.text);
      lease = JSON.parse(answer.text) as { spec: object };
    }
  } finally {
    agent.destroy();
  }
  return took;
}

function percentile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * part)] ?? 0;
}

suite("under a flood", () => {
  const server = serverForTests({ extraArgs: ["--max-requests-inflight=20", "--max-mutating-requests-inflight=10"] });
  const api = new ApiRequests(server);

  test("leases of nodes and of leaders are renewed, and others are served, while who floods is refused", async () => {
    const leases = "/apis/coordination.k8s.io/v1/namespaces";
    const holders = [
      { name: "system:node:n1", group: "system:nodes", path: `${leases}/kube-node-lease/leases/n1` },
      { name: "system:kube-controller-manager", path: `${leases}/kube-system/leases/kube-controller-manager` },
    ];
    for (const { path } of holders) {
      const [, namespace = "", , name = ""] = path.slice(leases.length).split("/");
      await eventually(
        "the namespace is there",
        async () => (await api.ask("GET", `/api/v1/namespaces/${namespace}`)).code === 200,
      );
      await create(api, `${leases}/${namespace}/leases`, { metadata: { name }, spec: { holderIdentity: "x" } });
    }
    const data = { text: "x".repeat(1_000) };
    await inParallel(400, 20, (index) => create(api, configMaps, { metadata: { name: `filler-${index}` }, data }));
    for (const user of ["mallory", "alice"]) await empower(api, user);
    const mallory = await clientOf(server, "mallory");
    const alice = await clientOf(server, "alice");
    const measure = async () => {
      const all = await Promise.all(
        holders.map(async ({ name, group, path }) => renew(server, await clientOf(server, name, group), path, 150)),
      );
      return percentile(all.flat(), 0.99);
    };
    const idleMs = await measure();

    await using flood = new Flood(server, {
      as: mallory,
      connections: 500,
      requests: [
        { method: "GET", path: configMaps },
        { method: "POST", path: configMaps, body: JSON.stringify({ metadata: { name: "flood-INDEX" } }) },
      ],
    });
    await eventually("the flood is refused", () => flood.answers(429) > 100);
    const floodedMs = await measure();
    for (let count = 0; count < 20; count += 1) {
      const { code, text } = await api.ask("GET", `${configMaps}/filler-1`, { as: alice });
      assert.equal(code, 200, text);
    }
    // Far below what a lease of 15 seconds needs, whatever else the machine does.
    const boundMs = Math.max(2_000, 20 * idleMs);
    assert.ok(floodedMs < boundMs, `99% of renewals take ${floodedMs} ms under the flood, ${idleMs} ms without`);
    assert.ok(flood.answers(200) > 0);
    const { text } = await api.ask("GET", "/metrics");
    assert.doesNotMatch(text, /rejected_requests_total\{priority_level="(?:leader-election|node-high|exempt)"/);
  });
});

suite("--enable-priority-and-fairness=false", () => {
  const server = serverForTests({
    extraArgs: [
      "--enable-priority-and-fairness=false",
      "--max-requests-inflight=1",
      "--max-mutating-requests-inflight=0",
    ],
  });
  const api = new ApiRequests(server);

  test("leaves the simple limits", async () => {
    await empower(api, "nora");
    const nora = await clientOf(server, "nora");
    const { answers, refused } = await crowd(api, nora);
    assert.ok(answers.some(({ code }) => code === 200));
    for (const { headers, text } of refused) {
      assert.deepEqual([headers["retry-after"], text], ["1", "Too many requests, please try again later.\n"]);
    }
    assert.ok(answers.every(({ headers }) => headers[schemaHeader] === undefined));
    assert.equal((await api.ask("GET", "/debug/api_priority_and_fairness/dump_queues")).code, 404);
  });
});
