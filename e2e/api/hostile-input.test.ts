import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { suite, test } from "node:test";
import { serverForTests } from "../harness/server-for-tests.ts";
import {
  TypedBodies,
  applyPatch,
  configMap,
  definition,
  json,
  jsonPatch,
  mergePatch,
  strategicPatch,
  yaml,
} from "../harness/typed-bodies.ts";

// What somebody sends who means harm ends in a 4xx soon, costs little memory, and changes nothing.

const server = serverForTests({ prepare });
const api = new TypedBodies(server);

const configMaps = "/api/v1/namespaces/default/configmaps";

const text = { type: "string" };
const inherited = {
  constructor: { type: "object", properties: { prototype: text } },
  toString: text,
  valueOf: { ...text, default: "v" },
};
const traps = JSON.parse(`{"__proto__":{"type":"string"},${JSON.stringify(inherited).slice(1)}`) as object;

async function prepare(): Promise<void> {
  await api.define(definition("foos", "a.io", "Namespaced"), definition("traps", "h.io", "Namespaced", traps));
  const made = await api.send("POST", configMaps, json, configMap("open", { text: "public" }));
  assert.equal(made.code, 201, made.text);
}

/** The most memory that the server has had since the last call, in bytes. */
function takePeakBytes(): number {
  const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
  writeFileSync(`/proc/${server.pid}/clear_refs`, "5");
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

const nested = (open: string, close: string) => open.repeat(100_000) + close.repeat(100_000);
const bomb = ["a: &a [x,x,x,x,x,x,x,x,x,x]"];
for (const [index, name] of [..."bcdefghi"].entries()) {
  bomb.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${"abcdefgh"[index]}`).join(",")}]`);
}
const bombText = bomb.join("\n");
const lists = nested("[", "]");
const objects = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;

