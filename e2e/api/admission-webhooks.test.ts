import assert from "node:assert/strict";
import { after, before, beforeEach, suite, test } from "node:test";
import type { KubeObject } from "@kube-ts/api/object";
import type { Status } from "@kube-ts/api/meta/v1";
import { ApiRequests } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";
import { KubectlOnServer } from "../harness/kubectl-on-server.ts";
import { type WebhookRequest, WebhookServer, jsonPatch } from "../harness/webhook-server.ts";

// Webhooks of admission, as upstream's kubectl sees what they do. One server for all tests; every test has a namespace.

let cluster: KubectlOnServer;
let api: ApiRequests;
let hooks: WebhookServer;

before(async () => {
  cluster = await KubectlOnServer.start();
  api = new ApiRequests(cluster.server);
  hooks = await WebhookServer.start(["127.0.0.1", "localhost", "hook.default.svc"]);
});

after(async () => {
  await hooks[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

const configMapRule = {
  operations: ["CREATE", "UPDATE", "DELETE"],
  apiGroups: [""],
  apiVersions: ["v1"],
  resources: ["configmaps"],
};

type Kind = "Mutating" | "Validating";
let scope = "";
let count = 0;

beforeEach(async () => {
  scope = `ns${++count}`;
  await cluster.run(`create namespace ${scope}`);
});

const base = () => ({
  rules: [configMapRule],
  sideEffects: "None",
  admissionReviewVersions: ["v1"],
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": scope } },
});

/** Sets webhooks up by name, each with what it has besides `base`; resolves when the server knows them. */
async function configure(kind: Kind, webhooks: readonly object[], name = scope): Promise<void> {
  const list = webhooks.map((webhook) => ({ ...base(), ...webhook }));
  const object = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: `${kind}WebhookConfiguration`,
    metadata: { name },
    webhooks: list,
  };
  await cluster.create(object);
}

const configMap = (name: string, data: Record<string, string> = {}, labels: Record<string, string> = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: scope, labels },
  data,
});

const maps = () => `/api/v1/namespaces/${scope}/configmaps`;

interface ConfigMap extends KubeObject {
  readonly data?: Record<string, string>;
}

const shown = (object: unknown) => object as ConfigMap;

