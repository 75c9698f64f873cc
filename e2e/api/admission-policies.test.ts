import assert from "node:assert/strict";
import { beforeEach, suite, test } from "node:test";
import type { MatchResources } from "@kube-ts/api/admissionregistration/v1";
import type { KubeObject } from "@kube-ts/api/object";
import type { Status } from "@kube-ts/api/meta/v1";
import { ApiRequests } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";
import { KubectlOnServer } from "../harness/kubectl-on-server.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

// Admission policies, as upstream's kubectl sees what they do. One server for all tests; every test has a namespace.

const server = serverForTests();
const cluster = new KubectlOnServer(server);
const api = new ApiRequests(server);
let scope = "";
let count = 0;

beforeEach(async () => {
  scope = `ns${++count}`;
  await cluster.run(`create namespace ${scope}`);
});

const apiVersion = "admissionregistration.k8s.io/v1";
const configMaps: MatchResources = {
  resourceRules: [
    { operations: ["CREATE", "UPDATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"] },
  ],
};
const deployments: MatchResources = {
  resourceRules: [
    { operations: ["CREATE", "UPDATE"], apiGroups: ["apps"], apiVersions: ["v1"], resources: ["deployments"] },
  ],
};

type Kind = "Validating" | "Mutating";

/** Makes a policy and binds it to the namespace of the test. */
async function bind(kind: Kind, spec: object, binding: object = {}, matchConstraints = configMaps): Promise<void> {
  const metadata = { name: scope };
  await cluster.create({ apiVersion, kind: `${kind}AdmissionPolicy`, metadata, spec: { matchConstraints, ...spec } });
  const matchResources = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": scope } } };
  const actions = kind === "Validating" ? { validationActions: ["Deny"] } : {};
  await cluster.create({
    apiVersion,
    kind: `${kind}AdmissionPolicyBinding`,
    metadata: { name: `${scope}-b` },
    spec: { policyName: scope, matchResources, ...actions, ...binding },
  });
}

interface ConfigMap extends KubeObject {
  readonly data?: Record<string, string>;
}

const configMap = (name: string, data: Record<string, string> = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: scope },
  data,
});

const deployment = (name: string, replicas: number) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: scope },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "c", image: "i" }] } },
  },
});

const dryRun = (object: object) => cluster.attempt(["create", "-f", "-", "--dry-run=server"], JSON.stringify(object));

/** What kubectl says once the policy refuses the object. */
const refusal = async (object: object) =>
  (
    await eventually(
      "refused",
      () => dryRun(object),
      ({ code }) => code !== 0,
    )
  ).stderr;

const post = (object: object) => api.json<Status>("POST", `/api/v1/namespaces/${scope}/configmaps`, { body: object });

