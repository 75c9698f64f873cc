import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
  JSONSchemaProps,
} from "@kube-ts/api/apiextensions/v1";
import { RuleBench } from "../meta/testing/rule-bench.ts";
import { customResourceDefinitionResource } from "./custom-resource-definition.ts";

const bench = new RuleBench(customResourceDefinitionResource);
const schema: JSONSchemaProps = { type: "object", properties: { spec: { type: "object", properties: {} } } };
const v1: CustomResourceDefinitionVersion = {
  name: "v1",
  served: true,
  storage: true,
  schema: { openAPIV3Schema: schema },
};

function draft(change: Partial<CustomResourceDefinitionSpec> = {}, name = "things.example.com") {
  const spec: CustomResourceDefinitionSpec = {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "things", kind: "Thing" },
    versions: [v1],
    ...change,
  };
  return { metadata: { name }, spec };
}

function withVersion(change: Partial<CustomResourceDefinitionVersion>) {
  return draft({ versions: [{ ...v1, ...change }] });
}

function withSchema(openAPIV3Schema: JSONSchemaProps) {
  return withVersion({ schema: { openAPIV3Schema } });
}

test("names, conversion and the stored version are filled in", () => {
  const { spec, status } = bench.prepared(draft());
  assert.deepEqual(spec.names, { plural: "things", kind: "Thing", singular: "thing", listKind: "ThingList" });
  assert.deepEqual(spec.conversion, { strategy: "None" });
  const expected = { conditions: null, acceptedNames: { plural: "", kind: "" }, storedVersions: ["v1"] };
  assert.equal(JSON.stringify(status), JSON.stringify(expected), "as upstream writes it");
});

suite("new definitions", () => {
  const cases: readonly [string, ReturnType<typeof draft>, readonly string[]][] = [
    ["may be plain", draft(), []],
    [
      "are named after plural and group",
      draft({}, "stuff.example.com"),
      ['metadata.name: Invalid value: "stuff.example.com": must be spec.names.plural+"."+spec.group'],
    ],
    [
      "have a group with a dot",
      draft({ group: "example" }, "things.example"),
      ['spec.group: Invalid value: "example": should be a domain with at least one dot'],
    ],
    [
      "have a known scope",
      draft({ scope: "Everywhere" as "Cluster" }),
      ['spec.scope: Unsupported value: "Everywhere": supported values: "Cluster", "Namespaced"'],
    ],
    [
      "have schemas",
      draft({ versions: [{ name: "v1", served: true, storage: true }] }),
      ["spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required"],
    ],
    [
      "have structural schemas, whose errors stand above the versions where these have one in common",
      withSchema({ type: "object", properties: { spec: {} } }),
      [
        "spec.validation.openAPIV3Schema.properties[spec].type: Required value: must not be empty for specified object fields",
      ],
    ],
    [
      "have structural schemas in each version",
      draft({
        versions: [v1, { ...v1, name: "v2", storage: false, schema: { openAPIV3Schema: { type: "string" } } }],
      }),
      ['spec.versions[1].schema.openAPIV3Schema.type: Invalid value: "string": must be object at the root'],
    ],
    [
      "have rules that compile",
      withSchema({ ...schema, "x-kubernetes-validations": [{ rule: "has(self.spec)" }, { rule: "" }] }),
      ["spec.validation.openAPIV3Schema.x-kubernetes-validations[1].rule: Required value: rule is not specified"],
    ],
    [
      "have no transition rules where old values are not known",
      withSchema({
        type: "object",
        properties: {
          spec: {
            type: "object",
            properties: {
              list: {
                type: "array",
                maxItems: 5,
                items: { type: "integer", "x-kubernetes-validations": [{ rule: "self >= oldSelf" }] },
              },
            },
          },
        },
      }),
      [
        'spec.validation.openAPIV3Schema.properties[spec].properties[list].items.x-kubernetes-validations[0].rule: Invalid value: "self >= oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within spec.validation.openAPIV3Schema.properties[spec].properties[list]',
      ],
    ],
    [
      "check scale paths",
      withVersion({ subresources: { scale: { specReplicasPath: "spec.size", statusReplicasPath: ".spec.size" } } }),
      [
        'spec.subresources.scale.specReplicasPath: Invalid value: "spec.size": must be a simple json path starting with .',
        'spec.subresources.scale.statusReplicasPath: Invalid value: ".spec.size": should be a json path under .status',
      ],
    ],
    [
      "check columns",
      withVersion({ additionalPrinterColumns: [{ name: "", type: "text", jsonPath: "" }] }),
      [
        "spec.additionalPrinterColumns[0].name: Required value",
        'spec.additionalPrinterColumns[0].type: Invalid value: "text": must be one of boolean,date,integer,number,string',
        "spec.additionalPrinterColumns[0].JSONPath: Required value",
      ],
    ],
    [
      "check selectable fields",
      withVersion({ selectableFields: [{ jsonPath: ".spec" }, { jsonPath: ".spec.x" }] }),
      [
        'spec.selectableFields[0].jsonPath: Invalid value: ".spec": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
        'spec.selectableFields[1].jsonPath: Invalid value: ".spec.x": is an invalid path: does not refer to a valid field',
      ],
    ],
    [
      "check webhooks",
      draft({
        conversion: {
          strategy: "Webhook",
          webhook: { clientConfig: { url: "http://user@host/?a=b" }, conversionReviewVersions: ["v9"] },
        },
      }),
      [
        "spec.conversion.webhookClientConfig.url: Invalid value: \"http\": 'https' is the only allowed URL scheme; desired format: https://host[/path]",
        'spec.conversion.webhookClientConfig.url: Invalid value: "user": user information is not permitted in the URL',
        'spec.conversion.webhookClientConfig.url: Invalid value: "a=b": query parameters are not permitted in the URL',
        'spec.conversion.conversionReviewVersions: Invalid value: ["v9"]: must include at least one of v1, v1beta1',
      ],
    ],
    [
      "need approval in protected groups",
      draft({ group: "x.k8s.io" }, "things.x.k8s.io"),
      [
        'metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
      ],
    ],
    [
      "prune",
      draft({ preserveUnknownFields: true }),
      [
        "spec.preserveUnknownFields: Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead",
      ],
    ],
  ];
  for (const [name, input, errors] of cases) {
    test(name, () => assert.deepEqual(bench.createErrors(input), errors));
  }

  test("store one version", () => {
    const errors = bench.createErrors(draft({ versions: [v1, { ...v1, name: "v2" }] }));
    assert.ok(errors.some((error) => error.endsWith("must have exactly one version marked as storage version")));
  });

  test("take no schema that nests too deep", () => {
    let schema: JSONSchemaProps = { type: "string" };
    for (let level = 0; level < 1_000; level += 1) schema = { type: "object", properties: { a: schema } };
    assert.deepEqual(bench.createErrors(withSchema(schema)), [
      "spec.validation.openAPIV3Schema: Forbidden: must not nest deeper than 500 levels",
    ]);
  });

  test("warn of formats that are not checked", () => {
    const field = { type: "string", format: "postcode" };
    const input = withSchema({ type: "object", properties: { spec: { type: "object", properties: { a: field } } } });
    assert.deepEqual(bench.warnings(input), ['unrecognized format "postcode"']);
  });
});

