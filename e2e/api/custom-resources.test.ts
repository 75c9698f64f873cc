import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { ApiextensionsV1Api, CustomObjectsApi, KubeConfig, Watch } from "@kubernetes/client-node";
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionVersion,
  JSONSchemaProps,
} from "@kube-ts/api/apiextensions/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { adminKubeconfig } from "../harness/kubeconfig.ts";
import { eventually as eventuallyTrue } from "../harness/eventually.ts";
import { KubectlOnServer } from "../harness/kubectl-on-server.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

// Custom resources as clients that we did not write use them: upstream's kubectl and the JavaScript client.

interface Thing extends KubeObject {
  spec?: { color?: string; size?: number; note?: string; tags?: string[]; parts?: { name: string; count?: number }[] };
  status?: { phase?: string; size?: number };
}

const server = serverForTests();
const kubectl = new KubectlOnServer(server);

/** Until the check throws nothing. */
const eventually = (check: () => Promise<void>) =>
  eventuallyTrue(
    "check",
    async () => {
      await check();
      return true;
    },
    Boolean,
    15_000,
  );

const schema: JSONSchemaProps = {
  type: "object",
  description: "A thing for testing.",
  properties: {
    spec: {
      type: "object",
      required: ["color"],
      properties: {
        color: { type: "string", enum: ["red", "green"], description: "What it looks like." },
        size: { type: "integer", minimum: 0, maximum: 10, default: 1 },
        tags: { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "set" },
        parts: {
          type: "array",
          items: {
            type: "object",
            required: ["name"],
            properties: { name: { type: "string" }, count: { type: "integer" } },
          },
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["name"],
        },
      },
    },
    status: { type: "object", properties: { phase: { type: "string" }, size: { type: "integer" } } },
  },
};

const v1: CustomResourceDefinitionVersion = {
  name: "v1",
  served: true,
  storage: true,
  schema: { openAPIV3Schema: schema },
  subresources: {
    status: {},
    scale: { specReplicasPath: ".spec.size", statusReplicasPath: ".status.size" },
  },
  additionalPrinterColumns: [
    { name: "Color", type: "string", jsonPath: ".spec.color" },
    { name: "Size", type: "integer", jsonPath: ".spec.size" },
    { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  ],
  selectableFields: [{ jsonPath: ".spec.color" }],
};

const things: CustomResourceDefinition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "things.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "things", singular: "thing", kind: "Thing", shortNames: ["tg"], categories: ["all"] },
    versions: [v1],
  },
};

const thing = (name: string, spec: Thing["spec"] = { color: "red" }): Thing => ({
  apiVersion: "example.com/v1",
  kind: "Thing",
  metadata: { name },
  spec,
});