suite("bodies that grow or nest are refused within a second, at little cost", () => {
  const foos = "/apis/a.io/v1/namespaces/default/foos";
  const target = `${configMaps}/open`;
  const applied = `${configMaps}/applied?fieldManager=m`;
  const operations = (count: number) =>
    JSON.stringify(Array.from({ length: count }, () => ({ op: "test", path: "/kind", value: "ConfigMap" })));
  const copies = JSON.stringify([
    { op: "add", path: "/data/big", value: "x".repeat(100_000) },
    ...Array.from({ length: 40 }, (_, index) => ({ op: "copy", from: "/data/big", path: `/data/big${index}` })),
  ]);
  const growing = JSON.stringify([
    { op: "add", path: "/data/m", value: { a: "x".repeat(1000) } },
    ...Array.from({ length: 30 }, (_, index) => ({ op: "copy", from: "/data/m", path: `/data/m/${index}` })),
  ]);
  const manyKeys = Array.from({ length: 250_000 }, (_, index) => `k${index}: v`).join("\n");
  const operation = (value: string) => `[{"op":"add","path":"/data/x","value":${value}}]`;

  const cases: readonly (readonly [
    name: string,
    method: string,
    path: string,
    type: string,
    body: string,
    code: number,
    message: RegExp,
  ])[] = [
    [
      "10,001 operations",
      "PATCH",
      target,
      jsonPatch,
      operations(10_001),
      413,
      /^Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001$/,
    ],
    [
      "copies past 3 MiB",
      "PATCH",
      target,
      jsonPatch,
      copies,
      422,
      /^the server rejected our request due to an error in our request$/,
    ],
    ["copies of what copies made", "PATCH", target, jsonPatch, growing, 422, /^the server rejected our request/],
    ["three megabytes of items", "POST", foos, yaml, "- a\n".repeat(750_000), 400, /more than 100000 tokens/],
    ["three megabytes of keys", "PATCH", applied, applyPatch, manyKeys, 400, /more than 100000 tokens/],
    ["three megabytes of quotes", "POST", foos, yaml, `a${'"'.repeat(3_000_000)}`, 400, /./],
    ["an alias bomb in a new object", "POST", foos, yaml, bombText, 400, /excessive aliasing/],
    ["an alias bomb in an apply", "PATCH", applied, applyPatch, bombText, 400, /excessive aliasing/],
    ["an alias bomb in the options of a deletion", "DELETE", target, yaml, bombText, 400, /excessive aliasing/],
    ["nested lists in a custom resource", "POST", foos, json, `{"spec":{"a":${lists}}}`, 400, /exceeded max depth/],
    ["nested objects in a custom resource", "POST", foos, json, `{"spec":${objects}}`, 400, /exceeded max depth/],
    ["nested lists in YAML", "POST", foos, yaml, `spec: {a: ${lists}}`, 400, /exceeded max depth/],
    ["nested items in YAML", "POST", foos, yaml, `spec:\n  a:\n  ${"- ".repeat(100_000)}x`, 400, /exceeded max depth/],
    [
      "nested lists in an apply",
      "PATCH",
      applied,
      applyPatch,
      `{"metadata":{"name":"applied"},"data":${lists}}`,
      400,
      /./,
    ],
    [
      "nested objects in an apply to a custom resource",
      "PATCH",
      `${foos}/applied?fieldManager=m`,
      applyPatch,
      `{"apiVersion":"a.io/v1","kind":"Foo","metadata":{"name":"applied"},"spec":${objects}}`,
      400,
      /./,
    ],
    ["nested lists in a merge patch", "PATCH", target, mergePatch, `{"data":${lists}}`, 400, /./],
    ["nested objects in a merge patch", "PATCH", target, mergePatch, `{"data":${objects}}`, 400, /./],
    ["nested objects in a strategic merge patch", "PATCH", target, strategicPatch, `{"data":${objects}}`, 400, /./],
    ["nested lists in a strategic merge patch", "PATCH", target, strategicPatch, `{"data":{"a":${lists}}}`, 400, /./],
    ["nested objects in a JSON patch", "PATCH", target, jsonPatch, operation(objects), 400, /./],
    ["nested lists as a JSON patch", "PATCH", target, jsonPatch, lists, 400, /./],
    ["nested lists in the options of a deletion", "DELETE", target, json, `{"preconditions":${lists}}`, 400, /./],
    [
      "nested objects where a review is made",
      "POST",
      "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
      json,
      `{"spec":${objects}}`,
      422,
      /exactly one of/,
    ],
    [
      "a nested schema",
      "POST",
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
      json,
      `{"spec":{"versions":[{"schema":{"openAPIV3Schema":${'{"items":'.repeat(100_000)}{}${"}".repeat(100_000)}}}]}}`,
      400,
      /./,
    ],
    [
      "a key twice in an apply",
      "PATCH",
      `${applied}&fieldValidation=Strict`,
      applyPatch,
      "apiVersion: v1\nkind: ConfigMap\ndata: {a: '1', a: '2'}\n",
      400,
      /key "a" already set in map/,
    ],
    [
      "a key twice in a merge patch",
      "PATCH",
      `${target}?fieldValidation=Strict`,
      mergePatch,
      '{"data":{"a":"1","a":"2"}}',
      422,
      /^ "" is invalid: patch: Invalid value: .*: strict decoding error: duplicate field "data\.a"$/,
    ],
    [
      "an unknown field by a strategic merge patch",
      "PATCH",
      `${target}?fieldValidation=Strict`,
      strategicPatch,
      '{"datum":{"a":"1"}}',
      422,
      /^ "" is invalid: patch: Invalid value: "map\[datum:map\[a:1\]\]": strict decoding error: unknown field "datum"$/,
    ],
  ];
  for (const [name, method, path, type, body, code, message] of cases) {
    test(name, async () => {
      takePeakBytes();
      const before = takePeakBytes();
      const begin = performance.now();
      const answer = await api.send(method, path, type, body);
      const tookMs = performance.now() - begin;
      const grown = takePeakBytes() - before;
      assert.equal(answer.code, code, answer.text.slice(0, 500));
      assert.match(answer.body.message ?? "", message);
      assert.ok(answer.text.length < 10_000, `an answer of ${answer.text.length} bytes`);
      assert.ok(tookMs < 1_000, `${tookMs} ms`);
      assert.ok(grown < 100 * 2 ** 20, `${grown} bytes more`);
    });
  }

  test("leave everything as it was", async () => {
    const { body } = await api.get(target);
    assert.deepEqual(body.data, { text: "public" });
    assert.equal((await api.get(`${configMaps}/applied`)).code, 404);
  });
});

