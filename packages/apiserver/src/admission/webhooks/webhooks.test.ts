import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AdmissionResponse, AdmissionReview } from "@kube-ts/api/admission/v1";
import type { MutatingWebhook, MutatingWebhookConfiguration } from "@kube-ts/api/admissionregistration/v1";
import type { Namespace } from "@kube-ts/api/core/v1";
import {
  configMaps,
  mutatingWebhookConfigurations,
  namespaces,
  validatingWebhookConfigurations,
} from "@kube-ts/api/resource-types";
import { FakeClock } from "@kube-ts/std/clock";
import { createRegistry } from "@kube-ts/std/metrics";
import { seededRandom } from "@kube-ts/std/random";
import { MemoryObjects } from "../../auth/testing/memory-objects.ts";
import type { WebhookTransport } from "../../extensions/conversion/webhook-transport.ts";
import type { AdmissionAttributes } from "../admission.ts";
import { PluginChain } from "../plugin-chain.ts";
import { Reinvocations } from "../matching/reinvocation.ts";
import { refusalOf, writeOf } from "../testing/attributes.ts";
import { PlainForms } from "../testing/plain-forms.ts";
import { MutatingAdmissionWebhook } from "./mutating-webhooks.ts";
import { ValidatingAdmissionWebhook } from "./validating-webhooks.ts";
import { WebhookMetrics } from "./webhook-metrics.ts";

const signal = new AbortController().signal;

type Answer = (review: AdmissionReview) => Omit<AdmissionResponse, "uid"> | Error;

/** Webhooks by the host of their URL, and a server that has them. */
class Bench implements Disposable {
  readonly objects = new MemoryObjects();
  readonly metrics = createRegistry();
  readonly called: string[] = [];
  readonly answers = new Map<string, Answer>();
  readonly chain: PluginChain;

  constructor() {
    const namespace: Namespace = { metadata: { name: "ns", labels: { team: "a" } }, spec: {} };
    this.objects.put(namespaces, namespace);
    const reinvocations = new Reinvocations();
    const clock = new FakeClock();
    const parts = {
      source: this.objects,
      forms: new PlainForms(),
      authorizer: undefined,
      transport: this.#transport(),
      clock,
      random: seededRandom(1),
      metrics: new WebhookMetrics(this.metrics),
    };
    const plugins = [new MutatingAdmissionWebhook(parts, reinvocations), new ValidatingAdmissionWebhook(parts)];
    this.chain = new PluginChain(plugins, clock, undefined, reinvocations);
  }

  [Symbol.dispose](): void {
    this.chain[Symbol.dispose]();
  }