suite("upstream's kubectl", () => {
  test("defines a resource that is served at once", async () => {
    await kubectl.create(things);
    const startedMs = performance.now();
    await kubectl.run("wait --for=condition=Established --timeout=10s crd/things.example.com");
    await eventually(async () =>
      assert.match(await kubectl.run("api-resources --api-group=example.com"), /^things\s+tg\s/m),
    );
    const elapsedMs = performance.now() - startedMs;
    assert.ok(elapsedMs < 5_000, `served after ${elapsedMs} ms`);
    const crd = await kubectl.json<CustomResourceDefinition>("get crd things.example.com");
    assert.deepEqual(crd.status?.storedVersions, ["v1"]);
    assert.deepEqual(crd.status?.acceptedNames?.shortNames, ["tg"]);
    assert.deepEqual(
      crd.status?.conditions?.map(({ type, status }) => `${type}=${status}`),
      ["NamesAccepted=True", "Established=True"],
    );
  });

  test("creates objects, which get defaults and lose what the schema does not know", async () => {
    const object = { ...thing("one"), spec: { color: "red", shade: "dark" } };
    const strict = await kubectl.attempt(["create", "-f", "-"], JSON.stringify(object));
    assert.equal(strict.code, 1);
    assert.match(strict.stderr, /strict decoding error: unknown field "spec\.shade"/);
    const loose = await kubectl.attempt(["create", "--validate=warn", "-f", "-"], JSON.stringify(object));
    assert.equal(loose.code, 0, loose.stderr);
    assert.match(loose.stderr, /Warning: unknown field "spec\.shade"/);
    const stored = await kubectl.json<Thing>("get thing one");
    assert.deepEqual(stored.spec, { color: "red", size: 1 });
    assert.equal(stored.metadata.generation, 1);
  });

  test("is told what is wrong", async () => {
    const object = { ...thing("bad"), spec: { color: "blue", size: 11, tags: ["a", "a"] } };
    const stderr = await kubectl.refusal(object);
    assert.match(stderr, /The Thing "bad" is invalid:/);
    assert.match(stderr, /spec\.color: Unsupported value: "blue": supported values: "red", "green"/);
    assert.match(stderr, /spec\.size: Invalid value: 11: spec\.size in body should be less than or equal to 10/);
    assert.match(stderr, /spec\.tags\[1\]: Duplicate value: "a"/);
  });

  test("gets tables with the columns of the definition, by every name", async () => {
    for (const name of ["things", "thing", "tg", "things.example.com", "things.v1.example.com"]) {
      const [heading = "", row = ""] = (await kubectl.run(`get ${name}`)).split("\n");
      assert.match(heading, /^NAME\s+COLOR\s+SIZE\s+AGE$/);
      assert.match(row, /^one\s+red\s+1\s+\S+$/);
    }
    assert.match(await kubectl.run("get all"), /thing\.example\.com\/one/);
  });

  test("explains the schema", async () => {
    const text = await kubectl.run("explain things.spec");
    assert.match(text, /KIND:\s+Thing/);
    assert.match(text, /color\s+<string> -required-/);
    assert.match(text, /What it looks like\./);
    assert.match(await kubectl.run("explain things --recursive"), /parts\s+<\[\]Object>/);
  });

  test("patches, labels and annotates", async () => {
    await kubectl.patch("thing one --type=merge", { spec: { size: 2 } });
    await kubectl.patch("thing one --type=json", [{ op: "add", path: "/spec/tags", value: ["x"] }]);
    const { code, stderr } = await kubectl.attempt([
      "patch",
      "thing",
      "one",
      "--type=strategic",
      "-p",
      '{"spec":{"size":3}}',
    ]);
    assert.equal(code, 1);
    assert.match(stderr, /strategic merge patch is not supported|unknown format/);
    await kubectl.run("label thing one a=b");
    assert.equal(await kubectl.run("get things -l a=b -o name"), "thing.example.com/one\n");
    const one = await kubectl.json<Thing>("get thing one");
    assert.deepEqual(one.spec, { color: "red", size: 2, tags: ["x"] });
    assert.equal(one.metadata.generation, 3);
  });

  test("applies, from the client and on the server", async () => {
    await kubectl.run("apply -f -", JSON.stringify(thing("applied", { color: "red", size: 4 })));
    await kubectl.run("apply -f -", JSON.stringify(thing("applied", { color: "green" })));
    assert.deepEqual((await kubectl.json<Thing>("get thing applied")).spec, { color: "green", size: 1 });
    const parts = (...names: string[]) => ({ color: "red", parts: names.map((name) => ({ name, count: 1 })) });
    await kubectl.run("apply --server-side --field-manager=one -f -", JSON.stringify(thing("ssa", parts("a"))));
    await kubectl.run("apply --server-side --field-manager=two -f -", JSON.stringify(thing("ssa", parts("b"))));
    const merged = await kubectl.json<Thing>("get thing ssa");
    assert.deepEqual(merged.spec?.parts?.map(({ name }) => name).toSorted(), ["a", "b"]);
    await kubectl.run("delete thing applied ssa");
  });

  test("scales", async () => {
    await kubectl.run("scale thing one --replicas=5");
    assert.equal((await kubectl.json<Thing>("get thing one")).spec?.size, 5);
    assert.equal(
      (await kubectl.json<{ spec: { replicas: number } }>("get thing one --subresource=scale")).spec.replicas,
      5,
    );
  });

  test("writes the status apart from the rest", async () => {
    await kubectl.patch("thing one --subresource=status --type=merge", {
      spec: { size: 9 },
      status: { phase: "Ready" },
    });
    const one = await kubectl.json<Thing>("get thing one");
    assert.deepEqual(one.status, { phase: "Ready" });
    assert.equal(one.spec?.size, 5);
    await kubectl.patch("thing one --type=merge", { status: { phase: "Broken" } });
    assert.deepEqual((await kubectl.json<Thing>("get thing one")).status, { phase: "Ready" });
  });

  test("selects by the fields that the definition names", async () => {
    await kubectl.create(thing("green", { color: "green" }));
    assert.equal(
      await kubectl.run("get things --field-selector=spec.color=green -o name"),
      "thing.example.com/green\n",
    );
    const { code, stderr } = await kubectl.attempt(["get", "things", "--field-selector=spec.size=1"]);
    assert.equal(code, 1);
    assert.match(stderr, /field label not supported: spec\.size/);
  });

  test("sees a change of the definition at once", async () => {
    const v2: CustomResourceDefinitionVersion = {
      ...v1,
      name: "v2",
      storage: false,
      additionalPrinterColumns: [{ name: "Hue", type: "string", jsonPath: ".spec.color" }],
    };
    const versions = [{ ...v1, deprecated: true }, v2];
    await kubectl.patch("crd things.example.com --type=merge", { spec: { versions } });
    await eventually(async () => {
      const [heading = "", row = ""] = (await kubectl.run("get things.v2.example.com one")).split("\n");
      assert.match(heading, /^NAME\s+HUE$/);
      assert.match(row, /^one\s+red$/);
    });
    assert.equal((await kubectl.json<Thing>("get things.v2.example.com one")).apiVersion, "example.com/v2");
    const old = await kubectl.attempt(["get", "things.v1.example.com", "one", "-o", "name"]);
    assert.match(old.stderr, /Warning: example\.com\/v1 Thing is deprecated; use example\.com\/v2 Thing/);
  });

  test("deletes the definition with all its objects", async () => {
    await kubectl.run("delete crd things.example.com --timeout=30s");
    const { code, stderr } = await kubectl.attempt(["get", "things"]);
    assert.equal(code, 1);
    assert.match(stderr, /the server (doesn't have a resource type|could not find the requested resource)/);
    await kubectl.create(things);
    await kubectl.run("wait --for=condition=Established --timeout=10s crd/things.example.com");
    await eventually(async () => assert.equal(await kubectl.run("get things.v1.example.com -o name"), ""));
    await kubectl.run("delete crd things.example.com --timeout=30s");
  });
});

suite("rules", () => {
  const ruled: CustomResourceDefinition = {
    ...things,
    metadata: { name: "ruleds.example.com" },
    spec: {
      ...things.spec,
      names: { plural: "ruleds", kind: "Ruled" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: {
                spec: {
                  type: "object",
                  "x-kubernetes-validations": [
                    { rule: "self.min <= self.max", message: "min must not be above max", fieldPath: ".min" },
                    {
                      rule: "self.max >= oldSelf.max",
                      messageExpression:
                        "oldSelf.max > 4 ? 'max cannot go below what it was' : 'max cannot be lowered'",
                    },
                  ],
                  required: ["min", "max"],
                  properties: { min: { type: "integer" }, max: { type: "integer" } },
                },
              },
            },
          },
        },
      ],
    },
  };
  const object = (min: number, max: number) => ({
    apiVersion: "example.com/v1",
    kind: "Ruled",
    metadata: { name: "one" },
    spec: { min, max },
  });

  test("are checked when an object is created and when it changes", async () => {
    await kubectl.create(ruled);
    await kubectl.run("wait --for=condition=Established --timeout=10s crd/ruleds.example.com");
    await eventually(async () => void (await kubectl.run("get ruleds")));
    assert.match(
      await kubectl.refusal(object(2, 1)),
      /The Ruled "one" is invalid: spec\.min: Invalid value: "object": min must not be above max/,
    );
    await kubectl.create(object(1, 5));
    const { stderr } = await kubectl.attempt(["patch", "ruled", "one", "--type=merge", "-p", '{"spec":{"max":4}}']);
    assert.match(stderr, /spec: Invalid value: "object": max cannot go below what it was/);
    await kubectl.patch("ruled one --type=merge", { spec: { max: 6 } });
  });

  test("that do not compile are refused with the place of the error", async () => {
    const broken = structuredClone(ruled);
    const rules = broken.spec.versions[0]?.schema?.openAPIV3Schema?.properties?.["spec"]?.["x-kubernetes-validations"];
    assert.ok(rules?.[0]);
    rules[0].rule = "self.least <= self.max";
    const change = JSON.stringify({ spec: { versions: broken.spec.versions } });
    const { stderr } = await kubectl.attempt(["patch", "crd", "ruleds.example.com", "--type=merge", "-p", change]);
    assert.match(stderr, /x-kubernetes-validations\[0\]\.rule: Invalid value: /);
    assert.match(stderr, /undefined field 'least'/);
    await kubectl.run("delete crd ruleds.example.com --timeout=30s");
  });
});