suite("validating policies", () => {
  test("deny with the expression, a message or a made message", async () => {
    await bind("Validating", {
      validations: [
        { expression: "object.metadata.name != 'plain'" },
        { expression: "object.metadata.name != 'told'", message: "no such names", reason: "Forbidden" },
        {
          expression: "!('x' in object.data)",
          message: "unused",
          messageExpression: "'x is ' + object.data.x + ' in ' + namespaceObject.metadata.name",
        },
      ],
    });
    const denied = `ValidatingAdmissionPolicy '${scope}' with binding '${scope}-b' denied request: `;
    assert.ok(
      (await refusal(configMap("plain"))).includes(`${denied}failed expression: object.metadata.name != 'plain'`),
    );
    const status = await post(configMap("told"));
    assert.deepEqual(
      [status.code, status.reason, status.message],
      [403, "Forbidden", `configmaps "told" is forbidden: ${denied}no such names`],
    );
    const made = await post(configMap("made", { x: "1" }));
    assert.deepEqual([made.code, made.reason], [422, "Invalid"]);
    assert.equal(made.message, `configmaps "made" is forbidden: ${denied}x is 1 in ${scope}`);
    assert.deepEqual(made.details?.causes, [
      { message: made.message?.replace('configmaps "made" is forbidden: ', "") },
    ]);
    await cluster.create(configMap("fine", { y: "1" }));
  });

  test("warn, or only note, as the binding says", async () => {
    await bind(
      "Validating",
      { validations: [{ expression: "false", message: "never" }] },
      { validationActions: ["Warn", "Audit"] },
    );
    const { stderr } = await eventually(
      "warned",
      () => dryRun(configMap("a")),
      ({ stderr: text, code }) => code === 0 && text !== "",
    );
    assert.equal(
      stderr,
      `Warning: Validation failed for ValidatingAdmissionPolicy '${scope}' with binding '${scope}-b': never\n`,
    );
  });

  test("have parameters, which are read as they are now, and variables", async () => {
    await bind(
      "Validating",
      {
        paramKind: { apiVersion: "v1", kind: "ConfigMap" },
        variables: [
          { name: "limit", expression: "int(params.data.limit)" },
          { name: "wanted", expression: "object.spec.replicas" },
          { name: "unused", expression: "1 / 0" },
        ],
        validations: [
          {
            expression: "variables.wanted <= variables.limit",
            messageExpression: "string(variables.wanted) + ' are more than ' + string(variables.limit)",
          },
        ],
      },
      { paramRef: { name: "limits", parameterNotFoundAction: "Deny" } },
      deployments,
    );
    const text = await refusal(deployment("web", 5));
    assert.match(
      text,
      /failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction/,
    );
    await cluster.create(configMap("limits", { limit: "3" }));
    const refused = await eventually(
      "with parameters",
      () => dryRun(deployment("web", 5)),
      ({ stderr }) => /more than/.test(stderr),
    );
    assert.match(refused.stderr, /denied request: 5 are more than 3/);
    await cluster.run(`patch configmap limits -n ${scope} -p {"data":{"limit":"9"}}`);
    await cluster.create(deployment("web", 5));
  });

  test("have custom resources as parameters, chosen by labels", async () => {
    const schema = { type: "object", properties: { max: { type: "integer" } } };
    await cluster.create({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "limits.example.com" },
      spec: {
        group: "example.com",
        scope: "Cluster",
        names: { plural: "limits", singular: "limit", kind: "Limit", listKind: "LimitList" },
        versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
      },
    });
    const limit = (name: string, max: number) => ({
      apiVersion: "example.com/v1",
      kind: "Limit",
      metadata: { name, labels: { for: "deployments" } },
      max,
    });
    await eventually("a kind", () => cluster.create(limit("high", 10)));
    await cluster.create(limit("low", 2));
    await bind(
      "Validating",
      {
        paramKind: { apiVersion: "example.com/v1", kind: "Limit" },
        validations: [
          { expression: "object.spec.replicas <= params.max", messageExpression: "'at most ' + string(params.max)" },
        ],
      },
      { paramRef: { selector: { matchLabels: { for: "deployments" } }, parameterNotFoundAction: "Allow" } },
      deployments,
    );
    assert.match(await refusal(deployment("web", 5)), /denied request: at most 2/);
    await cluster.run("delete limit low");
    await eventually("admitted", async () => (await dryRun(deployment("web", 5))).code === 0);
  });

  test("fail closed or open, and stop at their budget", async () => {
    const validations = [{ expression: "object.data.nothing == 'x'" }];
    await bind("Validating", { validations });
    assert.match(
      await refusal(configMap("a", { b: "c" })),
      /denied request: expression 'object\.data\.nothing == 'x'' resulted in error: no such key: nothing/,
    );
    await cluster.run(`patch validatingadmissionpolicy ${scope} --type=merge -p {"spec":{"failurePolicy":"Ignore"}}`);
    await eventually("ignored", async () => (await dryRun(configMap("a", { b: "c" }))).code === 0);
    const costly =
      "object.data.all(a, object.data.all(b, object.data.all(c, object.data.all(d, (a + b + c + d) != 'x'))))";
    const spec = { failurePolicy: "Fail", validations: [{ expression: costly }] };
    await cluster.run(
      `patch validatingadmissionpolicy ${scope} --type=merge -p ${JSON.stringify({ spec }).replaceAll(" ", "\\u0020")}`,
    );
    const data = Object.fromEntries(Array.from({ length: 60 }, (_unused, index) => [`k${index}`, "v"]));
    assert.match(await refusal(configMap("costly", data)), /operation cancelled: actual cost limit exceeded/);
  });

  test("ask the authorizer, and are left out by conditions and excluded rules", async () => {
    const excludeResourceRules = [
      {
        operations: ["*" as const],
        apiGroups: [""],
        apiVersions: ["v1"],
        resources: ["configmaps"],
        resourceNames: ["spared"],
      },
    ];
    await bind(
      "Validating",
      {
        matchConditions: [{ name: "c", expression: "!object.metadata.name.startsWith('skipped')" }],
        validations: [
          {
            expression:
              "authorizer.serviceAccount('default', 'nobody').requestResource().check('get').allowed()".replace(
                ".requestResource()",
                ".group('').resource('secrets').namespace(request.namespace)",
              ),
          },
          { expression: "authorizer.requestResource.check('delete').allowed()", message: "may delete" },
        ],
      },
      {},
      { ...configMaps, excludeResourceRules },
    );
    assert.match(await refusal(configMap("a")), /failed expression: authorizer\.serviceAccount/);
    assert.equal((await dryRun(configMap("skipped-a"))).code, 0);
    assert.equal((await dryRun(configMap("spared"))).code, 0);
  });

  test("see what is updated and deleted", async () => {
    await cluster.create(configMap("kept", { a: "1" }));
    const resourceRules = [
      {
        operations: ["UPDATE" as const, "DELETE" as const],
        apiGroups: [""],
        apiVersions: ["*"],
        resources: ["configmaps"],
      },
    ];
    await bind(
      "Validating",
      {
        validations: [
          {
            expression: "request.operation == 'DELETE' ? oldObject.data.a != '1' : object.data == oldObject.data",
            messageExpression: "request.operation + ' of ' + request.name",
          },
        ],
      },
      {},
      { resourceRules },
    );
    const attempt = (command: string) => cluster.attempt(command.split(" "));
    const { stderr } = await eventually(
      "refused",
      () => attempt(`delete configmap kept -n ${scope}`),
      ({ code }) => code !== 0,
    );
    assert.match(stderr, /denied request: DELETE of kept/);
    await cluster.run(`label configmap kept -n ${scope} a=b`);
    const { stderr: text } = await attempt(`patch configmap kept -n ${scope} -p {"data":{"a":"2"}}`);
    assert.match(text, /denied request: UPDATE of kept/);
  });

  test("are checked against the types of what they match", async () => {
    await bind("Validating", { validations: [{ expression: "object.spec.replicated > 1" }] }, {}, deployments);
    interface Checked extends KubeObject {
      status?: {
        observedGeneration?: number;
        typeChecking?: { expressionWarnings?: { fieldRef: string; warning: string }[] };
      };
    }
    const { status } = await eventually(
      "checked",
      () => cluster.json<Checked>(`get validatingadmissionpolicy ${scope}`),
      (policy) => policy.status?.observedGeneration === 1,
    );
    const [warning] = status?.typeChecking?.expressionWarnings ?? [];
    assert.equal(warning?.fieldRef, "spec.validations[0].expression");
    assert.match(
      warning?.warning ?? "",
      /^apps\/v1, Kind=Deployment: ERROR: <input>:1:12: undefined field 'replicated'/,
    );
  });
});

