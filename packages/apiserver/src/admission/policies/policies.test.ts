import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  ParamRef,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from "@kube-ts/api/admissionregistration/v1";
import type { KubeObject } from "@kube-ts/api/object";
import {
  configMaps,
  deployments,
  mutatingAdmissionPolicies,
  mutatingAdmissionPolicyBindings,
  namespaces,
  validatingAdmissionPolicies,
  validatingAdmissionPolicyBindings,
} from "@kube-ts/api/resource-types";
import { FakeClock } from "@kube-ts/std/clock";
import type { Authorizer } from "../../auth/authorizer.ts";
import { MemoryObjects } from "../../auth/testing/memory-objects.ts";
import type { AdmissionAttributes } from "../admission.ts";
import { PluginChain } from "../plugin-chain.ts";
import { Reinvocations } from "../matching/reinvocation.ts";
import { refusalOf, writeOf } from "../testing/attributes.ts";
import { PlainForms } from "../testing/plain-forms.ts";
import { MutatingAdmissionPolicyPlugin } from "./mutating-policies.ts";
import { ValidatingAdmissionPolicyPlugin } from "./validating-policies.ts";

const signal = new AbortController().signal;
const rule = { operations: ["*" as const], apiGroups: ["*"], apiVersions: ["*"], resources: ["*"] };

type ValidatingSpec = ValidatingAdmissionPolicy["spec"];
type MutatingSpec = MutatingAdmissionPolicy["spec"];

class Bench implements Disposable {
  readonly objects = new MemoryObjects();
  readonly forms = new PlainForms();
  /** Questions that the authorizer was asked; it allows what has the verb `get`. */
  readonly asked: string[] = [];
  readonly chain: PluginChain;
  #generation = 0;

  constructor() {
    this.objects.put(namespaces, { metadata: { name: "ns", labels: { team: "a" } }, spec: {} });
    const authorizer: Authorizer = {
      authorize: async (attributes) => {
        this.asked.push(`${attributes.user.name} ${attributes.verb}`);
        return { decision: attributes.verb === "get" ? "allow" : "noOpinion", reason: "" };
      },
    };
    const parts = { source: this.objects, forms: this.forms, authorizer };
    const reinvocations = new Reinvocations();
    const plugins = [
      new MutatingAdmissionPolicyPlugin(parts, reinvocations),
      new ValidatingAdmissionPolicyPlugin(parts),
    ];
    this.chain = new PluginChain(plugins, new FakeClock(), undefined, reinvocations);
  }

  [Symbol.dispose](): void {
    this.chain[Symbol.dispose]();
  }

