import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod, PodSpec } from "@kube-ts/api/core/v1";
import { pods } from "@kube-ts/api/resource-types";
import { FakeClock } from "@kube-ts/std/clock";
import { readPluginConfig } from "../plugin-configuration.ts";
import { refusalOf, writeOf } from "../testing/attributes.ts";
import { imagePolicyKind } from "./image-policy-configuration.ts";
import { ImagePolicyWebhook } from "./image-policy-webhook.ts";

type Answer = () => Promise<Readonly<Record<string, unknown>>>;
const signal = AbortSignal.timeout(60_000);
const verdict =
  (status: object): Answer =>
  () =>
    Promise.resolve({ kind: "ImageReview", status });

function pod(spec: Partial<PodSpec> = {}): Pod {
  const annotations = { "break-glass.image-policy.k8s.io/ticket": "1", other: "2" };
  return {
    metadata: { name: "p", namespace: "ns", annotations },
    spec: { containers: [{ name: "c", image: "a:1" }], initContainers: [{ name: "i", image: "b:1" }], ...spec },
  };
}

function setUp(answer: Answer, settings: object = {}) {
  const clock = new FakeClock();
  const reviews: object[] = [];
  const webhook = {
    post: (review: object) => {
      reviews.push(review);
      return answer();
    },
  };
  const document = { imagePolicy: { kubeConfigFile: "k", ...settings } };
  const plugin = new ImagePolicyWebhook(
    webhook,
    readPluginConfig("ImagePolicyWebhook", imagePolicyKind, document),
    clock,
  );
  const annotations: Record<string, string> = {};
  const admit = (subject = pod(), changes = {}) => {
    const annotate = (key: string, value: string) => void (annotations[key] = value);
    const write = { ...writeOf(pods, subject, changes), annotate };
    return refusalOf(async () => plugin.validate(write, signal));
  };
  return { clock, reviews, admit, annotations };
}

test("the webhook is asked about all images, and its answer is believed for a while", async () => {
  const { admit, reviews, clock } = setUp(verdict({ allowed: true }), { allowTTL: 10 });
  await clock.advance(1);
  assert.deepEqual([await admit(), await admit()], ["", ""]);
  assert.deepEqual(reviews, [
    {
      kind: "ImageReview",
      apiVersion: "imagepolicy.k8s.io/v1alpha1",
      metadata: {},
      spec: {
        containers: [{ image: "a:1" }, { image: "b:1" }],
        annotations: { "break-glass.image-policy.k8s.io/ticket": "1" },
        namespace: "ns",
      },
      status: { allowed: false },
    },
  ]);
  await clock.advance(10_001);
  await admit();
  assert.equal(reviews.length, 2);
});

test("an answer is not believed at all where that is turned off", async () => {
  const { admit, reviews } = setUp(verdict({ allowed: true }), { allowTTL: -1 });
  assert.deepEqual([await admit(), await admit()], ["", ""]);
  assert.equal(reviews.length, 2);
});

test("containers that are added later are asked about", async () => {
  const { admit, reviews } = setUp(verdict({ allowed: false }));
  const subject = pod({ ephemeralContainers: [{ name: "e", image: "debug" }] });
  const refusal = await admit(subject, { operation: "UPDATE", subresource: "ephemeralcontainers", oldObject: pod() });
  assert.match(refusal, /one or more images rejected by webhook backend/);
  assert.deepEqual((reviews[0] as { spec: { containers: object } }).spec.containers, [{ image: "debug" }]);
  assert.equal(await admit(subject, { subresource: "status" }), "");
});

test("a refusal has the webhook's reason, and what is to be audited", async () => {
  const { admit, annotations } = setUp(
    verdict({ allowed: false, reason: "unsigned", auditAnnotations: { scan: "old" } }),
  );
  assert.equal(
    await admit(),
    '403 pods "p" is forbidden: image policy webhook backend denied one or more images: unsigned',
  );
  assert.deepEqual(annotations, { "imagepolicywebhook.image-policy.k8s.io/scan": "old" });
});

test("a webhook that cannot be asked refuses, unless the default is to allow", async () => {
  const fails: Answer = () => Promise.reject(new Error("connection refused"));
  assert.equal(await setUp(fails).admit(), '403 pods "p" is forbidden: connection refused');
  const { admit, annotations } = setUp(fails, { defaultAllow: true });
  assert.equal(await admit(), "");
  assert.deepEqual(annotations, { "imagepolicywebhook.image-policy.k8s.io/failed-open": "true" });
  for (const answer of [{}, { kind: "ImageReview" }, { kind: "ImageReview", status: { allowed: "yes" } }]) {
    assert.match(await setUp(() => Promise.resolve(answer)).admit(), /^403 .*ImageReview/);
  }
});

test("a configuration has to be right", () => {
  const read = (imagePolicy: object) => readPluginConfig("ImagePolicyWebhook", imagePolicyKind, { imagePolicy });
  assert.throws(() => read({}), /imagePolicy.kubeConfigFile: Required value/);
  assert.throws(() => read({ kubeConfigFile: "k", allowTTL: 9999 }), /allow cache TTL: valid value is between/);
  assert.throws(() => read({ kubeConfigFile: "k", retryBackoff: 400_000 }), /backoff: valid value is between/);
  assert.throws(() => read({ kubeConfigFile: "k", denyTtl: 1 }), /unknown field "imagePolicy.denyTtl"/);
});