suite("mutating webhooks", () => {
  test("are asked by the names of their configurations, and change the object", async () => {
    const append =
      (letter: string) =>
      ({ request }: WebhookRequest) => {
        const { data } = request.object as unknown as ConfigMap;
        return {
          allowed: true,
          ...jsonPatch({ op: "add", path: "/data/order", value: (data?.["order"] ?? "") + letter }),
        };
      };
    for (const letter of ["a", "b", "c"]) hooks.on(`/order-${letter}`, append(letter));
    const hook = (letter: string) => ({
      name: `${letter}.example.com`,
      clientConfig: hooks.config(`/order-${letter}`),
    });
    await configure("Mutating", [hook("c")], `z-${scope}`);
    await configure("Mutating", [hook("b"), hook("a")], `a-${scope}`);
    const made = await eventually(
      "all three",
      () => api.json<ConfigMap>("POST", `${maps()}?dryRun=All`, { body: configMap("order", { x: "y" }) }),
      ({ data }) => data?.["order"]?.length === 3,
    );
    assert.deepEqual(made.data, { x: "y", order: "bac" });
    const [call] = hooks.of("/order-a").slice(-1);
    assert.equal(call?.apiVersion, "admission.k8s.io/v1");
    const { uid, object: _object, userInfo, ...request } = call?.request ?? {};
    assert.match(uid ?? "", /^[0-9a-f-]{36}$/);
    assert.equal(userInfo?.username, "admin");
    const [kind, resource] = [
      { group: "", version: "v1", kind: "ConfigMap" },
      { group: "", version: "v1", resource: "configmaps" },
    ];
    assert.deepEqual(request, {
      kind,
      resource,
      requestKind: kind,
      requestResource: resource,
      name: "order",
      namespace: scope,
      operation: "CREATE",
      oldObject: null,
      dryRun: true,
      options: { kind: "CreateOptions", apiVersion: "meta.k8s.io/v1", dryRun: ["All"] },
    });
  });

  test("see the object again when another one changed it after them", async () => {
    let seen = 0;
    hooks.on("/again", ({ request }) => {
      seen += 1;
      const { data } = request.object as unknown as ConfigMap;
      return data?.["late"]
        ? { allowed: true, ...jsonPatch({ op: "add", path: "/data/again", value: "1" }) }
        : { allowed: true };
    });
    hooks.on("/late", () => ({ allowed: true, ...jsonPatch({ op: "add", path: "/data/late", value: "1" }) }));
    await configure("Mutating", [
      { name: "again.example.com", clientConfig: hooks.config("/again"), reinvocationPolicy: "IfNeeded" },
      { name: "late.example.com", clientConfig: hooks.config("/late") },
    ]);
    await eventually("a second look", async () => {
      seen = 0;
      const { data } = await api.json<ConfigMap>("POST", `${maps()}?dryRun=All`, { body: configMap("x", { a: "b" }) });
      assert.deepEqual(data, { a: "b", late: "1", again: "1" });
      assert.equal(seen, 2);
      return true;
    });
  });

  test("cannot move an object into another namespace, nor patch what is deleted", async () => {
    hooks.on("/move", ({ request }) => ({
      allowed: true,
      ...jsonPatch({
        op: "replace",
        path: request.operation === "DELETE" ? "/data" : "/metadata/namespace",
        value: "default",
      }),
    }));
    await cluster.create(configMap("old"));
    await configure("Mutating", [{ name: "move.example.com", clientConfig: hooks.config("/move") }]);
    const moved = await eventually(
      "refused",
      () => cluster.attempt(["create", "-f", "-", "--dry-run=server"], JSON.stringify(configMap("moved"))),
      ({ code }) => code !== 0,
    );
    assert.match(moved.stderr, /the namespace of the provided object does not match the namespace sent on the request/);
    const { stderr } = await cluster.attempt(["delete", "configmap", "old", "-n", scope]);
    assert.match(stderr, /admission webhook "move.example.com" attempted to modify the object, which is not supported/);
  });

  test("see a scale as a Scale, a custom resource and a status as what they are", async () => {
    const rule = {
      operations: ["UPDATE"],
      apiGroups: ["apps"],
      apiVersions: ["v1"],
      resources: ["deployments/scale", "deployments/status"],
    };
    hooks.on("/scale", ({ request }) =>
      request.subResource === "scale"
        ? { allowed: true, ...jsonPatch({ op: "replace", path: "/spec/replicas", value: 7 }) }
        : { allowed: true },
    );
    await cluster.run(`create deployment web --image=x -n ${scope}`);
    await configure("Mutating", [{ name: "scale.example.com", rules: [rule], clientConfig: hooks.config("/scale") }]);
    await eventually("scaled to seven", async () => {
      await cluster.run(`scale deployment web --replicas=3 -n ${scope}`);
      return (await cluster.run(`get deployment web -n ${scope} -o jsonpath={.spec.replicas}`)) === "7";
    });
    const { kind, resource } = hooks.of("/scale").at(-1)?.request ?? {};
    assert.deepEqual(kind, { group: "autoscaling", version: "v1", kind: "Scale" });
    assert.deepEqual(resource, { group: "apps", version: "v1", resource: "deployments" });
    await cluster.run(`patch deployment web -n ${scope} --subresource=status -p {"status":{"replicas":2}}`);
    assert.equal(hooks.of("/scale").at(-1)?.request.kind?.kind, "Deployment");
  });
});