suite("mutating policies", () => {
  const jsonPatch = (expression: string) => ({ patchType: "JSONPatch", jsonPatch: { expression } });
  const configuration = (expression: string) => ({
    patchType: "ApplyConfiguration",
    applyConfiguration: { expression },
  });

  test("apply configurations and patches", async () => {
    await bind(
      "Mutating",
      {
        reinvocationPolicy: "Never",
        variables: [{ name: "team", expression: "namespaceObject.metadata.name" }],
        mutations: [
          configuration(
            "Object{metadata: Object.metadata{labels: {'team': variables.team}}, " +
              "spec: Object.spec{template: Object.spec.template{spec: Object.spec.template.spec{" +
              "containers: object.spec.template.spec.containers.map(c, Object.spec.template.spec.containers{name: c.name, imagePullPolicy: 'Never'})}}}}",
          ),
          jsonPatch("[JSONPatch{op: 'add', path: '/metadata/labels/' + jsonpatch.escapeKey('a/b'), value: 'c'}]"),
        ],
      },
      {},
      deployments,
    );
    interface Deployment extends KubeObject {
      spec: { template: { spec: { containers: { name: string; image: string; imagePullPolicy: string }[] } } };
    }
    const made = await eventually(
      "mutated",
      () =>
        api.json<Deployment>("POST", `/apis/apps/v1/namespaces/${scope}/deployments?dryRun=All`, {
          body: deployment("web", 1),
        }),
      ({ metadata }) => metadata.labels !== undefined,
    );
    assert.deepEqual(made.metadata.labels, { team: scope, "a/b": "c" });
    const [container] = made.spec.template.spec.containers;
    assert.deepEqual([container?.name, container?.image, container?.imagePullPolicy], ["c", "i", "Never"]);
  });

  test("cannot replace what has no parts of its own", async () => {
    await bind(
      "Mutating",
      {
        reinvocationPolicy: "Never",
        mutations: [
          configuration(
            "Object{spec: Object.spec{template: Object.spec.template{spec: Object.spec.template.spec{" +
              "containers: [Object.spec.template.spec.containers{name: 'c', args: ['x']}]}}}}",
          ),
        ],
      },
      {},
      deployments,
    );
    assert.match(
      await refusal(deployment("web", 1)),
      /policy 'ns\d+' with binding 'ns\d+-b' denied request: .*may not mutate atomic arrays, maps or structs: \.spec\.template\.spec\.containers\[name="c"\]\.args/,
    );
  });

  test("see the object again when asked to, and fail open when told to", async () => {
    const appended = "(has(object.data.n) ? object.data.n : '') + 'x'";
    await bind("Mutating", {
      reinvocationPolicy: "IfNeeded",
      matchConditions: [{ name: "short", expression: "!has(object.data.n) || size(object.data.n) < 5" }],
      mutations: [jsonPatch(`[JSONPatch{op: 'add', path: '/data/n', value: ${appended}}]`)],
    });
    const path = `/api/v1/namespaces/${scope}/configmaps?dryRun=All`;
    const made = await eventually(
      "mutated",
      () => api.json<ConfigMap>("POST", path, { body: configMap("a", { b: "c" }) }),
      ({ data }) => data?.["n"] !== undefined,
    );
    assert.deepEqual(made.data, { b: "c", n: "x" });
    const refused = await refusal({ ...configMap("a"), data: undefined });
    assert.match(refused, /denied request: .*JSON ?Patch|no such key: data/i);
    await cluster.run(`patch mutatingadmissionpolicy ${scope} --type=merge -p {"spec":{"failurePolicy":"Ignore"}}`);
    await eventually("ignored", async () => (await dryRun({ ...configMap("a"), data: undefined })).code === 0);
  });
});