  validating(
    name: string,
    spec: ValidatingSpec,
    binding: Partial<ValidatingAdmissionPolicyBinding["spec"]> = {},
  ): void {
    const metadata = { name, uid: name, generation: ++this.#generation };
    const matchConstraints = { resourceRules: [rule] };
    this.objects.put(validatingAdmissionPolicies, { metadata, spec: { matchConstraints, ...spec } });
    this.objects.put(validatingAdmissionPolicyBindings, {
      metadata: { name: `${name}-b` },
      spec: { policyName: name, validationActions: ["Deny"], ...binding },
    });
  }

  mutating(name: string, spec: MutatingSpec, binding: Partial<MutatingAdmissionPolicyBinding["spec"]> = {}): void {
    const metadata = { name, uid: name, generation: ++this.#generation };
    const matchConstraints = { resourceRules: [rule] };
    this.objects.put(mutatingAdmissionPolicies, { metadata, spec: { matchConstraints, ...spec } });
    this.objects.put(mutatingAdmissionPolicyBindings, {
      metadata: { name: `${name}-b` },
      spec: { policyName: name, ...binding },
    });
  }

  admit(write: AdmissionAttributes): Promise<string> {
    return refusalOf(async () => {
      await this.chain.admit(write, signal);
      await this.chain.validate(write, signal);
    });
  }

  /** What is said of the policy's refusal, without what all refusals have in common. */
  async denial(write: AdmissionAttributes = writeOf(configMaps, configMap())): Promise<string> {
    const text = await this.admit(write);
    const mark = " denied request: ";
    const at = text.indexOf(mark);
    return at < 0 ? text : text.slice(at + mark.length);
  }
}

const configMap = (data: Record<string, string> = {}) => ({
  kind: "ConfigMap",
  apiVersion: "v1",
  metadata: { name: "c", namespace: "ns" },
  data,
});

const deny = (validation: Partial<NonNullable<ValidatingSpec["validations"]>[number]> = {}): ValidatingSpec => ({
  validations: [{ expression: "false", ...validation }],
});

describe("a validating policy", () => {
  const messages: readonly [what: string, spec: ValidatingSpec, denial: string][] = [
    ["its expression", deny({ expression: " 1 > 2 " }), "failed expression: 1 > 2"],
    ["its message", deny({ message: " no " }), "no"],
    ["a made message", deny({ message: "no", messageExpression: "' ' + object.metadata.name" }), "c"],
    ["its message, if the made one fails", deny({ message: "no", messageExpression: "object.x" }), "no"],
    ["its message, if the made one is empty", deny({ message: "no", messageExpression: "'  '" }), "no"],
    ["its message, if the made one has lines", deny({ message: "no", messageExpression: "'a\\nb'" }), "no"],
    [
      "what went wrong",
      deny({ expression: "object.data.x == ''" }),
      "expression 'object.data.x == ''' resulted in error: no such key: x",
    ],
    [
      "what does not compile",
      deny({ expression: "nothing" }),
      "compilation error: compilation failed: ERROR: <input>:1:1: undeclared reference to 'nothing' (in container '')\n | nothing\n | ^",
    ],
    [
      "what is wrong with a variable",
      { variables: [{ name: "v", expression: "1 / 0" }], ...deny({ expression: "variables.v == 1" }) },
      `expression 'variables.v == 1' resulted in error: composited variable "v" fails to evaluate: division by zero`,
    ],
    [
      "the first of its refusals",
      { validations: [{ expression: "true" }, { expression: "1 > 2" }, { expression: "2 > 3" }] },
      "failed expression: 1 > 2",
    ],
  ];
  for (const [what, spec, denial] of messages) {
    it(`tells ${what}`, async () => {
      using bench = new Bench();
      bench.validating("p", spec);
      assert.equal(await bench.denial(), denial);
    });
  }

  const codes = [
    [undefined, 422],
    ["Invalid", 422],
    ["Forbidden", 403],
    ["Unauthorized", 401],
    ["RequestEntityTooLarge", 413],
  ] as const;
  for (const [reason, code] of codes) {
    it(`refuses with ${code} for ${reason ?? "no reason"}`, async () => {
      using bench = new Bench();
      bench.validating("p", deny(reason && { reason }));
      assert.equal(
        await bench.admit(writeOf(configMaps, configMap())),
        `${code} configmaps "c" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'p-b' denied request: failed expression: false`,
      );
    });
  }

  it("evaluates no variable that nothing reads, and each of the others once", async () => {
    using bench = new Bench();
    const variables = [
      { name: "broken", expression: "1 / 0" },
      { name: "may", expression: "authorizer.requestResource.check('get').allowed()" },
      { name: "twice", expression: "variables.may && variables.may" },
    ];
    bench.validating("p", { variables, validations: [{ expression: "variables.twice && variables.may" }] });
    assert.equal(await bench.admit(writeOf(configMaps, configMap())), "");
    assert.deepEqual(bench.asked, ["alice get"]);
  });

  it("may be open to failures, but not to what it denies", async () => {
    using bench = new Bench();
    const validations = [{ expression: "object.data.x == ''" }];
    bench.validating("p", { failurePolicy: "Ignore", validations });
    assert.equal(await bench.denial(), "");
    bench.validating("p", { failurePolicy: "Ignore", ...deny() });
    assert.equal(await bench.denial(), "failed expression: false");
  });

  it("is asked where its conditions hold; one that does not decides before one that fails", async () => {
    using bench = new Bench();
    const condition = (...expressions: string[]) => ({
      matchConditions: expressions.map((expression, index) => ({ name: `c${index}`, expression })),
      ...deny({ message: "asked" }),
    });
    bench.validating("p", condition("request.name == 'c'", "object.kind == 'ConfigMap'"));
    assert.equal(await bench.denial(), "asked");
    bench.validating("p", condition("object.data.x == ''", "false"));
    assert.equal(await bench.denial(), "");
    bench.validating("p", condition("object.data.x == ''"));
    assert.equal(await bench.denial(), "expression 'object.data.x == ''' resulted in error: no such key: x");
  });

  it("warns, and refuses nothing, when the binding says so", async () => {
    using bench = new Bench();
    bench.validating("p", deny({ message: "no" }), { validationActions: ["Warn"] });
    const write = writeOf(configMaps, configMap());
    assert.equal(await bench.admit(write), "");
    assert.deepEqual(write.warnings, ["Validation failed for ValidatingAdmissionPolicy 'p' with binding 'p-b': no"]);
  });

  it("annotates the audit event", async () => {
    using bench = new Bench();
    bench.validating(
      "p",
      {
        ...deny({ message: "no" }),
        auditAnnotations: [
          { key: "name", valueExpression: "object.metadata.name" },
          { key: "none", valueExpression: "null" },
        ],
      },
      { validationActions: ["Audit"] },
    );
    const annotations: Record<string, string> = {};
    const annotate = (key: string, value: string) => void (annotations[key] = value);
    assert.equal(await bench.admit(writeOf(configMaps, configMap(), { annotate })), "");
    const failure = { message: "no", policy: "p", binding: "p-b", expressionIndex: 0, validationActions: ["Audit"] };
    assert.deepEqual(annotations, {
      "p/name": "c",
      "validation.policy.admission.k8s.io/validation_failure": JSON.stringify([failure]),
    });
  });

  it("sees deletions, the namespace and who asks, and is gone when nothing binds it", async () => {
    using bench = new Bench();
    const expression =
      "object == null && oldObject.data.a == '1' && namespaceObject.metadata.labels.team == 'a' && " +
      "request.operation == 'DELETE' && request.userInfo.username == 'alice' && !has(request.subResource)";
    bench.validating("p", { validations: [{ expression }] });
    const changes = { operation: "DELETE" as const, oldObject: configMap({ a: "1" }) };
    assert.equal(await bench.denial(writeOf(configMaps, undefined, changes)), "");
    assert.match(await bench.denial(), /^failed expression/);
    bench.objects.remove(validatingAdmissionPolicyBindings, "", "p-b");
    assert.equal(await bench.denial(), "");
  });
});

describe("parameters", () => {
  const paramKind = { apiVersion: "example.com/v1", kind: "Limit" };
  const spec = { paramKind, validations: [{ expression: "params == null || params.ok", message: "param" }] };
  const limit = (name: string, namespace: string, ok: boolean, labels = {}): KubeObject & { ok: boolean } => ({
    metadata: { name, namespace, labels },
    ok,
  });

  function bound(paramRef: ParamRef | undefined, namespaced: boolean, ...limits: KubeObject[]): Bench {
    const bench = new Bench();
    bench.forms.paramResources.set("Limit", {
      namespaced,
      get: (namespace, name) =>
        limits.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name),
      list: (namespace) => limits.filter(({ metadata }) => metadata.namespace === namespace),
    });
    bench.validating("p", spec, paramRef && { paramRef });
    return bench;
  }

  const named: ParamRef = { name: "l", parameterNotFoundAction: "Deny" };
  const binding = "failed to configure binding: ";
  const cases: readonly [string, ParamRef | undefined, boolean, KubeObject[], string][] = [
    ["need not be given", undefined, true, [], ""],
    ["are looked for in the namespace of the object", named, true, [limit("l", "ns", false)], "param"],
    [
      "are looked for in the namespace that is named",
      { ...named, namespace: "x" },
      true,
      [limit("l", "x", false)],
      "param",
    ],
    ["are looked for in the cluster", named, false, [limit("l", "", false)], "param"],
    [
      "may not be named in a namespace where they have none",
      { ...named, namespace: "x" },
      false,
      [],
      `${binding}paramRef.namespace must not be provided for a cluster-scoped \`paramKind\``,
    ],
    [
      "have to be there",
      named,
      true,
      [],
      `${binding}no params found for policy binding with \`Deny\` parameterNotFoundAction`,
    ],
    ["need not be there", { ...named, parameterNotFoundAction: "Allow" }, true, [], ""],
    [
      "are chosen by labels, each one for itself",
      { selector: { matchLabels: { a: "b" } }, parameterNotFoundAction: "Allow" },
      true,
      [limit("l", "ns", true, { a: "b" }), limit("m", "ns", false, { a: "b" }), limit("n", "ns", false)],
      "param",
    ],
    [
      "are chosen by labels, where there are some",
      { selector: { matchLabels: { a: "b" } }, parameterNotFoundAction: "Allow" },
      true,
      [limit("n", "ns", false)],
      "",
    ],
  ];
  for (const [what, paramRef, namespaced, limits, denial] of cases) {
    it(what, async () => {
      using bench = bound(paramRef, namespaced, ...limits);
      assert.equal(await bench.denial(), denial);
    });
  }

  it("of a namespace cannot be found for what is in none", async () => {
    using bench = bound(named, true);
    assert.equal(
      await bench.denial(writeOf(namespaces, { metadata: { name: "x" }, spec: {} })),
      `${binding}cannot use namespaced paramRef in policy binding that matches cluster-scoped resources`,
    );
  });

  it("of a kind that the server does not have break the policy", async () => {
    using bench = new Bench();
    bench.validating("p", spec);
    assert.equal(
      await bench.admit(writeOf(configMaps, configMap())),
      `422 configmaps "c" is forbidden: ValidatingAdmissionPolicy 'p' denied request: failed to configure policy: failed to find resource referenced by paramKind: 'example.com/v1, Kind=Limit'`,
    );
    bench.validating("p", { ...spec, failurePolicy: "Ignore" });
    assert.equal(await bench.denial(), "");
  });
});

describe("a mutating policy", () => {
  const patch = (expression: string): MutatingSpec => ({
    reinvocationPolicy: "Never",
    mutations: [{ patchType: "JSONPatch", jsonPatch: { expression } }],
  });
  const apply = (expression: string): MutatingSpec => ({
    reinvocationPolicy: "Never",
    mutations: [{ patchType: "ApplyConfiguration", applyConfiguration: { expression } }],
  });
  const append = (text: string) =>
    `[JSONPatch{op: 'add', path: '/data/n', value: (has(object.data.n) ? object.data.n : '') + '${text}'}]`;

  it("patches, after those of other names, and sees what they made", async () => {
    using bench = new Bench();
    bench.mutating("b", patch(append("b")));
    bench.mutating("a", patch(append("a")));
    const object = configMap();
    assert.equal(await bench.admit(writeOf(configMaps, object)), "");
    assert.deepEqual(object.data, { n: "ab" });
  });

  it("is asked again when it wants to, and others changed something after it", async () => {
    using bench = new Bench();
    bench.mutating("a", { ...patch(append("a")), reinvocationPolicy: "IfNeeded" });
    bench.mutating("b", patch(append("b")));
    const object = configMap();
    assert.equal(await bench.admit(writeOf(configMaps, object)), "");
    assert.deepEqual(object.data, { n: "aba" });
  });

  it("lays configurations over the object, lists by their keys", async () => {
    using bench = new Bench();
    const container = "Object.spec.template.spec.containers{name: 'c', imagePullPolicy: 'Never'}";
    const template = `Object.spec.template{spec: Object.spec.template.spec{containers: [${container}]}}`;
    bench.mutating("a", apply(`Object{spec: Object.spec{replicas: object.spec.replicas + 1, template: ${template}}}`));
    const object = {
      kind: "Deployment",
      apiVersion: "apps/v1",
      metadata: { name: "d", namespace: "ns" },
      spec: {
        replicas: 1,
        selector: {},
        template: { metadata: {}, spec: { containers: [{ name: "b" }, { name: "c", image: "i" }] } },
      },
    };
    assert.equal(await bench.admit(writeOf(deployments, object)), "");
    assert.equal(object.spec.replicas, 2);
    assert.deepEqual(object.spec.template.spec.containers, [
      { name: "b" },
      { name: "c", image: "i", imagePullPolicy: "Never" },
    ]);
  });

  it("leaves the object alone when a test of its patch does not hold", async () => {
    using bench = new Bench();
    const add = "JSONPatch{op: 'add', path: '/data/n', value: 'a'}";
    bench.mutating("a", patch(`[JSONPatch{op: 'test', path: '/metadata/name', value: 'other'}, ${add}]`));
    const object = configMap();
    const before = structuredClone(object);
    assert.equal(await bench.admit(writeOf(configMaps, object)), "");
    assert.deepEqual(object, before);
  });

  const failures: readonly [what: string, spec: MutatingSpec, problem: RegExp][] = [
    [
      "fails in its expression",
      patch("[JSONPatch{op: 'remove', path: object.data.x}]"),
      /resulted in error: no such key: x/,
    ],
    [
      "fails to patch",
      patch("[JSONPatch{op: 'remove', path: '/nothing/here'}]"),
      /^JSON Patch: remove operation does not apply: doc is missing path: \/nothing\/here: missing value$/,
    ],
    ["names unknown fields", apply("Object{data: {'a': 1}}"), /^failed to convert patch object to typed object: /],
  ];
  for (const [what, spec, problem] of failures) {
    it(`that ${what} refuses the write, or is ignored`, async () => {
      using bench = new Bench();
      bench.mutating("a", spec);
      const text = await bench.admit(writeOf(configMaps, configMap()));
      assert.match(text, /^403 policy 'a' with binding 'a-b' denied request: /);
      assert.match(text.slice(text.indexOf("request: ") + 9), problem);
      bench.mutating("a", { ...spec, failurePolicy: "Ignore" });
      assert.equal(await bench.admit(writeOf(configMaps, configMap())), "");
    });
  }
});