suite("other versions", () => {
  test("of a built-in resource are shown and patched as the webhook knows them", async () => {
    const rule = { operations: ["CREATE"], apiGroups: ["autoscaling"], apiVersions: ["v2"] };
    hooks.on("/v2", () => ({ allowed: true, ...jsonPatch({ op: "replace", path: "/spec/maxReplicas", value: 9 }) }));
    await configure("Mutating", [
      {
        name: "v2.example.com",
        rules: [{ ...rule, resources: ["horizontalpodautoscalers"] }],
        clientConfig: hooks.config("/v2"),
      },
    ]);
    const body = {
      apiVersion: "autoscaling/v1",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "h" },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "d" },
        maxReplicas: 3,
        targetCPUUtilizationPercentage: 50,
      },
    };
    interface Autoscaler extends KubeObject {
      spec: { maxReplicas: number; targetCPUUtilizationPercentage: number };
    }
    const path = `/apis/autoscaling/v1/namespaces/${scope}/horizontalpodautoscalers?dryRun=All`;
    const made = await eventually(
      "patched",
      () => api.json<Autoscaler>("POST", path, { body }),
      ({ spec }) => spec.maxReplicas === 9,
    );
    assert.deepEqual([made.apiVersion, made.spec.targetCPUUtilizationPercentage], ["autoscaling/v1", 50]);
    const { kind, requestKind, object } = hooks.of("/v2").at(-1)?.request ?? {};
    assert.deepEqual([kind?.version, requestKind?.version, shown(object).apiVersion], ["v2", "v1", "autoscaling/v2"]);
  });

  test("of a custom resource are, too", async () => {
    const schema = (field: string) => ({
      openAPIV3Schema: {
        type: "object",
        properties: { spec: { type: "object", properties: { [field]: { type: "string" }, both: { type: "string" } } } },
      },
    });
    await cluster.create({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "things.example.com" },
      spec: {
        group: "example.com",
        scope: "Namespaced",
        names: { plural: "things", singular: "thing", kind: "Thing", listKind: "ThingList" },
        versions: [
          { name: "v1", served: true, storage: true, schema: schema("first") },
          { name: "v2", served: true, storage: false, schema: schema("second") },
        ],
      },
    });
    const rules = [{ operations: ["CREATE"], apiGroups: ["example.com"], apiVersions: ["v2"], resources: ["things"] }];
    hooks.on("/thing", () => ({ allowed: true, ...jsonPatch({ op: "add", path: "/spec/both", value: "hooked" }) }));
    await configure("Mutating", [{ name: "thing.example.com", rules, clientConfig: hooks.config("/thing") }]);
    const body = { apiVersion: "example.com/v1", kind: "Thing", metadata: { name: "t" }, spec: { first: "a" } };
    const path = `/apis/example.com/v1/namespaces/${scope}/things?dryRun=All`;
    const made = await eventually(
      "patched",
      () => api.json<KubeObject & { spec?: object }>("POST", path, { body }),
      ({ spec }) => spec !== undefined && "both" in spec,
    );
    assert.equal(made.apiVersion, "example.com/v1");
    const { kind, object } = hooks.of("/thing").at(-1)?.request ?? {};
    assert.deepEqual([kind?.version, shown(object).apiVersion], ["v2", "example.com/v2"]);
  });
});

