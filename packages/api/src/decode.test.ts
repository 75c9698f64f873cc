import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { validators } from "../gen/validators.js";
import { walkObject } from "./decode-walk.ts";
import { type DecodeOptions, decodeResource, duplicateFieldProblems, inServedForm } from "./decode.ts";
import { duplicateFields } from "./duplicate-fields.ts";
import { clusterRoles, deployments, pods, secrets, services } from "./resource-types.ts";
import type { KubeObject } from "./object.ts";
import type { ResourceType } from "./resource-type.ts";
import { typeById } from "./schema-registry.ts";
import { isBadRequest } from "./status-error.ts";

const strict: DecodeOptions = { fieldValidation: "Strict" };
const pod = (container: object) => ({ spec: { containers: [container] } });

suite("decoding", () => {
  const refused: [what: string, type: ResourceType<never>, value: unknown, problem: string][] = [
    [
      "a string for a number",
      deployments as ResourceType<never>,
      { spec: { replicas: "x" } },
      "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
    ],
    [
      "a fraction",
      deployments as ResourceType<never>,
      { spec: { replicas: 1.5 } },
      "json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32",
    ],
    [
      "a number out of range",
      deployments as ResourceType<never>,
      { spec: { replicas: 2 ** 31 } },
      "json: cannot unmarshal number 2147483648 into Go struct field DeploymentSpec.spec.replicas of type int32",
    ],
    [
      "an integer that JSON numbers cannot hold exactly",
      pods as ResourceType<never>,
      { metadata: { generation: 2 ** 53 } },
      "json: cannot unmarshal number 9007199254740992 into Go struct field ObjectMeta.metadata.generation of type int64",
    ],
    [
      "a number as a label",
      pods as ResourceType<never>,
      { metadata: { labels: { a: 1 } } },
      "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string",
    ],
    [
      "a string for a list",
      deployments as ResourceType<never>,
      { spec: { template: { spec: { containers: "x" } } } },
      "json: cannot unmarshal string into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container",
    ],
    [
      "a list for an object",
      pods as ResourceType<never>,
      [],
      "json: cannot unmarshal array into Go value of type v1.Pod",
    ],
    [
      "a bad quantity",
      pods as ResourceType<never>,
      pod({ resources: { limits: { cpu: "x" } } }),
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    [
      "a bad port",
      services as ResourceType<never>,
      { spec: { ports: [{ targetPort: true }] } },
      "json: cannot unmarshal bool into Go struct field ServicePort.spec.ports.targetPort of type int32",
    ],
    [
      "bytes that are not base64",
      secrets as ResourceType<never>,
      { data: { a: "ab!=" } },
      "illegal base64 data at input byte 2",
    ],
    [
      "a bad time",
      pods as ResourceType<never>,
      { metadata: { creationTimestamp: "yesterday" } },
      'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
    ],
    [
      "unknown fields",
      deployments as ResourceType<never>,
      { spec: { foo: 1, template: { spec: { containers: [{ name: "a", bar: 2 }] } } } },
      'strict decoding error: unknown field "spec.foo", unknown field "spec.template.spec.containers[0].bar"',
    ],
  ];
  for (const [what, type, value, problem] of refused) {
    test(`${what} is refused`, () => {
      assert.throws(
        () => decodeResource(type, value, strict),
        (error) =>
          isBadRequest(error) &&
          error instanceof Error &&
          error.message === `${type.kind} in version "v1" cannot be handled as a ${type.kind}: ${problem}`,
      );
    });
  }

  test("the first mismatch is reported, but a malformed scalar comes before it", () => {
    const value = { metadata: { name: 1, generation: "x" }, ...pod({ resources: { limits: { cpu: "x" } } }) };
    assert.throws(() => decodeResource(pods, value, strict), /quantities must match/);
    assert.throws(() => decodeResource(pods, { metadata: value.metadata }, strict), /ObjectMeta\.metadata\.name/);
  });

  test("what is always served is filled in, with declared defaults", () => {
    const { object } = decodeResource(pods, pod({ name: "a", ports: [{ containerPort: 80 }] }), strict);
    assert.deepEqual(object, {
      metadata: {},
      spec: { containers: [{ name: "a", resources: {}, ports: [{ containerPort: 80, protocol: "TCP" }] }] },
      status: {},
    });
    assert.deepEqual(decodeResource(pods, pod({}), strict).object.spec.containers[0]?.name, "");
  });

  test("filled in objects are not shared", () => {
    const [a, b] = [decodeResource(pods, {}, strict).object, decodeResource(pods, {}, strict).object];
    a.metadata.name = "a";
    assert.equal(b.metadata.name, undefined);
  });

  test("quantities and times become canonical", () => {
    const value = {
      ...pod({ name: "a", resources: { requests: { cpu: 0.5, memory: "1024Mi" } } }),
      metadata: { creationTimestamp: "2026-01-01T02:00:00.5+02:00" },
    };
    const { object } = decodeResource(pods, value, strict);
    assert.deepEqual(object.spec.containers[0]?.resources?.requests, { cpu: "500m", memory: "1Gi" });
    assert.equal(object.metadata.creationTimestamp, "2026-01-01T00:00:00Z");
  });

  test("nulls are dropped from objects and are zero values in lists and maps", () => {
    const value = {
      metadata: { creationTimestamp: null, labels: { a: null }, finalizers: [null] },
      spec: { nodeName: null, containers: [{ name: "a", env: [null], resources: { limits: { cpu: null } } }] },
    };
    assert.deepEqual(decodeResource(pods, value, strict).object, {
      metadata: { labels: { a: "" }, finalizers: [""] },
      spec: { containers: [{ name: "a", env: [{ name: "" }], resources: { limits: { cpu: "0" } } }] },
      status: {},
    });
  });

  test("optional fields are dropped when they are empty, unless upstream has pointers there", () => {
    const value = {
      metadata: { name: "a", labels: {}, annotations: { a: "" }, ownerReferences: [], generation: 0 },
      spec: {
        hostNetwork: false,
        hostUsers: false,
        nodeName: "",
        priority: 0,
        securityContext: {},
        containers: [{ name: "a", command: [], env: [{ name: "E", value: "" }], volumeMounts: [] }],
      },
    };
    assert.deepEqual(decodeResource(pods, value, strict).object, {
      metadata: { name: "a", annotations: { a: "" } },
      spec: {
        hostUsers: false,
        priority: 0,
        securityContext: {},
        containers: [{ name: "a", env: [{ name: "E" }], resources: {} }],
      },
      status: {},
    });
  });

  test("lists and times that upstream always sends are null without a value", () => {
    const role = { metadata: { name: "a" }, rules: [] };
    assert.deepEqual(decodeResource(clusterRoles, role, strict).object, { metadata: { name: "a" }, rules: null });
    assert.deepEqual(decodeResource(clusterRoles, {}, strict).object, { metadata: {}, rules: null });
    const status = { conditions: [{ type: "Ready", status: "True" }] };
    assert.deepEqual(decodeResource(pods, { status }, strict).object.status?.conditions, [
      { type: "Ready", status: "True", lastProbeTime: null, lastTransitionTime: null },
    ]);
  });

  test("what a server made itself is brought into the form of what it decodes", () => {
    const object = inServedForm({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "a", finalizers: [] },
      status: { conditions: [{ type: "Ready", status: "True" }] },
    });
    assert.deepEqual(object.metadata, { name: "a" });
    assert.deepEqual(object.status.conditions, [
      { type: "Ready", status: "True", lastProbeTime: null, lastTransitionTime: null },
    ]);
    const custom = { apiVersion: "example.com/v1", kind: "Status", metadata: { labels: {} }, spec: { list: [] } };
    assert.deepEqual(inServedForm(structuredClone(custom)), custom);
  });

  test("unknown and duplicate fields are warned of and dropped", () => {
    const text = '{"spec":{"nodeName":"a","foo":1,"nodeName":"b","containers":[]}}';
    const textProblems = () => duplicateFieldProblems(text);
    const { object, warnings } = decodeResource(pods, JSON.parse(text), { fieldValidation: "Warn", textProblems });
    assert.deepEqual(warnings, ['unknown field "spec.foo"', 'duplicate field "spec.nodeName"']);
    assert.deepEqual(object.spec, { nodeName: "b", containers: [] });
    const ignored = decodeResource(pods, JSON.parse(text), { fieldValidation: "Ignore", textProblems });
    assert.deepEqual([ignored.warnings, ignored.object.spec], [[], { nodeName: "b", containers: [] }]);
  });

  test("duplicate fields alone are an error when strict", () => {
    const text = '{"metadata":{"name":"a","name":"a"}}';
    assert.throws(
      () => decodeResource(pods, JSON.parse(text), { ...strict, textProblems: () => duplicateFieldProblems(text) }),
      /strict decoding error: duplicate field "metadata.name"$/,
    );
  });

  test("a prototype cannot be reached", () => {
    const value: unknown = JSON.parse(
      '{"__proto__":{"polluted":1},"metadata":{"annotations":{"__proto__":"x","a":null}}}',
    );
    const { object, warnings } = decodeResource(pods, value, { fieldValidation: "Warn" });
    assert.deepEqual(warnings, ['unknown field "__proto__"']);
    assert.equal(JSON.stringify(object.metadata), '{"annotations":{"__proto__":"x","a":""}}');
    assert.equal("polluted" in {}, false);
  });

  test("values that are kept as they come may not nest without end", () => {
    let deep: unknown = {};
    for (let depth = 0; depth < 10_000; depth++) deep = { a: deep };
    const value = { metadata: { managedFields: [{ fieldsV1: deep }] } };
    assert.throws(() => decodeResource(pods, value, strict), /exceeded max depth/);
  });

  const anyJson = fc.jsonValue({ maxDepth: 2 });
  const quantities = fc.oneof(fc.constantFrom("100m", "1.5", "1024Mi", "x", ""), fc.integer(), anyJson);
  const containers = fc.record(
    {
      name: fc.oneof(fc.string(), anyJson),
      image: fc.string(),
      ports: fc.array(fc.record({ containerPort: fc.oneof(fc.integer(), fc.double(), anyJson) }, { requiredKeys: [] })),
      resources: fc.record({ limits: fc.dictionary(fc.string(), quantities) }, { requiredKeys: [] }),
      livenessProbe: fc.oneof(
        fc.record({ httpGet: fc.record({ port: fc.oneof(fc.integer(), fc.string(), anyJson) }) }),
        anyJson,
      ),
      unknown: anyJson,
    },
    { requiredKeys: ["name"] },
  );
  const times = fc.oneof(
    fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("9000-01-01") }).map((date) => date.toISOString()),
    fc.constantFrom("2026-02-30T00:00:00Z", "2026-01-01T00:00:00Z", ""),
    anyJson,
  );
  const values = fc.record(
    {
      metadata: fc.record(
        { labels: fc.dictionary(fc.string(), fc.oneof(fc.string(), anyJson)), creationTimestamp: times },
        { requiredKeys: [] },
      ),
      spec: fc.record(
        { containers: fc.array(containers), restartPolicy: fc.oneof(fc.string(), anyJson) },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  );

  test("the generated validator accepts only what the decoder accepts, with the same result", () => {
    const type = typeById("core/v1.Pod");
    const validate = validators[type.id];
    assert.ok(validate);
    let accepted = 0;
    checkProperty(
      fc.property(values, (value) => {
        const text = JSON.stringify(value);
        const fast: unknown = JSON.parse(text);
        if (!validate(fast)) return;
        accepted += 1;
        const { object, unknownFields } = walkObject(type, JSON.parse(text));
        assert.deepEqual(unknownFields, []);
        assert.deepEqual(fast, object);
      }),
      { share: 5 },
    );
    assert.notEqual(accepted, 0);
  });

  test("decoding twice changes nothing", () => {
    checkProperty(
      fc.property(values, (value) => {
        let once: KubeObject;
        try {
          once = decodeResource(pods, JSON.parse(JSON.stringify(value)), { fieldValidation: "Ignore" }).object;
        } catch {
          return;
        }
        const text = JSON.stringify(once);
        const twice = decodeResource(pods, JSON.parse(text), strict);
        assert.equal(JSON.stringify(twice.object), text);
      }),
    );
  });
});