/** What a reader of JSON makes of a key that JavaScript would take for the prototype. */
const parsed = (content: string) => JSON.parse(content) as Record<string, unknown>;

suite("selectors that are long are read or refused within a second", () => {
  const selectors: readonly (readonly [name: string, query: string])[] = [
    ["of backslashes", `fieldSelector=${"%5C".repeat(5_000)}`],
    ["of escaped signs", `fieldSelector=metadata.name%3D${"%5C%3D".repeat(2_500)}`],
    ["of terms", `fieldSelector=${"metadata.name%3Da,".repeat(800)}`],
    ["of parentheses", `labelSelector=a+in+${"(".repeat(15_000)}`],
    ["of values", `labelSelector=a+in+(${"b,".repeat(7_000)}b)`],
    ["of negations", `labelSelector=${"!a,".repeat(5_000)}b`],
  ];
  for (const [name, query] of selectors) {
    test(name, async () => {
      const begin = performance.now();
      const { code, text: answer } = await api.get(`${configMaps}?limit=1&${query}`);
      assert.ok(code === 200 || code === 400, `${code} ${answer.slice(0, 200)}`);
      assert.ok(performance.now() - begin < 1_000);
    });
  }
});

test("versions beyond what there is are refused, however large; a watch from one tells nothing", async () => {
  for (const version of [
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
  ]) {
    for (const query of [
      `resourceVersion=${version}&resourceVersionMatch=Exact`,
      `resourceVersion=${version}&watch=true`,
    ]) {
      const { code, text: answer } = await api.get(`${configMaps}?timeoutSeconds=1&limit=1&${query}`);
      const isSilent = code === 200 && query.includes("watch") && answer === "";
      assert.ok(isSilent || (code >= 400 && code < 500) || code === 504, `${query}: ${code} ${answer.slice(0, 300)}`);
    }
  }
});