suite("validating webhooks", () => {
  /** What kubectl says of a creation once the webhook has its effect. */
  const refusal = async (name = "refused") =>
    (
      await eventually(
        "refused",
        () => cluster.attempt(["create", "-f", "-", "--dry-run=server"], JSON.stringify(configMap(name))),
        ({ code }) => code !== 0,
      )
    ).stderr;

  test("refuse with a status of their own, and warn", async () => {
    hooks.on("/deny", ({ request }) => ({
      allowed: request.name !== "refused",
      warnings: ["think twice"],
      status: { metadata: {}, code: 418, reason: "Conflict", message: "not like this" },
    }));
    await configure("Validating", [{ name: "deny.example.com", clientConfig: hooks.config("/deny") }]);
    const text = await refusal();
    assert.match(text, /Warning: think twice/);
    assert.match(text, /admission webhook "deny\.example\.com" denied the request: not like this/);
    const status = await api.json<Status>("POST", maps(), { body: configMap("refused") });
    assert.deepEqual(
      [status.code, status.reason, status.message],
      [418, "Conflict", 'admission webhook "deny.example.com" denied the request: not like this'],
    );
    await cluster.create(configMap("fine"));
  });

  test("are asked about updates, deletions and both forms of the object", async () => {
    await configure("Validating", [{ name: "all.example.com", clientConfig: hooks.config("/all") }]);
    await eventually("asked", async () => {
      await api.json("POST", `${maps()}?dryRun=All`, { body: configMap("probe") });
      return hooks.of("/all").length > 0;
    });
    await cluster.create(configMap("a", { n: "1" }));
    await cluster.run(`label configmap a -n ${scope} k=v`);
    await cluster.run(`delete configmap a -n ${scope}`);
    const [update, deletion] = hooks.of("/all").slice(-2);
    assert.equal(update?.request.operation, "UPDATE");
    assert.deepEqual(shown(update?.request.object).metadata.labels, { k: "v" });
    assert.deepEqual(shown(update?.request.oldObject).metadata.labels ?? {}, {});
    assert.equal(deletion?.request.operation, "DELETE");
    assert.equal(deletion?.request.object, null);
    assert.deepEqual(shown(deletion?.request.oldObject).data, { n: "1" });
    assert.equal(shown(deletion?.request.options).kind, "DeleteOptions");
  });

  test("match by labels of the object, and by conditions", async () => {
    hooks.on("/no", () => ({ allowed: false }));
    await configure("Validating", [
      {
        name: "labels.example.com",
        clientConfig: hooks.config("/no"),
        objectSelector: { matchLabels: { watched: "yes" } },
      },
      {
        name: "conditions.example.com",
        clientConfig: hooks.config("/no"),
        matchConditions: [
          { name: "not-nodes", expression: "!('system:nodes' in request.userInfo.groups)" },
          { name: "named", expression: "object.metadata.name.startsWith('cond')" },
          { name: "may", expression: "authorizer.group('').resource('configmaps').check('delete').allowed()" },
        ],
      },
    ]);
    assert.match(await refusal("cond-1"), /"conditions\.example\.com" denied the request without explanation/);
    await cluster.create(configMap("plain"));
    assert.match(await cluster.refusal(configMap("x", {}, { watched: "yes" })), /"labels\.example\.com" denied/);
    const update = await cluster.attempt(["label", "configmap", "plain", "-n", scope, "watched=yes"]);
    assert.match(update.stderr, /"labels\.example\.com" denied/);
  });

  test("a condition that fails refuses, unless failures are to be ignored", async () => {
    const matchConditions = [{ name: "broken", expression: "object.data.missing == 'x'" }];
    const clientConfig = hooks.config("/broken-condition");
    await configure("Validating", [
      { name: "ignored.example.com", clientConfig, matchConditions, failurePolicy: "Ignore" },
      { name: "broken.example.com", clientConfig, matchConditions },
    ]);
    assert.match(
      await refusal(),
      /forbidden: expression 'object\.data\.missing == 'x'' resulted in error: no such key/,
    );
    assert.equal(hooks.of("/broken-condition").length, 0);
  });

  test("without the promise of no side effects refuse a dry run", async () => {
    const rules = [{ ...configMapRule, operations: ["UPDATE"] }];
    await cluster.create(configMap("dry"));
    hooks.on("/effects", () => ({ allowed: true }));
    await configure("Validating", [
      { name: "effects.example.com", rules, clientConfig: hooks.config("/effects"), sideEffects: "NoneOnDryRun" },
    ]);
    await eventually("asked", async () => {
      await cluster.run(`label configmap dry -n ${scope} a=${Date.now()} --overwrite --dry-run=server`);
      return hooks.of("/effects").at(-1)?.request.dryRun === true;
    });
  });

  test("are asked about connections and evictions", async () => {
    hooks.on("/connect", ({ request }) => ({
      allowed: false,
      status: { metadata: {}, message: `no ${request.subResource}` },
    }));
    const resources = ["pods/exec", "pods/portforward", "pods/eviction", "services/proxy"];
    const rule = { operations: ["CONNECT", "CREATE"], apiGroups: [""], apiVersions: ["v1"], resources };
    await configure("Validating", [
      { name: "connect.example.com", rules: [rule], clientConfig: hooks.config("/connect") },
    ]);
    await eventually("no proxy", async () => {
      const { message } = await api.json<Status>(
        "GET",
        `/api/v1/namespaces/${scope}/services/web/proxy/some/where?x=y`,
      );
      return message?.includes('"connect.example.com" denied the request: no proxy');
    });
    const { kind, operation, object } = hooks.of("/connect").at(-1)?.request ?? {};
    assert.deepEqual([kind?.kind, operation], ["ServiceProxyOptions", "CONNECT"]);
    assert.deepEqual(object, { kind: "ServiceProxyOptions", apiVersion: "v1", path: "/some/where" });
    await cluster.run(`create serviceaccount default -n ${scope}`);
    await cluster.run(`run p --image=i -n ${scope}`);
    const { stderr } = await cluster.attempt(["exec", "p", "-n", scope, "-i", "--", "ls", "-l"]);
    assert.match(stderr, /"connect\.example\.com" denied the request: no exec/);
    assert.deepEqual(hooks.of("/connect").at(-1)?.request.object, {
      kind: "PodExecOptions",
      apiVersion: "v1",
      stdin: true,
      stdout: true,
      stderr: true,
      container: "p",
      command: ["ls", "-l"],
    });
    const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "p", namespace: scope } };
    const evicted = await api.json<Status>("POST", `/api/v1/namespaces/${scope}/pods/p/eviction`, { body: eviction });
    assert.match(evicted.message ?? "", /denied the request: no eviction/);
  });

  test("are found by their service, which has a name in the certificate", async () => {
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "hook", namespace: "default" },
      spec: { type: "ExternalName", externalName: "localhost" },
    };
    await cluster.create(service);
    hooks.on("/by-service", () => ({ allowed: false, status: { metadata: {}, message: "found" } }));
    const clientConfig = {
      service: { namespace: "default", name: "hook", path: "/by-service", port: hooks.port },
      caBundle: hooks.caBundle,
    };
    await configure("Validating", [{ name: "service.example.com", clientConfig }]);
    assert.match(await refusal(), /denied the request: found/);
    const other = { service: { namespace: "default", name: "nobody" }, caBundle: hooks.caBundle };
    await cluster.run(`delete validatingwebhookconfiguration ${scope}`);
    await configure("Validating", [{ name: "nobody.example.com", clientConfig: other }]);
    assert.match(
      await refusal(),
      /InternalError.*failed calling webhook "nobody\.example\.com": failed to call webhook: .*service "nobody" not found/,
    );
  });

  test("are not asked about their own configurations", async () => {
    hooks.on("/never", () => ({ allowed: false }));
    const everything = { operations: ["*"], apiGroups: ["*"], apiVersions: ["*"], resources: ["*/*"] };
    const namespaceSelector = {};
    await configure("Validating", [
      {
        name: "never.example.com",
        rules: [everything],
        namespaceSelector,
        clientConfig: hooks.config("/never"),
        matchConditions: [{ name: "mine", expression: `request.userInfo.username == 'admin'` }],
      },
    ]);
    try {
      await eventually("locked", async () => (await cluster.attempt(["create", "namespace", "locked"])).code !== 0);
    } finally {
      await cluster.run(`delete validatingwebhookconfiguration ${scope}`);
    }
    await eventually("open again", () => cluster.run("create namespace unlocked"));
  });
});