  /** Sets a configuration up whose webhooks allow everything, unless they are told what to answer. */
  add(name: string, hooks: Record<string, Partial<MutatingWebhook> & { answer?: Answer }>, validating = false): void {
    const webhooks = Object.entries(hooks).map(([host, { answer, ...webhook }]): MutatingWebhook => {
      if (answer) this.answers.set(host, answer);
      return {
        name: host,
        clientConfig: { url: `https://${host}/` },
        rules: [{ operations: ["*"], apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"] }],
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        ...webhook,
      };
    });
    const configuration: MutatingWebhookConfiguration = { metadata: { name }, webhooks };
    this.objects.put(validating ? validatingWebhookConfigurations : mutatingWebhookConfigurations, configuration);
  }

  async admit(write: AdmissionAttributes): Promise<string> {
    return refusalOf(async () => {
      await this.chain.admit(write, signal);
      await this.chain.validate(write, signal);
    });
  }

  #transport(): WebhookTransport {
    return {
      post: ({ url = "" }, body) => {
        const { host } = new URL(url);
        const review = structuredClone(body) as AdmissionReview;
        this.called.push(host);
        const said = this.answers.get(host)?.(review) ?? { allowed: true };
        if (said instanceof Error) return Promise.reject(said);
        const { apiVersion } = review;
        return Promise.resolve({
          kind: "AdmissionReview",
          apiVersion,
          response: { uid: review.request?.uid, ...said },
        });
      },
    };
  }
}

const patching =
  (...operations: object[]): Answer =>
  () => ({ allowed: true, patch: Buffer.from(JSON.stringify(operations)).toString("base64"), patchType: "JSONPatch" });

const configMap = (data: Record<string, string> = {}, labels: Record<string, string> = {}) => ({
  kind: "ConfigMap",
  apiVersion: "v1",
  metadata: { name: "c", namespace: "ns", uid: "u", labels },
  data,
});

describe("mutating webhooks", () => {
  it("are called in the order of their configurations, and change the object in place", async () => {
    using bench = new Bench();
    bench.add("z", { "last.test": { answer: patching({ op: "add", path: "/data/b", value: "2" }) } });
    bench.add("a", {
      "second.test": {},
      "first.test": { answer: patching({ op: "add", path: "/data/a", value: "1" }) },
    });
    const object = configMap();
    assert.equal(await bench.admit(writeOf(configMaps, object)), "");
    assert.deepEqual(bench.called, ["second.test", "first.test", "last.test"]);
    assert.deepEqual(object.data, { a: "1", b: "2" });
  });

  it("are called again only where they asked for it and something changed after them", async () => {
    using bench = new Bench();
    const change = patching({ op: "add", path: "/data/x", value: "y" });
    bench.add("a", {
      "again.test": { reinvocationPolicy: "IfNeeded" },
      "once.test": {},
      "change.test": { answer: change },
    });
    await bench.admit(writeOf(configMaps, configMap()));
    assert.deepEqual(bench.called, ["again.test", "once.test", "change.test", "again.test"]);
    bench.called.length = 0;
    await bench.admit(writeOf(configMaps, configMap({ x: "y" })));
    assert.deepEqual(bench.called, ["again.test", "once.test", "change.test"], "nothing changed");
  });

  it("do not change what the server gave the object", async () => {
    using bench = new Bench();
    bench.add("a", { "a.test": { answer: patching({ op: "replace", path: "/metadata/uid", value: "mine" }) } });
    const object = configMap();
    assert.equal(await bench.admit(writeOf(configMaps, object)), "");
    assert.equal(object.metadata.uid, "u");
  });

  const inapplicable = [
    [
      { op: "remove", path: "/no" },
      "error in remove for path: '/no': Unable to remove nonexistent key: no: missing value",
    ],
    [
      { op: "add", path: "/no/where", value: 1 },
      "add operation does not apply: doc is missing path: /no/where: missing value",
    ],
    [{ op: "test", path: "/kind", value: "Other" }, "testing value /kind failed: test failed"],
  ] as const;
  for (const [operation, problem] of inapplicable) {
    it(`fail with a patch that cannot ${operation.op} what it wants to`, async () => {
      using bench = new Bench();
      bench.add("a", { "a.test": { answer: patching(operation) } });
      assert.equal(await bench.admit(writeOf(configMaps, configMap())), `500 Internal error occurred: ${problem}`);
    });
  }

  it("fail with a patch of another type", async () => {
    using bench = new Bench();
    const patch = Buffer.from('[{"op":"remove","path":"/data"}]').toString("base64");
    const odd = { allowed: true, patch, patchType: "Full" } as unknown as AdmissionResponse;
    bench.add("a", { "a.test": { answer: () => odd } });
    assert.equal(
      await bench.admit(writeOf(configMaps, configMap())),
      '500 Internal error occurred: failed calling webhook "a.test": unsupported patch type "Full"',
    );
  });
});

describe("webhooks", () => {
  it("that fail refuse the write, or are left out, and are counted", async () => {
    using bench = new Bench();
    const answer = () => new Error("no route");
    bench.add("a", { "open.test": { answer, failurePolicy: "Ignore" } }, true);
    assert.equal(await bench.admit(writeOf(configMaps, configMap())), "");
    bench.add("b", { "closed.test": { answer, failurePolicy: "Fail" } }, true);
    assert.equal(
      await bench.admit(writeOf(configMaps, configMap())),
      '500 Internal error occurred: failed calling webhook "closed.test": failed to call webhook: no route',
    );
    const text = await bench.metrics.metrics();
    assert.match(text, /webhook_fail_open_count\{name="open\.test",type="validating"\} 2/);
    assert.match(
      text,
      /rejection_count\{name="closed\.test",.*error_type="calling_webhook_error",rejection_code="503"\} 1/,
    );
  });

  it("tell the audit what they changed and where they failed", async () => {
    using bench = new Bench();
    const answer = () => new Error("no route");
    const change = { op: "add", path: "/data/x", value: "y" };
    bench.add("a", { "quiet.test": {}, "open.test": { answer, failurePolicy: "Ignore" } });
    bench.add("b", { "change.test": { answer: patching(change) } });
    bench.add("c", { "checks.test": { answer, failurePolicy: "Ignore" } }, true);
    const [annotations, ofBodies]: Record<string, string>[] = [{}, {}];
    const noteIn = (notes: Record<string, string> | undefined) => (key: string, value: string) => {
      if (notes) notes[key.replace(".webhook.admission.k8s.io", "")] = value;
    };
    const write = { annotate: noteIn(annotations), annotateBody: noteIn(ofBodies) };
    assert.equal(await bench.admit(writeOf(configMaps, configMap(), write)), "");
    assert.deepEqual(annotations, {
      "mutation/round_0_index_0": '{"configuration":"a","webhook":"quiet.test","mutated":false}',
      "failed-open.mutation/round_0_index_1": "open.test",
      "mutation/round_0_index_2": '{"configuration":"b","webhook":"change.test","mutated":true}',
      "failed-open.validating/round_0_index_0": "checks.test",
    });
    assert.deepEqual(ofBodies, {
      "patch/round_0_index_2":
        '{"configuration":"b","webhook":"change.test","patch":[{"op":"add","path":"/data/x","value":"y"}],"patchType":"JSONPatch"}',
    });
  });

  it("are not asked about a dry run that they do not support", async () => {
    using bench = new Bench();
    bench.add("a", { "a.test": { sideEffects: "Some" } }, true);
    assert.equal(
      await bench.admit(writeOf(configMaps, configMap(), { dryRun: true })),
      '400 admission webhook "a.test" does not support dry run',
    );
    assert.equal(await bench.admit(writeOf(configMaps, configMap())), "");
    assert.deepEqual(bench.called, ["a.test"]);
  });

  it("match by the labels of the namespace and of either object", async () => {
    using bench = new Bench();
    bench.add("a", {
      "team-a.test": { namespaceSelector: { matchLabels: { team: "a" } } },
      "team-b.test": { namespaceSelector: { matchLabels: { team: "b" } } },
      "labelled.test": { objectSelector: { matchLabels: { k: "v" } } },
    });
    await bench.admit(writeOf(configMaps, configMap()));
    assert.deepEqual(bench.called.splice(0), ["team-a.test"]);
    const oldObject = configMap({}, { k: "v" });
    await bench.admit(writeOf(configMaps, configMap(), { operation: "UPDATE", oldObject }));
    assert.deepEqual(bench.called, ["team-a.test", "labelled.test"]);
  });

  it("of the version before are asked in it", async () => {
    using bench = new Bench();
    let version: string | undefined;
    const answer: Answer = ({ apiVersion }) => {
      version = apiVersion;
      return { allowed: true };
    };
    bench.add("a", { "a.test": { admissionReviewVersions: ["v2", "v1beta1", "v1"], answer } });
    assert.equal(await bench.admit(writeOf(configMaps, configMap())), "");
    assert.equal(version, "admission.k8s.io/v1beta1");
  });

  it("are sent upstream's fields in upstream's order, null where the write has no such object", async () => {
    using bench = new Bench();
    const reviews: string[] = [];
    const answer: Answer = (review) => {
      reviews.push(JSON.stringify(review.request).replace(/"uid":"[0-9a-f-]{36}",/, ""));
      return { allowed: true };
    };
    bench.add("a", { "a.test": { answer } }, true);
    const [object, oldObject] = [configMap({ n: "2" }), configMap({ n: "1" })];
    const options = { kind: "UpdateOptions", apiVersion: "meta.k8s.io/v1" };
    await bench.admit(writeOf(configMaps, object, { operation: "UPDATE", oldObject, options }));
    await bench.admit(writeOf(configMaps, undefined, { operation: "DELETE", oldObject, dryRun: true }));
    const extra = { reason: ["r"] };
    const user = { name: "", uid: "7", groups: [], extra };
    await bench.admit(writeOf(configMaps, object, { operation: "CONNECT", subresource: "exec", user }));
    const kind = { group: "", version: "v1", kind: "ConfigMap" };
    const resource = { group: "", version: "v1", resource: "configmaps" };
    const names = { name: "c", namespace: "ns" };
    const about = { kind, resource, requestKind: kind, requestResource: resource, ...names };
    const userInfo = { username: "alice", groups: ["system:authenticated"] };
    assert.deepEqual(
      reviews,
      [
        { ...about, operation: "UPDATE", userInfo, object, oldObject, dryRun: false, options },
        { ...about, operation: "DELETE", userInfo, object: null, oldObject, dryRun: true, options: null },
      ].map((request) => JSON.stringify(request)),
      "a connection is not covered by the rules",
    );
    const rules: MutatingWebhook["rules"] = [
      { operations: ["CONNECT"], apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps/exec"] },
    ];
    bench.add("a", { "a.test": { answer, rules } }, true);
    await bench.admit(writeOf(configMaps, object, { operation: "CONNECT", subresource: "exec", user }));
    const [subResource, requestSubResource] = ["exec", "exec"];
    const requested = { requestKind: kind, requestResource: resource, requestSubResource };
    const connected = { kind, resource, subResource, ...requested, ...names, operation: "CONNECT" };
    const objects = { object, oldObject: null, dryRun: false, options: null };
    assert.equal(reviews[2], JSON.stringify({ ...connected, userInfo: { uid: "7", extra }, ...objects }));
  });

  it("are as their configurations are now", async () => {
    using bench = new Bench();
    const write = () => bench.admit(writeOf(configMaps, configMap()));
    const deny: Answer = () => ({ allowed: false });
    assert.equal(await write(), "");
    bench.add("a", { "a.test": { answer: deny } }, true);
    assert.equal(await write(), '400 admission webhook "a.test" denied the request without explanation');
    bench.add("a", {}, true);
    assert.equal(await write(), "");
  });

  it("that nobody configured cost no wait", () => {
    using bench = new Bench();
    const write = writeOf(configMaps, configMap());
    const parts = { source: bench.objects, forms: new PlainForms(), authorizer: undefined };
    const rest = { transport: { post: () => Promise.reject(new Error("called")) }, clock: new FakeClock() };
    using plugin = new ValidatingAdmissionWebhook({ ...parts, ...rest, random: seededRandom(1), metrics: undefined });
    assert.equal(plugin.validate(write, signal), undefined);
    bench.add("a", { "a.test": { rules: [] } }, true);
    assert.equal(plugin.validate(write, signal), undefined, "none is about the resource");
  });
});