suite("keys that mean something to JavaScript are keys", () => {
  const harmful = ["constructor", "prototype", "toString", "valueOf", "hasOwnProperty", "__defineGetter__"];
  const path = `${configMaps}/keys`;

  test("where they are valid they come back as they went, and can be patched in every way", async () => {
    const data = parsed(`{"__proto__":"p",${harmful.map((key) => `"${key}":"v"`).join(",")}}`);
    const labels = { constructor: "a", prototype: "b", toString: "c", "constructor/prototype": "d" };
    const made = await api.send("POST", configMaps, json, {
      ...configMap("keys", data),
      metadata: { name: "keys", labels, annotations: labels },
    });
    assert.equal(made.code, 201, made.text);
    const { body } = await api.get(path);
    assert.deepEqual(Object.entries(body.data ?? {}).toSorted(), Object.entries(data).toSorted());
    assert.deepEqual(body.metadata.labels, labels);
    assert.deepEqual(body.metadata.annotations, labels);

    const merged =
      '{"data":{"__proto__":"q","constructor":null},"metadata":{"labels":{"constructor":"z","valueOf":"e"}}}';
    for (const type of [mergePatch, strategicPatch]) {
      const patched = await api.send("PATCH", path, type, merged);
      assert.equal(patched.code, 200, patched.text);
      assert.equal(Object.hasOwn(patched.body.data ?? {}, "constructor"), false);
      assert.deepEqual(
        Object.entries(patched.body.data ?? {}).find(([key]) => key === "__proto__"),
        ["__proto__", "q"],
      );
      assert.deepEqual(patched.body.metadata.labels, { ...labels, constructor: "z", valueOf: "e" });
    }
    const operations = [
      { op: "test", path: "/data/__proto__", value: "q" },
      { op: "test", path: "/data/constructor", value: null },
      { op: "add", path: "/data/constructor", value: "back" },
      { op: "remove", path: "/data/__proto__" },
      { op: "remove", path: "/metadata/labels/valueOf" },
    ];
    const patched = await api.send("PATCH", path, jsonPatch, operations);
    assert.equal(patched.code, 200, patched.text);
    assert.equal(patched.body.data?.["constructor"], "back");
    assert.equal(Object.keys(patched.body.data ?? {}).includes("__proto__"), false);

    const config = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"keys"},"data":{"__proto__":"mine","applied":"1"}}`;
    const applied = await api.send("PATCH", `${path}?fieldManager=m`, applyPatch, config);
    assert.equal(applied.code, 200, applied.text);
    assert.match(applied.text, /"__proto__":"mine"/);
    const given = await api.send(
      "PATCH",
      `${path}?fieldManager=m`,
      applyPatch,
      config.replace('"__proto__":"mine",', ""),
    );
    assert.equal(given.code, 200, given.text);
    assert.doesNotMatch(given.text, /"__proto__":"mine"/);
    assert.equal(given.body.data?.["constructor"], "back");
  });

  test("labels are selected by them", async () => {
    const names = async (selector: string) => {
      const { body } = await api.get(`${configMaps}?labelSelector=${encodeURIComponent(selector)}`);
      return body.items?.map(({ metadata }) => metadata.name) ?? [];
    };
    assert.deepEqual(await names("constructor"), ["keys"]);
    assert.deepEqual(await names("constructor=z,!hasOwnProperty"), ["keys"]);
    assert.deepEqual(await names("hasOwnProperty"), []);
    assert.equal((await names("!constructor")).includes("keys"), false);
    assert.equal((await api.get(`${configMaps}?labelSelector=__proto__`)).code, 400);
    assert.equal((await api.get(`${configMaps}?fieldSelector=constructor%3Dx`)).code, 400);
    assert.equal((await api.get(`${configMaps}?fieldSelector=__proto__%3Dx`)).code, 400);
  });

  test("labels and annotations that start with an underscore are refused", async () => {
    for (const map of ["labels", "annotations"]) {
      const metadata = `{"name":"refused","${map}":{"__proto__":"x"}}`;
      for (const [type, content] of [
        [json, `{"metadata":${metadata}}`],
        [yaml, `metadata: ${metadata}\n`],
      ] as const) {
        const { code, text } = await api.send("POST", configMaps, type, content);
        assert.equal(code, 422, text);
        assert.match(text, /__proto__/);
      }
    }
  });

  test("fields of these names that no type has are unknown fields", async () => {
    const content =
      '{"metadata":{"name":"unknown","__proto__":{"name":"x"}},"__proto__":{"a":1},"constructor":{"prototype":{"a":1}}}';
    const strict = await api.send("POST", `${configMaps}?fieldValidation=Strict`, json, content);
    assert.equal(strict.code, 400);
    assert.match(strict.body.message ?? "", /unknown field "constructor"/);
    assert.match(strict.body.message ?? "", /unknown field "__proto__"/);
    const made = await api.send("POST", configMaps, json, content);
    assert.equal(made.code, 201, made.text);
    assert.doesNotMatch(made.text, /__proto__|constructor/);
  });

  test("custom resources may have them, declared or not", async () => {
    const foos = "/apis/a.io/v1/namespaces/default/foos";
    const spec = '{"__proto__":{"a":1},"constructor":{"prototype":{"polluted":1}},"list":[{"__proto__":null}]}';
    const made = await api.send(
      "POST",
      foos,
      json,
      `{"apiVersion":"a.io/v1","kind":"Foo","metadata":{"name":"open"},"spec":${spec}}`,
    );
    assert.equal(made.code, 201, made.text);
    assert.ok(made.text.includes('"__proto__":{"a":1}'), made.text);
    assert.ok(made.text.includes('"constructor":{"prototype":{"polluted":1}}'));

    const traps = "/apis/h.io/v1/namespaces/default/traps";
    const empty = await api.send("POST", traps, json, {
      apiVersion: "h.io/v1",
      kind: "Trap",
      metadata: { name: "empty" },
      spec: {},
    });
    assert.equal(empty.code, 201, empty.text);
    assert.match(empty.text, /"spec":\{"valueOf":"v"\}/);
    const config =
      '{"apiVersion":"h.io/v1","kind":"Trap","metadata":{"name":"full"},"spec":{"__proto__":"p","constructor":{"prototype":"q"},"toString":"s"}}';
    const full = await api.send("PATCH", `${traps}/full?fieldManager=m`, applyPatch, config);
    assert.equal(full.code, 201, full.text);
    assert.match(full.text, /"f:__proto__":\{\}/);
    const again = await api.send(
      "PATCH",
      `${traps}/full?fieldManager=m`,
      applyPatch,
      config.replace('"__proto__":"p",', ""),
    );
    assert.equal(again.code, 200, again.text);
    assert.doesNotMatch(again.text, /__proto__/);
    const other = await api.send("PATCH", `${traps}/full?fieldManager=n`, applyPatch, config.replace('"q"', '"r"'));
    assert.equal(other.code, 409, other.text);
    assert.match(other.body.message ?? "", /\.spec\.constructor\.prototype/);
    const wrong = await api.send(
      "POST",
      traps,
      json,
      '{"apiVersion":"h.io/v1","kind":"Trap","metadata":{"name":"wrong"},"spec":{"__proto__":1,"constructor":"x"}}',
    );
    assert.equal(wrong.code, 422, wrong.text);
  });

  test("in queries, headers and paths they lead nowhere", async () => {
    const query =
      "?__proto__=1&constructor=2&__proto__[dryRun]=All&constructor[prototype][dryRun]=All&dryRun[__proto__]=x";
    assert.equal((await api.get(`${configMaps}/open${query}`)).code, 200);
    for (const [key, value] of [
      ["__proto__", "x"],
      ["constructor", "x"],
      ["Accept", "application/json;as=constructor;g=meta.k8s.io;v=v1"],
      ["Accept", "constructor/__proto__"],
      ["Impersonate-Extra-__proto__", "x"],
    ] as const) {
      const { code } = await api.get(`${configMaps}/open`, { headers: { [key]: value } });
      assert.ok(code === 200 || (code >= 400 && code < 500), `${key}: ${code}`);
    }
    for (const type of ["constructor", "__proto__", "toString", "application/constructor"]) {
      assert.equal((await api.send("PATCH", `${configMaps}/open`, type, "{}")).code, 415, type);
      assert.equal((await api.send("POST", configMaps, type, "{}")).code, 415, type);
    }
    for (const segment of ["constructor", "__proto__", "toString", "hasOwnProperty", "prototype"]) {
      const paths = [
        `/${segment}`,
        `/api/${segment}`,
        `/api/v1/${segment}`,
        `/apis/${segment}`,
        `/apis/${segment}/v1/foos`,
        `/apis/apps/${segment}/deployments`,
        `/apis/apps/v1/${segment}`,
        `/api/v1/namespaces/default/${segment}`,
        `/api/v1/namespaces/${segment}`,
        `${configMaps}/${segment}`,
        `${configMaps}/open/${segment}`,
        `/api/v1/namespaces/default/${segment}/x`,
        `/openapi/v3/${segment}`,
      ];
      for (const each of paths) assert.equal((await api.get(each)).code, 404, each);
      const written = await api.send(
        "PUT",
        `${configMaps}/open/${segment}`,
        json,
        configMap("open", { text: "overwritten" }),
      );
      assert.ok(written.code === 404 || written.code === 405, `${segment}: ${written.code}`);
    }
    assert.deepEqual((await api.get(`${configMaps}/open`)).body.data, { text: "public" });
  });

  test("the users they name are users", async () => {
    const headers = {
      "Impersonate-User": "__proto__",
      "Impersonate-Group": "constructor",
      "Impersonate-Extra-__proto__": "x",
    };
    const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
    const answer = await api.send("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", json, review, {
      headers,
    });
    assert.equal(answer.code, 201, answer.text);
    assert.match(answer.text, /"username":"__proto__"/);
    assert.match(answer.text, /"__proto__":\["x"\]/);
    assert.equal((await api.get(configMaps, { headers })).code, 403);
  });

  test("objects made afterwards have no fields but their own", async () => {
    const made = await api.send("POST", configMaps, json, configMap("clean"));
    const { managedFields: _fields, ...metadata } = made.body.metadata;
    assert.deepEqual(Object.keys(metadata).toSorted(), [
      "creationTimestamp",
      "name",
      "namespace",
      "resourceVersion",
      "uid",
    ]);
    assert.deepEqual(Object.keys(made.body).toSorted(), ["apiVersion", "kind", "metadata"]);
  });
});