suite("names", () => {
  test("belong to one definition of a group at a time", async () => {
    const named = (plural: string, kind: string): CustomResourceDefinition => ({
      ...things,
      metadata: { name: `${plural}.example.com` },
      spec: { ...things.spec, names: { plural, kind, shortNames: ["sh"] } },
    });
    await kubectl.create(named("firsts", "First"));
    await kubectl.run("wait --for=condition=Established --timeout=10s crd/firsts.example.com");
    await kubectl.create(named("seconds", "Second"));
    await kubectl.run("wait --for=condition=NamesAccepted=False --timeout=10s crd/seconds.example.com");
    const crd = await kubectl.json<CustomResourceDefinition>("get crd seconds.example.com");
    const condition = crd.status?.conditions?.find(({ type }) => type === "NamesAccepted");
    assert.equal(condition?.reason, "ShortNamesConflict");
    assert.equal(condition?.message, '"sh" is already in use');
    await kubectl.run("delete crd firsts.example.com --timeout=30s");
    await kubectl.run("wait --for=condition=Established --timeout=10s crd/seconds.example.com");
    await kubectl.run("delete crd seconds.example.com --timeout=30s");
  });
});

suite("a definition that goes", () => {
  test("takes nothing new, and stays until what is held is released", async () => {
    await kubectl.create(things);
    await kubectl.run("wait --for=condition=Established --timeout=10s crd/things.example.com");
    const held = thing("held");
    await kubectl.create({ ...held, metadata: { ...held.metadata, finalizers: ["example.com/held"] } });
    await kubectl.run("delete crd things.example.com --wait=false");
    await kubectl.run("wait --for=condition=Terminating --timeout=10s crd/things.example.com");
    await eventually(async () => {
      const stderr = await kubectl.refusal(thing("late"));
      assert.match(stderr, /create not allowed while custom resource definition is terminating/);
    });
    await kubectl.patch("things.v1.example.com held --type=merge", { metadata: { finalizers: null } });
    await kubectl.run("wait --for=delete --timeout=30s crd/things.example.com");
  });
});