suite("updates", () => {
  const old = bench.prepared(draft());
  const established: CustomResourceDefinition = {
    ...old,
    status: { ...old.status, conditions: [{ type: "Established", status: "True" }] },
  };

  test("remember every version that was stored", () => {
    const versions = [
      { ...v1, storage: false },
      { ...v1, name: "v2" },
    ];
    const next = bench.updated(old, ({ spec }) => void (spec.versions = versions));
    assert.deepEqual(next.status?.storedVersions, ["v1", "v2"]);
    assert.equal(next.metadata.generation, 2);
    const [error = ""] = bench.updateErrors(next, ({ spec }) => void (spec.versions = spec.versions.slice(1)));
    assert.match(
      error,
      /^status\.storedVersions\[0\]: Invalid value: "v1": missing from spec\.versions; v1 was previously/,
    );
  });

  test("keep names and scope once objects may exist", () => {
    assert.deepEqual(
      bench.updateErrors(established, ({ spec }) => {
        spec.scope = "Cluster";
        spec.names.kind = "Stuff";
      }),
      [
        'spec.scope: Invalid value: "Cluster": field is immutable',
        'spec.names.kind: Invalid value: "Stuff": field is immutable',
      ],
    );
    assert.deepEqual(
      bench.updateErrors(old, ({ spec }) => void (spec.scope = "Cluster")),
      [],
    );
  });

  test("of the status leave the specification alone", () => {
    const next = bench.updated(
      established,
      (object) => {
        object.spec.scope = "Cluster";
        object.status = { ...object.status, storedVersions: ["v1"], conditions: [] };
      },
      "status",
    );
    assert.equal(next.spec.scope, "Namespaced");
    assert.deepEqual(next.status?.conditions, []);
  });
});