suite("hostile webhooks", () => {
  const cases: readonly { what: string; path: string; says: RegExp; timeoutSeconds?: number }[] = [
    { what: "garbage", path: "/garbage", says: /failed to call webhook: couldn't get version\/kind; json parse error/ },
    { what: "an empty object", path: "/empty", says: /received invalid webhook response: webhook response was absent/ },
    { what: "another uid", path: "/uid", says: /expected response\.uid="[^"]+", got "other"/ },
    {
      what: "another kind",
      path: "/kind",
      says: /expected webhook response of admission\.k8s\.io\/v1, Kind=AdmissionReview/,
    },
    { what: "an endless answer", path: "/huge", says: /failed to call webhook: the answer is larger than/ },
    { what: "a redirect", path: "/redirect", says: /failed to call webhook: an error on the server/ },
    { what: "silence", path: "/slow", says: /timeout=1s": context deadline exceeded/, timeoutSeconds: 1 },
    { what: "a closed connection", path: "/close", says: /failed to call webhook: Post "https:/ },
    { what: "a failure", path: "/500", says: /failed to call webhook: an error on the server \("broken"\)/ },
    { what: "a patch of its own", path: "/patch", says: /validating webhook may not return response\.patch/ },
  ];

  before(() => {
    hooks.onRaw("/garbage", (_request, response) => response.end("<html>hello</html>"));
    hooks.onRaw("/empty", (_request, response) => response.end("{}"));
    const review = (uid: string, kind: string) => ({
      kind,
      apiVersion: "admission.k8s.io/v1",
      response: { uid, allowed: true },
    });
    hooks.onRaw("/uid", (_request, response) => response.end(JSON.stringify(review("other", "AdmissionReview"))));
    hooks.on("/kind", () => ({ allowed: true }));
    hooks.onRaw("/kind", (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { uid } = (JSON.parse(Buffer.concat(chunks).toString()) as WebhookRequest).request;
        response.end(JSON.stringify(review(uid ?? "", "Other")));
      });
    });
    hooks.onRaw("/huge", (_request, response) => {
      const piece = Buffer.alloc(1024 * 1024, "x");
      const more = () => {
        while (!response.destroyed && response.write(piece));
      };
      response.on("drain", more);
      more();
    });
    hooks.onRaw("/redirect", (_request, response) => {
      response.writeHead(302, { Location: `https://127.0.0.1:${hooks.port}/target` });
      response.end();
    });
    hooks.onRaw("/slow", () => {});
    hooks.onRaw("/close", (request) => request.socket.destroy());
    hooks.onRaw("/500", (_request, response) => {
      response.statusCode = 500;
      response.end("broken");
    });
    hooks.on("/patch", () => ({ allowed: true, ...jsonPatch({ op: "remove", path: "/data" }) }));
  });

  for (const { what, path, says, timeoutSeconds = 10 } of cases) {
    test(`${what} refuses the write, or is ignored`, async () => {
      const clientConfig = hooks.config(path);
      const hook = { name: "hostile.example.com", clientConfig, timeoutSeconds };
      await configure("Validating", [hook]);
      const { stderr } = await eventually(
        "refused",
        () => cluster.attempt(["create", "-f", "-"], JSON.stringify(configMap("refused"))),
        ({ code }) => code !== 0,
      );
      assert.match(
        stderr,
        /\(InternalError\).*Internal error occurred: failed calling webhook "hostile\.example\.com": /,
      );
      assert.match(stderr, says);
      assert.equal(hooks.of("/target").length, 0);
      await cluster.run(`delete validatingwebhookconfiguration ${scope}`);
      await configure("Validating", [{ ...hook, failurePolicy: "Ignore" }]);
      await eventually("ignored", () => cluster.run(`create configmap fine -n ${scope} --dry-run=server`));
    });
  }

  test("patches that do not apply, or make no object of the kind, refuse the write", async () => {
    hooks.on("/bad-patch", ({ request }) => ({
      allowed: true,
      ...jsonPatch(
        request.name === "missing"
          ? { op: "remove", path: "/spec/nothing" }
          : { op: "replace", path: "/data", value: "a text" },
      ),
    }));
    await configure("Mutating", [{ name: "patch.example.com", clientConfig: hooks.config("/bad-patch") }]);
    for (const name of ["missing", "mistyped"]) {
      const { stderr } = await eventually(
        "refused",
        () => cluster.attempt(["create", "-f", "-", "--dry-run=server"], JSON.stringify(configMap(name, { a: "b" }))),
        ({ code }) => code !== 0,
      );
      assert.match(stderr, /InternalError/);
    }
  });

  test("calls share connections, and are counted", async () => {
    hooks.on("/counted", () => ({ allowed: true }));
    hooks.onRaw("/counted-500", (_request, response) => {
      response.statusCode = 500;
      response.end("broken");
    });
    await configure("Validating", [
      { name: "counted.example.com", clientConfig: hooks.config("/counted") },
      { name: "open.example.com", clientConfig: hooks.config("/counted-500"), failurePolicy: "Ignore" },
      {
        name: "closed.example.com",
        clientConfig: hooks.config("/counted-500"),
        objectSelector: { matchLabels: { closed: "yes" } },
      },
    ]);
    await eventually("asked", async () => {
      await api.json("POST", `${maps()}?dryRun=All`, { body: configMap("probe") });
      return hooks.of("/counted").length > 0;
    });
    const before = hooks.connections;
    for (let index = 0; index < 10; index++) {
      await api.json("POST", `${maps()}?dryRun=All`, { body: configMap(`c${index}`) });
    }
    assert.ok(hooks.connections - before <= 2, `${hooks.connections - before} new connections`);
    await api.json("POST", `${maps()}?dryRun=All`, { body: configMap("closed", {}, { closed: "yes" }) });
    const { text } = await api.ask("GET", "/metrics");
    const counted = text.split("\n").filter((line) => line.startsWith("apiserver_admission_webhook_"));
    const has = (start: string) =>
      assert.ok(
        counted.some((line) => line.startsWith(start)),
        counted.join("\n"),
      );
    const labels = (name: string) => `name="${name}.example.com",type="validating"`;
    const create = 'operation="CREATE"';
    has(
      `apiserver_admission_webhook_admission_duration_seconds_count{${labels("counted")},${create},rejected="false"}`,
    );
    has(`apiserver_admission_webhook_fail_open_count{${labels("open")}}`);
    has(
      `apiserver_admission_webhook_rejection_count{${labels("closed")},${create},error_type="calling_webhook_error",rejection_code="503"} 1`,
    );
  });
});
