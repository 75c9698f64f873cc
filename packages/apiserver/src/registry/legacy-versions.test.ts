import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { decodeObject } from "@kube-ts/api/decode";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { legacyGroupVersionSources } from "@kube-ts/api/group-versions";
import { loadLegacyTypes } from "@kube-ts/api/legacy-types";
import type { KubeObject } from "@kube-ts/api/object";
import { arbitraryObject } from "@kube-ts/api/protobuf/testing/arbitrary-object";
import { type ResourceType, apiVersionOf } from "@kube-ts/api/resource-type";
import { type ObjectType, kindsOf, typeOf } from "@kube-ts/api/schema-registry";
import { withLegacyVersions } from "./legacy-versions.ts";
import type { AlternateVersion, ResourceDefinition } from "./resource-definition.ts";
import { builtinResources } from "./resources.ts";

await loadLegacyTypes();
const current = builtinResources();
const definitions = await withLegacyVersions(current, () => true);

interface Legacy {
  readonly name: string;
  readonly definition: ResourceDefinition;
  readonly alternate: AlternateVersion<KubeObject>;
}

const legacies: readonly Legacy[] = definitions.flatMap((definition, index) =>
  (definition.alternates ?? [])
    .slice(current[index]?.alternates?.length ?? 0)
    .map((alternate) => ({ name: `${apiVersionOf(alternate.type)} ${alternate.type.plural}`, definition, alternate })),
);

function legacyOf(name: string): Legacy {
  const found = legacies.find((legacy) => legacy.name === name);
  assert.ok(found, name);
  return found;
}

function knownType({ group, version, kind }: ResourceType): ObjectType {
  const type = typeOf(group, version, kind);
  assert.ok(type, `${group}/${version} ${kind}`);
  return type;
}

/** Objects as a client sends them, in any version. */
function decoded(type: ResourceType, value: unknown): KubeObject {
  const { object } = decodeObject<KubeObject>(knownType(type), structuredClone(value), { fieldValidation: "Strict" });
  return { ...object, apiVersion: apiVersionOf(type), kind: type.kind };
}

/** What is stored of an object that a client sends in a legacy version. */
function stored({ definition, alternate }: Legacy, value: unknown): KubeObject {
  const object = decoded(alternate.type, value);
  alternate.defaults?.(object);
  const result = alternate.toStored(object);
  definition.strategy.defaults?.(result);
  return result;
}

/** Today's objects have values that these versions have no place for. */
const narrower = new Set([
  "discovery.k8s.io/v1beta1 endpointslices",
  "events.k8s.io/v1beta1 events",
  "extensions/v1beta1 ingresses",
  "networking.k8s.io/v1beta1 ingresses",
  "rbac.authorization.k8s.io/v1alpha1 clusterrolebindings",
  "rbac.authorization.k8s.io/v1alpha1 rolebindings",
]);

suite("legacy versions", () => {
  test("serve every kind that they have", () => {
    const served = new Set(legacies.map(({ alternate: { type } }) => `${apiVersionOf(type)} ${type.kind}`));
    const elsewhere = /^authentication|^authorization|Scale$|DeploymentRollback$|Eviction$|ConversionReview$|List$/;
    for (const source of legacyGroupVersionSources) {
      for (const kind of kindsOf(source)) {
        const name = `${source.group}/${source.version} ${kind}`;
        if (!elsewhere.test(name)) assert.ok(served.has(name), name);
      }
    }
  });

  test("are none that are served anyway", async () => {
    assert.deepEqual(await withLegacyVersions(current, () => false), [...current]);
  });

  for (const legacy of legacies) {
    const { name, definition, alternate } = legacy;
    const today = knownType(definition.type);
    const former = knownType(alternate.type);
    test(`${name}: what it shows is of its own type, and comes back`, () => {
      const property = fc.property(arbitraryObject(today), (value) => {
        const object = decoded(definition.type, value);
        const copy = structuredClone(object);
        const shown = alternate.fromStored(object);
        assert.deepEqual(object, copy);
        const { object: read } = decodeObject<KubeObject>(former, structuredClone(shown), {
          fieldValidation: "Strict",
        });
        const back = alternate.toStored(read);
        assert.equal(back.apiVersion, apiVersionOf(definition.type));
        assert.equal(shown.apiVersion, apiVersionOf(alternate.type));
        if (!narrower.has(name)) assert.ok(semanticEqual(back, object), JSON.stringify([object, shown, back]));
      });
      checkProperty(property, { share: 0.2 });
    });

    test(`${name}: what it stores is shown again`, () => {
      const property = fc.property(arbitraryObject(former), (value) => {
        const once = alternate.toStored(decoded(alternate.type, value));
        const again = alternate.toStored(structuredClone(alternate.fromStored(once)));
        assert.ok(semanticEqual(again, once), JSON.stringify([value, once, again]));
      });
      checkProperty(property, { share: 0.2 });
    });
  }
});