suite("the JavaScript client", () => {
  test("lives with a custom resource", async () => {
    const config = new KubeConfig();
    config.loadFromFile(adminKubeconfig(server));
    const extensions = config.makeApiClient(ApiextensionsV1Api);
    const custom = config.makeApiClient(CustomObjectsApi);
    const at = { group: "example.com", version: "v1", namespace: "default", plural: "things" };
    await kubectl.create(things);
    await eventually(async () => void (await custom.listNamespacedCustomObject(at)));
    const seen: string[] = [];
    const abort = await new Watch(config).watch(
      "/apis/example.com/v1/namespaces/default/things",
      {},
      (type, object: Thing) => seen.push(`${type} ${object.metadata?.name} ${object.spec?.size}`),
      () => {},
    );
    await custom.createNamespacedCustomObject({ ...at, body: thing("one") });
    const one = (await custom.getNamespacedCustomObject({ ...at, name: "one" })) as Thing;
    await custom.replaceNamespacedCustomObject({
      ...at,
      name: "one",
      body: { ...one, spec: { color: "red", size: 3 } },
    });
    await custom.deleteNamespacedCustomObject({ ...at, name: "one" });
    await eventually(async () => assert.deepEqual(seen, ["ADDED one 1", "MODIFIED one 3", "DELETED one 3"]));
    abort.abort();
    await extensions.deleteCustomResourceDefinition({ name: "things.example.com" });
    await eventually(async () => {
      await assert.rejects(custom.listNamespacedCustomObject(at), { code: 404 });
    });
  });
});