suite("duplicate fields", () => {
  const cases: [text: string, paths: string[]][] = [
    ['{"a":1,"b":2}', []],
    ['{"a":{"b":1,"b":2},"c":[{"d":1},{"d":1,"d":2}]}', ["a.b", "c[1].d"]],
    ['{"a":"\\"a\\":","\\u0061":2}', ["a"]],
    ['{"a":{"x":1},"b":{"x":1}}', []],
    ['[[{"a":1}],{"a":[1,{"q":[],"q":1}]}]', ["[1].a[1].q"]],
    [`{${Array.from({ length: 40 }, (_, index) => `"k${index}":1`).join(",")},"k3":2,"k39":3}`, ["k3", "k39"]],
    ['{"a\\\\":1,"a\\\\":2}', ["a\\"]],
  ];
  for (const [text, paths] of cases) test(text.slice(0, 60), () => assert.deepEqual(duplicateFields(text), paths));

  test("no more than the limit are reported", () => {
    const text = `{${Array.from({ length: 50 }, (_, index) => `"k${index}":1,"k${index}":1`).join(",")}}`;
    assert.equal(duplicateFields(text, 5).length, 5);
  });

  test("JSON without duplicates has none", () => {
    checkProperty(fc.property(fc.jsonValue(), (value) => assert.deepEqual(duplicateFields(JSON.stringify(value)), [])));
  });
});
