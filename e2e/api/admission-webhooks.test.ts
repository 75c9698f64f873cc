import assert from "node:assert/strict";
import { after, before, beforeEach, suite, test } from "node:test";
import type { KubeObject } from "@kube-ts/api/object";
import type { Status } from "@kube-ts/api/meta/v1";
import { eventually } from "../harness/eventually.ts";
import { WebhookBench } from "../harness/webhook-bench.ts";
import { type WebhookRequest, jsonPatch } from "../harness/webhook-server.ts";

// Webhooks of admission, as upstream's kubectl sees what they do. One server for all tests; every test has a namespace.

let bench: WebhookBench;

before(async () => {
  bench = await WebhookBench.start();
});

after(() => bench[Symbol.asyncDispose]());

beforeEach(() => bench.enter());

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
    for (const letter of ["a", "b", "c"]) bench.hooks.on(`/order-${letter}`, append(letter));
    const hook = (letter: string) => ({
      name: `${letter}.example.com`,
      clientConfig: bench.hooks.config(`/order-${letter}`),
    });
    await bench.configure("Mutating", [hook("c")], `z-${bench.scope}`);
    await bench.configure("Mutating", [hook("b"), hook("a")], `a-${bench.scope}`);
    const made = await eventually(
      "all three",
      () =>
        bench.api.json<ConfigMap>("POST", `${bench.maps()}?dryRun=All`, { body: bench.configMap("order", { x: "y" }) }),
      ({ data }) => data?.["order"]?.length === 3,
    );
    assert.deepEqual(made.data, { x: "y", order: "bac" });
    const [call] = bench.hooks.of("/order-a").slice(-1);
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
      namespace: bench.scope,
      operation: "CREATE",
      oldObject: null,
      dryRun: true,
      options: { kind: "CreateOptions", apiVersion: "meta.k8s.io/v1", dryRun: ["All"] },
    });
  });

  test("see the object again when another one changed it after them", async () => {
    let seen = 0;
    bench.hooks.on("/again", ({ request }) => {
      seen += 1;
      const { data } = request.object as unknown as ConfigMap;
      return data?.["late"]
        ? { allowed: true, ...jsonPatch({ op: "add", path: "/data/again", value: "1" }) }
        : { allowed: true };
    });
    bench.hooks.on("/late", () => ({ allowed: true, ...jsonPatch({ op: "add", path: "/data/late", value: "1" }) }));
    await bench.configure("Mutating", [
      { name: "again.example.com", clientConfig: bench.hooks.config("/again"), reinvocationPolicy: "IfNeeded" },
      { name: "late.example.com", clientConfig: bench.hooks.config("/late") },
    ]);
    await eventually("a second look", async () => {
      seen = 0;
      const { data } = await bench.api.json<ConfigMap>("POST", `${bench.maps()}?dryRun=All`, {
        body: bench.configMap("x", { a: "b" }),
      });
      assert.deepEqual(data, { a: "b", late: "1", again: "1" });
      assert.equal(seen, 2);
      return true;
    });
  });

  test("cannot move an object into another namespace, nor patch what is deleted", async () => {
    bench.hooks.on("/move", ({ request }) => ({
      allowed: true,
      ...jsonPatch({
        op: "replace",
        path: request.operation === "DELETE" ? "/data" : "/metadata/namespace",
        value: "default",
      }),
    }));
    await bench.cluster.create(bench.configMap("old"));
    await bench.configure("Mutating", [{ name: "move.example.com", clientConfig: bench.hooks.config("/move") }]);
    const moved = await eventually(
      "refused",
      () => bench.cluster.attempt(["create", "-f", "-", "--dry-run=server"], JSON.stringify(bench.configMap("moved"))),
      ({ code }) => code !== 0,
    );
    assert.match(moved.stderr, /the namespace of the provided object does not match the namespace sent on the request/);
    const { stderr } = await bench.cluster.attempt(["delete", "configmap", "old", "-n", bench.scope]);
    assert.match(stderr, /admission webhook "move.example.com" attempted to modify the object, which is not supported/);
  });

  test("see a scale as a Scale, a custom resource and a status as what they are", async () => {
    const rule = {
      operations: ["UPDATE"],
      apiGroups: ["apps"],
      apiVersions: ["v1"],
      resources: ["deployments/scale", "deployments/status"],
    };
    bench.hooks.on("/scale", ({ request }) =>
      request.subResource === "scale"
        ? { allowed: true, ...jsonPatch({ op: "replace", path: "/spec/replicas", value: 7 }) }
        : { allowed: true },
    );
    await bench.cluster.run(`create deployment web --image=x -n ${bench.scope}`);
    await bench.configure("Mutating", [
      { name: "scale.example.com", rules: [rule], clientConfig: bench.hooks.config("/scale") },
    ]);
    await eventually("scaled to seven", async () => {
      await bench.cluster.run(`scale deployment web --replicas=3 -n ${bench.scope}`);
      return (await bench.cluster.run(`get deployment web -n ${bench.scope} -o jsonpath={.spec.replicas}`)) === "7";
    });
    const { kind, resource } = bench.hooks.of("/scale").at(-1)?.request ?? {};
    assert.deepEqual(kind, { group: "autoscaling", version: "v1", kind: "Scale" });
    assert.deepEqual(resource, { group: "apps", version: "v1", resource: "deployments" });
    await bench.cluster.run(`patch deployment web -n ${bench.scope} --subresource=status -p {"status":{"replicas":2}}`);
    assert.equal(bench.hooks.of("/scale").at(-1)?.request.kind?.kind, "Deployment");
  });
});