suite("defaults of legacy versions", () => {
  const template = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "i" }] } };
  const cases: readonly (readonly [string, object, readonly (readonly [string, unknown])[]])[] = [
    [
      "extensions/v1beta1 deployments",
      { spec: { template } },
      [
        ["metadata.labels", { a: "b" }],
        ["spec.selector", { matchLabels: { a: "b" } }],
        ["spec.replicas", 1],
        ["spec.strategy", { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } }],
        ["spec.revisionHistoryLimit", 2147483647],
        ["spec.progressDeadlineSeconds", 2147483647],
      ],
    ],
    [
      "apps/v1beta1 deployments",
      { spec: { template, selector: { matchLabels: { c: "d" } } } },
      [
        ["spec.selector", { matchLabels: { c: "d" } }],
        ["spec.strategy", { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } }],
        ["spec.revisionHistoryLimit", 2],
        ["spec.progressDeadlineSeconds", 600],
      ],
    ],
    [
      "apps/v1beta2 deployments",
      { spec: { template } },
      [
        ["spec.selector", undefined],
        ["spec.revisionHistoryLimit", 10],
      ],
    ],
    [
      "extensions/v1beta1 daemonsets",
      { spec: { template } },
      [
        ["spec.selector", { matchLabels: { a: "b" } }],
        ["spec.updateStrategy", { type: "OnDelete" }],
        ["spec.revisionHistoryLimit", 10],
      ],
    ],
    [
      "apps/v1beta2 daemonsets",
      { spec: { template } },
      [["spec.updateStrategy", { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } }]],
    ],
    ["extensions/v1beta1 replicasets", { spec: { template } }, [["spec.selector", { matchLabels: { a: "b" } }]]],
    [
      "apps/v1beta1 statefulsets",
      { spec: { template, serviceName: "s" } },
      [
        ["spec.selector", { matchLabels: { a: "b" } }],
        ["spec.updateStrategy", { type: "OnDelete" }],
        ["spec.podManagementPolicy", "OrderedReady"],
      ],
    ],
    [
      "networking.k8s.io/v1beta1 ingresses",
      { spec: { rules: [{ http: { paths: [{ backend: { serviceName: "s", servicePort: "http" } }] } }] } },
      [
        [
          "spec.rules.0.http.paths.0",
          { pathType: "ImplementationSpecific", backend: { service: { name: "s", port: { name: "http" } } } },
        ],
      ],
    ],
    [
      "extensions/v1beta1 networkpolicies",
      { spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] } },
      [
        ["spec.policyTypes", ["Ingress"]],
        ["spec.ingress.0.ports.0.protocol", "TCP"],
      ],
    ],
    ["policy/v1beta1 poddisruptionbudgets", { spec: {} }, [["spec.selector", undefined]]],
    [
      "certificates.k8s.io/v1beta1 certificatesigningrequests",
      { spec: { request: "bm90aGluZw==" } },
      [
        ["spec.signerName", "kubernetes.io/legacy-unknown"],
        ["spec.usages", ["digital signature", "key encipherment"]],
      ],
    ],
    [
      "admissionregistration.k8s.io/v1beta1 validatingwebhookconfigurations",
      { webhooks: [{ name: "w", clientConfig: { service: { name: "s", namespace: "n" } } }] },
      [
        ["webhooks.0.failurePolicy", "Ignore"],
        ["webhooks.0.matchPolicy", "Exact"],
        ["webhooks.0.sideEffects", "Unknown"],
        ["webhooks.0.timeoutSeconds", 30],
        ["webhooks.0.admissionReviewVersions", ["v1beta1"]],
        ["webhooks.0.clientConfig.service.port", 443],
      ],
    ],
    [
      "flowcontrol.apiserver.k8s.io/v1beta2 prioritylevelconfigurations",
      { spec: { type: "Limited", limited: { limitResponse: { type: "Reject" } } } },
      [["spec.limited.nominalConcurrencyShares", 30]],
    ],
    [
      "apiextensions.k8s.io/v1beta1 customresourcedefinitions",
      {
        spec: {
          group: "example.com",
          version: "v1",
          scope: "Namespaced",
          names: { plural: "widgets", kind: "Widget" },
          validation: { openAPIV3Schema: { type: "object" } },
          subresources: { status: {} },
          additionalPrinterColumns: [{ name: "Size", type: "string", JSONPath: ".spec.size" }],
        },
      },
      [
        ["spec.preserveUnknownFields", true],
        [
          "spec.versions",
          [
            {
              name: "v1",
              served: true,
              storage: true,
              schema: { openAPIV3Schema: { type: "object" } },
              subresources: { status: {} },
              additionalPrinterColumns: [{ name: "Size", type: "string", jsonPath: ".spec.size" }],
            },
          ],
        ],
      ],
    ],
    [
      "node.k8s.io/v1alpha1 runtimeclasses",
      { spec: { runtimeHandler: "kata" } },
      [
        ["handler", "kata"],
        ["spec", undefined],
      ],
    ],
    [
      "discovery.k8s.io/v1beta1 endpointslices",
      {
        addressType: "IPv4",
        endpoints: [
          {
            addresses: ["10.0.0.1"],
            nodeName: "n1",
            topology: { "kubernetes.io/hostname": "n1", "topology.kubernetes.io/zone": "z", rack: "r" },
          },
        ],
      },
      [
        ["endpoints.0.zone", "z"],
        ["endpoints.0.nodeName", "n1"],
        ["endpoints.0.deprecatedTopology", { rack: "r" }],
      ],
    ],
    [
      "rbac.authorization.k8s.io/v1alpha1 rolebindings",
      {
        subjects: [
          { kind: "User", name: "u", apiVersion: "rbac.authorization.k8s.io/v1alpha1" },
          { kind: "ServiceAccount", name: "s", namespace: "n", apiVersion: "v1" },
        ],
        roleRef: { kind: "Role", name: "r" },
      },
      [
        ["subjects.0", { kind: "User", name: "u", apiGroup: "rbac.authorization.k8s.io" }],
        ["subjects.1", { kind: "ServiceAccount", name: "s", namespace: "n" }],
        ["roleRef.apiGroup", "rbac.authorization.k8s.io"],
      ],
    ],
  ];
  for (const [name, value, expected] of cases) {
    test(name, () => {
      const object = stored(legacyOf(name), { metadata: {}, ...value });
      for (const [path, wanted] of expected) assert.deepEqual(at(object, path), wanted, path);
    });
  }
});

suite("empty selectors of disruption budgets", () => {
  const meanings: readonly (readonly [string, object | undefined, object | undefined])[] = [
    ["no selector", undefined, undefined],
    ["a selector", { matchLabels: { a: "b" } }, { matchLabels: { a: "b" } }],
    ["all pods", operator("DoesNotExist"), {}],
    ["no pods", {}, operator("Exists")],
  ];
  const budget = (selector: object | undefined) => ({ metadata: {}, spec: { ...(selector && { selector }) } });
  for (const [name, former, today] of meanings) {
    test(name, () => {
      const { alternate } = legacyOf("policy/v1beta1 poddisruptionbudgets");
      assert.deepEqual(at(alternate.toStored(budget(former)), "spec.selector"), today);
      assert.deepEqual(at(alternate.fromStored(budget(today)), "spec.selector"), former);
    });
  }

  function operator(operator: string): object {
    return { matchExpressions: [{ key: "pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match", operator }] };
  }
});

function at(value: unknown, path: string): unknown {
  return path.split(".").reduce((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
}