suite("other versions", () => {
  test("of a built-in resource are shown and patched as the webhook knows them", async () => {
    const rule = { operations: ["CREATE"], apiGroups: ["autoscaling"], apiVersions: ["v2"] };
    bench.hooks.on("/v2", () => ({
      allowed: true,
      ...jsonPatch({ op: "replace", path: "/spec/maxReplicas", value: 9 }),
    }));
    await bench.configure("Mutating", [
      {
        name: "v2.example.com",
        rules: [{ ...rule, resources: ["horizontalpodautoscalers"] }],
        clientConfig: bench.hooks.config("/v2"),
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
    const path = `/apis/autoscaling/v1/namespaces/${bench.scope}/horizontalpodautoscalers?dryRun=All`;
    const made = await eventually(
      "patched",
      () => bench.api.json<Autoscaler>("POST", path, { body }),
      ({ spec }) => spec.maxReplicas === 9,
    );
    assert.deepEqual([made.apiVersion, made.spec.targetCPUUtilizationPercentage], ["autoscaling/v1", 50]);
    const { kind, requestKind, object } = bench.hooks.of("/v2").at(-1)?.request ?? {};
    assert.deepEqual([kind?.version, requestKind?.version, shown(object).apiVersion], ["v2", "v1", "autoscaling/v2"]);
  });

  test("of a custom resource are, too", async () => {
    const schema = (field: string) => ({
      openAPIV3Schema: {
        type: "object",
        properties: { spec: { type: "object", properties: { [field]: { type: "string" }, both: { type: "string" } } } },
      },
    });
    await bench.cluster.create({
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
    bench.hooks.on("/thing", () => ({
      allowed: true,
      ...jsonPatch({ op: "add", path: "/spec/both", value: "hooked" }),
    }));
    await bench.configure("Mutating", [
      { name: "thing.example.com", rules, clientConfig: bench.hooks.config("/thing") },
    ]);
    const body = { apiVersion: "example.com/v1", kind: "Thing", metadata: { name: "t" }, spec: { first: "a" } };
    const path = `/apis/example.com/v1/namespaces/${bench.scope}/things?dryRun=All`;
    const made = await eventually(
      "patched",
      () => bench.api.json<KubeObject & { spec?: object }>("POST", path, { body }),
      ({ spec }) => spec !== undefined && "both" in spec,
    );
    assert.equal(made.apiVersion, "example.com/v1");
    const { kind, object } = bench.hooks.of("/thing").at(-1)?.request ?? {};
    assert.deepEqual([kind?.version, shown(object).apiVersion], ["v2", "example.com/v2"]);
  });
});

suite("validating webhooks", () => {
  /** What kubectl says of a creation once the webhook has its effect. */
  const refusal = async (name = "refused") =>
    (
      await eventually(
        "refused",
        () => bench.cluster.attempt(["create", "-f", "-", "--dry-run=server"], JSON.stringify(bench.configMap(name))),
        ({ code }) => code !== 0,
      )
    ).stderr;

  test("refuse with a status of their own, and warn", async () => {
    bench.hooks.on("/deny", ({ request }) => ({
      allowed: request.name !== "refused",
      warnings: ["think twice"],
      status: { metadata: {}, code: 418, reason: "Conflict", message: "not like this" },
    }));
    await bench.configure("Validating", [{ name: "deny.example.com", clientConfig: bench.hooks.config("/deny") }]);
    const text = await refusal();
    assert.match(text, /Warning: think twice/);
    assert.match(text, /admission webhook "deny\.example\.com" denied the request: not like this/);
    const status = await bench.api.json<Status>("POST", bench.maps(), { body: bench.configMap("refused") });
    assert.deepEqual(
      [status.code, status.reason, status.message],
      [418, "Conflict", 'admission webhook "deny.example.com" denied the request: not like this'],
    );
    await bench.cluster.create(bench.configMap("fine"));
  });

  test("are asked about updates, deletions and both forms of the object", async () => {
    await bench.configure("Validating", [{ name: "all.example.com", clientConfig: bench.hooks.config("/all") }]);
    await eventually("asked", async () => {
      await bench.api.json("POST", `${bench.maps()}?dryRun=All`, { body: bench.configMap("probe") });
      return bench.hooks.of("/all").length > 0;
    });
    await bench.cluster.create(bench.configMap("a", { n: "1" }));
    await bench.cluster.run(`label configmap a -n ${bench.scope} k=v`);
    await bench.cluster.run(`delete configmap a -n ${bench.scope}`);
    const [update, deletion] = bench.hooks.of("/all").slice(-2);
    assert.equal(update?.request.operation, "UPDATE");
    assert.deepEqual(shown(update?.request.object).metadata.labels, { k: "v" });
    assert.deepEqual(shown(update?.request.oldObject).metadata.labels ?? {}, {});
    assert.equal(deletion?.request.operation, "DELETE");
    assert.equal(deletion?.request.object, null);
    assert.deepEqual(shown(deletion?.request.oldObject).data, { n: "1" });
    assert.equal(shown(deletion?.request.options).kind, "DeleteOptions");
  });

  test("are asked once about a deletion that they refuse", async () => {
    bench.hooks.on("/delete", ({ request }) => ({ allowed: request.operation !== "DELETE" }));
    await bench.cluster.create(bench.configMap("kept"));
    await bench.configure("Validating", [{ name: "delete.example.com", clientConfig: bench.hooks.config("/delete") }]);
    await eventually("asked", async () => {
      await bench.api.json("POST", `${bench.maps()}?dryRun=All`, { body: bench.configMap("probe") });
      return bench.hooks.of("/delete").length > 0;
    });
    const { message } = await bench.api.json<Status>("DELETE", `${bench.maps()}/kept`);
    assert.match(message ?? "", /"delete\.example\.com" denied the request without explanation/);
    assert.equal(bench.hooks.of("/delete").filter(({ request }) => request.operation === "DELETE").length, 1);
  });

  test("match by labels of the object, and by conditions", async () => {
    bench.hooks.on("/no", () => ({ allowed: false }));
    await bench.configure("Validating", [
      {
        name: "labels.example.com",
        clientConfig: bench.hooks.config("/no"),
        objectSelector: { matchLabels: { watched: "yes" } },
      },
      {
        name: "conditions.example.com",
        clientConfig: bench.hooks.config("/no"),
        matchConditions: [
          { name: "not-nodes", expression: "!('system:nodes' in request.userInfo.groups)" },
          { name: "named", expression: "object.metadata.name.startsWith('cond')" },
          { name: "may", expression: "authorizer.group('').resource('configmaps').check('delete').allowed()" },
        ],
      },
    ]);
    assert.match(await refusal("cond-1"), /"conditions\.example\.com" denied the request without explanation/);
    await bench.cluster.create(bench.configMap("plain"));
    assert.match(
      await bench.cluster.refusal(bench.configMap("x", {}, { watched: "yes" })),
      /"labels\.example\.com" denied/,
    );
    const update = await bench.cluster.attempt(["label", "configmap", "plain", "-n", bench.scope, "watched=yes"]);
    assert.match(update.stderr, /"labels\.example\.com" denied/);
  });

  test("a condition that fails refuses, unless failures are to be ignored", async () => {
    const matchConditions = [{ name: "broken", expression: "object.data.missing == 'x'" }];
    const clientConfig = bench.hooks.config("/broken-condition");
    await bench.configure("Validating", [
      { name: "ignored.example.com", clientConfig, matchConditions, failurePolicy: "Ignore" },
      { name: "broken.example.com", clientConfig, matchConditions },
    ]);
    assert.match(
      await refusal(),
      /forbidden: expression 'object\.data\.missing == 'x'' resulted in error: no such key/,
    );
    assert.equal(bench.hooks.of("/broken-condition").length, 0);
  });

  test("without the promise of no side effects refuse a dry run", async () => {
    const rules = [{ operations: ["UPDATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"] }];
    await bench.cluster.create(bench.configMap("dry"));
    bench.hooks.on("/effects", () => ({ allowed: true }));
    await bench.configure("Validating", [
      { name: "effects.example.com", rules, clientConfig: bench.hooks.config("/effects"), sideEffects: "NoneOnDryRun" },
    ]);
    await eventually("asked", async () => {
      await bench.cluster.run(`label configmap dry -n ${bench.scope} a=${Date.now()} --overwrite --dry-run=server`);
      return bench.hooks.of("/effects").at(-1)?.request.dryRun === true;
    });
  });

  test("are asked about connections and evictions", async () => {
    bench.hooks.on("/connect", ({ request }) => ({
      allowed: false,
      status: { metadata: {}, message: `no ${request.subResource}` },
    }));
    const resources = ["pods/exec", "pods/portforward", "pods/eviction", "services/proxy"];
    const rule = { operations: ["CONNECT", "CREATE"], apiGroups: [""], apiVersions: ["v1"], resources };
    await bench.configure("Validating", [
      { name: "connect.example.com", rules: [rule], clientConfig: bench.hooks.config("/connect") },
    ]);
    await eventually("no proxy", async () => {
      const { message } = await bench.api.json<Status>(
        "GET",
        `/api/v1/namespaces/${bench.scope}/services/web/proxy/some/where?x=y`,
      );
      return message?.includes('"connect.example.com" denied the request: no proxy');
    });
    const { kind, operation, object } = bench.hooks.of("/connect").at(-1)?.request ?? {};
    assert.deepEqual([kind?.kind, operation], ["ServiceProxyOptions", "CONNECT"]);
    assert.deepEqual(object, { kind: "ServiceProxyOptions", apiVersion: "v1", path: "/some/where" });
    await bench.cluster.run(`create serviceaccount default -n ${bench.scope}`);
    await bench.cluster.run(`run p --image=i -n ${bench.scope}`);
    const { stderr } = await bench.cluster.attempt(["exec", "p", "-n", bench.scope, "-i", "--", "ls", "-l"]);
    assert.match(stderr, /"connect\.example\.com" denied the request: no exec/);
    assert.deepEqual(bench.hooks.of("/connect").at(-1)?.request.object, {
      kind: "PodExecOptions",
      apiVersion: "v1",
      stdin: true,
      stdout: true,
      stderr: true,
      container: "p",
      command: ["ls", "-l"],
    });
    const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "p", namespace: bench.scope } };
    const evicted = await bench.api.json<Status>("POST", `/api/v1/namespaces/${bench.scope}/pods/p/eviction`, {
      body: eviction,
    });
    assert.match(evicted.message ?? "", /denied the request: no eviction/);
  });

  test("are found by their service, which has a name in the certificate", async () => {
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "hook", namespace: "default" },
      spec: { type: "ExternalName", externalName: "localhost" },
    };
    await bench.cluster.create(service);
    bench.hooks.on("/by-service", () => ({ allowed: false, status: { metadata: {}, message: "found" } }));
    const clientConfig = {
      service: { namespace: "default", name: "hook", path: "/by-service", port: bench.hooks.port },
      caBundle: bench.hooks.caBundle,
    };
    await bench.configure("Validating", [{ name: "service.example.com", clientConfig }]);
    assert.match(await refusal(), /denied the request: found/);
    const other = { service: { namespace: "default", name: "nobody" }, caBundle: bench.hooks.caBundle };
    await bench.cluster.run(`delete validatingwebhookconfiguration ${bench.scope}`);
    await bench.configure("Validating", [{ name: "nobody.example.com", clientConfig: other }]);
    assert.match(
      await refusal(),
      /InternalError.*failed calling webhook "nobody\.example\.com": failed to call webhook: .*service "nobody" not found/,
    );
  });

  test("are not asked about their own configurations", async () => {
    bench.hooks.on("/never", () => ({ allowed: false }));
    const everything = { operations: ["*"], apiGroups: ["*"], apiVersions: ["*"], resources: ["*/*"] };
    const namespaceSelector = {};
    await bench.configure("Validating", [
      {
        name: "never.example.com",
        rules: [everything],
        namespaceSelector,
        clientConfig: bench.hooks.config("/never"),
        matchConditions: [{ name: "mine", expression: `request.userInfo.username == 'admin'` }],
      },
    ]);
    try {
      await eventually(
        "locked",
        async () => (await bench.cluster.attempt(["create", "namespace", "locked"])).code !== 0,
      );
    } finally {
      await bench.cluster.run(`delete validatingwebhookconfiguration ${bench.scope}`);
    }
    await eventually("open again", () => bench.cluster.run("create namespace unlocked"));
  });
});
