import assert from "node:assert/strict";
import { test } from "node:test";
import type { Namespace, Node, Pod, PodSpec, ServiceAccount } from "@kube-ts/api/core/v1";
import {
  configMaps,
  localSubjectAccessReviews,
  namespaces,
  nodes,
  pods,
  priorityClasses,
  serviceAccounts,
} from "@kube-ts/api/resource-types";
import { isNamespaceTerminating, statusCause } from "@kube-ts/api/status-error";
import { FakeClock } from "@kube-ts/std/clock";
import { createRegistry } from "@kube-ts/std/metrics";
import { seededRandom } from "@kube-ts/std/random";
import { MemoryObjects } from "../auth/testing/memory-objects.ts";
import type { AdmissionAttributes } from "./admission.ts";
import { buildAdmission } from "./chain.ts";
import { PluginChain } from "./plugin-chain.ts";
import { DefaultTolerationSeconds } from "./default-toleration-seconds.ts";
import { NamespaceLifecycle } from "./namespace-lifecycle.ts";
import { enabledPlugins } from "./plugin-names.ts";
import { Priority } from "./priority.ts";
import { ServiceAccountAdmission } from "./service-account.ts";
import { TaintNodesByCondition } from "./taint-nodes-by-condition.ts";
import { refusalOf, writeOf } from "./testing/attributes.ts";
import { PlainForms } from "./testing/plain-forms.ts";

const { signal } = new AbortController();

function namespace(name: string, phase: "Active" | "Terminating" = "Active"): Namespace {
  return { metadata: { name }, spec: {}, status: { phase } };
}

function lifecycle() {
  const objects = new MemoryObjects();
  objects.put(namespaces, namespace("live"));
  objects.put(namespaces, namespace("dying", "Terminating"));
  const clock = new FakeClock(1_000);
  const plugin = new NamespaceLifecycle(objects, clock);
  const refusal = (attributes: AdmissionAttributes) => refusalOf(() => plugin.admit(attributes, signal));
  return { objects, clock, plugin, refusal };
}

const configMap = (ns: string) => ({ metadata: { name: "c", namespace: ns } });

const lifecycleCases: readonly [string, AdmissionAttributes, string][] = [
  ["a live namespace", writeOf(configMaps, configMap("live")), ""],
  ["a missing namespace", writeOf(configMaps, configMap("none")), '404 namespaces "none" not found'],
  [
    "an update in a missing namespace",
    writeOf(configMaps, configMap("none"), { operation: "UPDATE" }),
    '404 namespaces "none" not found',
  ],
  ["a deletion in a missing namespace", writeOf(configMaps, configMap("none"), { operation: "DELETE" }), ""],
  [
    "a terminating namespace",
    writeOf(configMaps, configMap("dying")),
    '403 configmaps "c" is forbidden: unable to create new content in namespace dying because it is being terminated',
  ],
  ["an update in a terminating namespace", writeOf(configMaps, configMap("dying"), { operation: "UPDATE" }), ""],
  ["a cluster-scoped object", writeOf(nodes, { metadata: { name: "n" }, spec: {} }), ""],
  ["an access review", writeOf(localSubjectAccessReviews, { metadata: { namespace: "none" }, spec: {} }), ""],
  [
    "the deletion of a system namespace",
    writeOf(namespaces, undefined, { operation: "DELETE", name: "kube-system" }),
    '403 namespaces "kube-system" is forbidden: this namespace may not be deleted',
  ],
  ["the deletion of another namespace", writeOf(namespaces, undefined, { operation: "DELETE", name: "live" }), ""],
];

for (const [name, attributes, expected] of lifecycleCases) {
  test(`namespace lifecycle: ${name}`, async () => assert.equal(await lifecycle().refusal(attributes), expected));
}

test("a refusal for a terminating namespace says so in its causes", async () => {
  const { plugin } = lifecycle();
  await plugin.admit(writeOf(configMaps, configMap("dying")), signal).then(
    () => assert.fail("admitted"),
    (error: unknown) => {
      assert.ok(isNamespaceTerminating(error));
      assert.deepEqual(statusCause(error, "NamespaceTerminating"), {
        reason: "NamespaceTerminating",
        message: "namespace dying is being terminated",
        field: "metadata.namespace",
      });
    },
  );
});

test("new namespaces that the cache does not show are looked up", async () => {
  const { objects, refusal } = lifecycle();
  objects.hideFromCache(objects.put(namespaces, namespace("new")));
  assert.equal(await refusal(writeOf(configMaps, configMap("new"))), "");
});

test("after a deletion the cache is not believed for a while", async () => {
  const { objects, clock, plugin, refusal } = lifecycle();
  const cached = objects.get(namespaces, "", "live");
  await plugin.admit(writeOf(namespaces, undefined, { operation: "DELETE", name: "live" }), signal);
  objects.get = (() => cached) as typeof objects.get;
  objects.getLatest = (() => Promise.resolve(namespace("live", "Terminating"))) as typeof objects.getLatest;
  assert.match(await refusal(writeOf(configMaps, configMap("live"))), /being terminated/);
  await clock.advance(30_001);
  assert.equal(await refusal(writeOf(configMaps, configMap("live"))), "");
});

function pod(spec: Partial<PodSpec> = {}, metadata: Pod["metadata"] = {}): Pod {
  return { metadata: { name: "p", namespace: "ns", ...metadata }, spec: { containers: [{ name: "c" }], ...spec } };
}

function accounts(...list: ServiceAccount[]) {
  const objects = new MemoryObjects();
  for (const account of list) objects.put(serviceAccounts, account);
  const clock = new FakeClock();
  const plugin = new ServiceAccountAdmission(objects, clock, seededRandom(1));
  const run = async (subject: Pod, changes: Partial<AdmissionAttributes> = {}) => {
    const attributes = writeOf(pods, subject, changes);
    const refusal = await refusalOf(async () => {
      await plugin.admit(attributes, signal);
      await plugin.validate(attributes, signal);
    });
    return { refusal, pod: attributes.object as Pod };
  };
  return { objects, clock, run };
}

const account = (more: Partial<ServiceAccount> = {}): ServiceAccount => ({
  metadata: { name: "default", namespace: "ns", ...more.metadata },
  ...(more.secrets && { secrets: more.secrets }),
  ...(more.imagePullSecrets && { imagePullSecrets: more.imagePullSecrets }),
  ...(more.automountServiceAccountToken !== undefined && {
    automountServiceAccountToken: more.automountServiceAccountToken,
  }),
});

test("pods get the default account, its pull secrets and its token in every container", async () => {
  const { run } = accounts(account({ imagePullSecrets: [{ name: "pull" }] }));
  const own = {
    name: "own",
    volumeMounts: [{ name: "x", mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" }],
  };
  const subject = pod({ initContainers: [{ name: "i" }], containers: [{ name: "c" }, own] });
  const { refusal, pod: admitted } = await run(subject);
  assert.equal(refusal, "");
  const { spec } = admitted;
  assert.equal(spec.serviceAccountName, "default");
  assert.equal(spec.serviceAccount, "default");
  assert.deepEqual(spec.imagePullSecrets, [{ name: "pull" }]);
  const [volume] = spec.volumes ?? [];
  assert.match(volume?.name ?? "", /^kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  assert.deepEqual(volume?.projected, {
    defaultMode: 420,
    sources: [
      { serviceAccountToken: { path: "token", expirationSeconds: 3607 } },
      { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
      {
        downwardAPI: {
          items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
        },
      },
    ],
  });
  const mount = { name: volume?.name, readOnly: true, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" };
  assert.deepEqual(spec.initContainers?.[0]?.volumeMounts, [mount]);
  assert.deepEqual(spec.containers[0]?.volumeMounts, [mount]);
  assert.deepEqual(spec.containers[1]?.volumeMounts, own.volumeMounts);
});

test("a token volume that is there already is used", async () => {
  const { run } = accounts(account());
  const { pod: admitted } = await run(pod({ volumes: [{ name: "kube-api-access-mine", projected: {} }] }));
  assert.equal(admitted.spec.volumes?.length, 1);
  assert.equal(admitted.spec.containers[0]?.volumeMounts?.[0]?.name, "kube-api-access-mine");
});

test("the pod decides about its token before its account does", async () => {
  const { run } = accounts(account({ automountServiceAccountToken: false }));
  assert.equal((await run(pod())).pod.spec.volumes, undefined);
  assert.equal((await run(pod({ automountServiceAccountToken: true }))).pod.spec.volumes?.length, 1);
  const { run: runDefault } = accounts(account());
  assert.equal((await runDefault(pod({ automountServiceAccountToken: false }))).pod.spec.volumes, undefined);
});

test("a missing account is refused, the default one after some waiting", async () => {
  const { run, clock, objects } = accounts();
  assert.equal(
    (await run(pod({ serviceAccountName: "robot" }))).refusal,
    '403 pods "p" is forbidden: error looking up service account ns/robot: serviceaccount "robot" not found',
  );
  const waiting = run(pod());
  await clock.advance(500);
  objects.put(serviceAccounts, account());
  await clock.advance(500);
  assert.equal((await waiting).refusal, "");
  const hopeless = run(pod({}, { namespace: "other" }));
  await clock.advance(3_000);
  assert.match((await hopeless).refusal, /error looking up service account other\/default/);
});

test("mirror pods are left as they are and may have nothing of the API", async () => {
  const { run } = accounts(account());
  const annotations = { "kubernetes.io/config.mirror": "x" };
  const plain = await run(pod({}, { annotations }));
  assert.deepEqual([plain.refusal, plain.pod.spec.serviceAccountName], ["", undefined]);
  const refusal = async (spec: Partial<PodSpec>) => (await run(pod(spec, { annotations }))).refusal;
  assert.match(await refusal({ serviceAccountName: "default" }), /a mirror pod may not reference service accounts/);
  assert.match(await refusal({ imagePullSecrets: [{ name: "s" }] }), /a mirror pod may not reference secrets/);
  const projected = { sources: [{ serviceAccountToken: { path: "t" } }] };
  assert.match(await refusal({ volumes: [{ name: "v", projected }] }), /may not use ServiceAccountToken volume/);
});

test("an account can limit its pods to the secrets it lists", async () => {
  const annotations = { "kubernetes.io/enforce-mountable-secrets": "true" };
  const metadata = { name: "default", namespace: "ns", annotations };
  const { run } = accounts(account({ metadata, secrets: [{ name: "ok" }], imagePullSecrets: [{ name: "pull" }] }));
  const refusal = async (spec: Partial<PodSpec>, changes: Partial<AdmissionAttributes> = {}) =>
    (await run(pod(spec), changes)).refusal.replace('403 pods "p" is forbidden: ', "");
  const env = (name: string) => [{ name: "E", valueFrom: { secretKeyRef: { name, key: "k" } } }];
  assert.equal(await refusal({ volumes: [{ name: "v", secret: { secretName: "ok" } }] }), "");
  assert.equal(
    await refusal({ volumes: [{ name: "v", secret: { secretName: "no" } }] }),
    'volume with secret.secretName="no" is not allowed because service account default does not reference that secret',
  );
  assert.equal(
    await refusal({ initContainers: [{ name: "i", env: env("no") }] }),
    'init container i with envVar E referencing secret.secretName="no" is not allowed because service account default does not reference that secret',
  );
  assert.equal(
    await refusal({ imagePullSecrets: [{ name: "no" }] }),
    'imagePullSecrets[0].name="no" is not allowed because service account default does not reference that imagePullSecret',
  );
  const ephemeral = { serviceAccountName: "default", ephemeralContainers: [{ name: "e", env: env("no") }] };
  assert.match(
    await refusal(ephemeral, { operation: "UPDATE", subresource: "ephemeralcontainers" }),
    /^ephemeral container e with envVar E/,
  );
});

const unlisted: readonly [string, Partial<PodSpec>][] = [
  ["init container i with envFrom", { initContainers: [{ name: "i", envFrom: [{ secretRef: { name: "no" } }] }] }],
  ["container c with envFrom", { containers: [{ name: "c", envFrom: [{ secretRef: { name: "no" } }] }] }],
  ["volume v", { volumes: [{ name: "v", projected: { sources: [{ secret: { name: "no" } }] } }] }],
  ["volume v", { volumes: [{ name: "v", csi: { driver: "d", nodePublishSecretRef: { name: "no" } } }] }],
  ["volume v", { volumes: [{ name: "v", flexVolume: { driver: "d", secretRef: { name: "no" } } }] }],
  ["volume v", { volumes: [{ name: "v", azureFile: { secretName: "no", shareName: "s" } }] }],
];

for (const [where, spec] of unlisted) {
  test(`no secret that its account does not list reaches a pod by ${JSON.stringify(spec)}`, async () => {
    const annotations = { "kubernetes.io/enforce-mountable-secrets": "true" };
    const { run } = accounts(account({ metadata: { name: "default", namespace: "ns", annotations } }));
    assert.equal(
      (await run(pod(spec))).refusal,
      `403 pods "p" is forbidden: ${where} referencing secret.secretName="no" is not allowed because service account default does not reference that secret`,
    );
  });
}

test("containers that are added later are held to the account's secrets by every route", async () => {
  const annotations = { "kubernetes.io/enforce-mountable-secrets": "true" };
  const { run } = accounts(account({ metadata: { name: "default", namespace: "ns", annotations } }));
  const added = { name: "e", envFrom: [{ secretRef: { name: "no" } }] };
  const subject = pod({ serviceAccountName: "default", ephemeralContainers: [added] });
  const { refusal } = await run(subject, { operation: "UPDATE", subresource: "ephemeralcontainers" });
  assert.match(refusal, /ephemeral container e with envFrom referencing secret.secretName="no" is not allowed/);
});

function priorities() {
  const objects = new MemoryObjects();
  objects.put(priorityClasses, { metadata: { name: "high" }, value: 1000, preemptionPolicy: "Never" });
  const plugin = new Priority(objects);
  const admit = async (spec: Partial<PodSpec>) => {
    const subject = pod(spec);
    const refusal = await refusalOf(() => plugin.admit(writeOf(pods, subject)));
    return refusal || [subject.spec.priorityClassName, subject.spec.priority, subject.spec.preemptionPolicy];
  };
  return { objects, plugin, admit };
}

test("pods get the priority of their class, or of the default class, or none", async () => {
  const { objects, admit } = priorities();
  assert.deepEqual(await admit({ priorityClassName: "high" }), ["high", 1000, "Never"]);
  assert.deepEqual(await admit({}), [undefined, 0, "PreemptLowerPriority"]);
  objects.put(priorityClasses, { metadata: { name: "usual" }, value: 7, globalDefault: true });
  objects.put(priorityClasses, { metadata: { name: "second" }, value: 9, globalDefault: true });
  assert.deepEqual(await admit({}), ["usual", 7, undefined]);
});

test("priorities that contradict the class are refused", async () => {
  const { admit } = priorities();
  assert.equal(
    await admit({ priorityClassName: "no" }),
    '403 pods "p" is forbidden: no PriorityClass with name no was found',
  );
  assert.deepEqual(await admit({ priorityClassName: "high", priority: 1000 }), ["high", 1000, "Never"]);
  assert.match(
    String(await admit({ priorityClassName: "high", priority: 1 })),
    /the integer value of priority \(1\) must not be provided in pod spec; priority admission controller computed 1000/,
  );
  assert.match(
    String(await admit({ priorityClassName: "high", preemptionPolicy: "PreemptLowerPriority" })),
    /the string value of PreemptionPolicy/,
  );
});

test("an update keeps the priority that it leaves out", async () => {
  const { plugin } = priorities();
  const [updated, old] = [pod(), pod({ priority: 5, preemptionPolicy: "Never" })];
  plugin.admit(writeOf(pods, updated, { operation: "UPDATE", oldObject: old }));
  assert.deepEqual([updated.spec.priority, updated.spec.preemptionPolicy], [5, "Never"]);
});

test("there is one default priority class", async () => {
  const { objects, plugin } = priorities();
  const usual = objects.put(priorityClasses, { metadata: { name: "usual" }, value: 7, globalDefault: true });
  const other = { metadata: { name: "other" }, value: 8, globalDefault: true };
  const check = (attributes: AdmissionAttributes) => refusalOf(() => plugin.validate(attributes));
  assert.equal(
    await check(writeOf(priorityClasses, other)),
    '403 priorityclasses.scheduling.k8s.io "other" is forbidden: PriorityClass usual is already marked as default. Only one default can exist',
  );
  assert.equal(await check(writeOf(priorityClasses, usual, { operation: "UPDATE" })), "");
  assert.equal(await check(writeOf(priorityClasses, { ...other, globalDefault: false })), "");
});

test("pods tolerate failing nodes for five minutes unless they say otherwise", () => {
  const admit = (tolerations?: PodSpec["tolerations"]) => {
    const subject = pod(tolerations && { tolerations });
    new DefaultTolerationSeconds().admit(writeOf(pods, subject));
    return subject.spec.tolerations?.map(({ key, tolerationSeconds }) => [key, tolerationSeconds]);
  };
  const [notReady, unreachable] = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];
  assert.deepEqual(admit(), [
    [notReady, 300],
    [unreachable, 300],
  ]);
  assert.deepEqual(admit([{ key: notReady, tolerationSeconds: 5, effect: "NoExecute" }]), [
    [notReady, 5],
    [unreachable, 300],
  ]);
  assert.deepEqual(admit([{ key: notReady, effect: "NoSchedule" }]), [
    [notReady, undefined],
    [notReady, 300],
    [unreachable, 300],
  ]);
  assert.deepEqual(admit([{ operator: "Exists" }]), [[undefined, undefined]]);
});

test("new nodes are tainted until they are ready", () => {
  const admit = (node: Node) => {
    new TaintNodesByCondition().admit(writeOf(nodes, node));
    return node.spec.taints;
  };
  const taint = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" } as const;
  assert.deepEqual(admit({ metadata: { name: "n" }, spec: {} }), [taint]);
  assert.deepEqual(admit({ metadata: { name: "n" }, spec: { taints: [taint] } }), [taint]);
});

test("a chain runs its plugins in order, stops at a refusal, and measures", async () => {
  const ran: string[] = [];
  const plugin = (name: string, fails = false) => ({
    name,
    handles: (operation: string) => operation === "CREATE",
    admit: () => {
      ran.push(name);
      if (fails) throw new Error(name);
    },
  });
  const metrics = createRegistry();
  const chain = new PluginChain([plugin("a"), plugin("b", true), plugin("c")], new FakeClock(), metrics);
  await assert.rejects(chain.admit(writeOf(pods, pod()), signal), /^Error: b$/);
  await chain.admit(writeOf(pods, pod(), { operation: "UPDATE" }), signal);
  await chain.validate(writeOf(pods, pod()), signal);
  assert.deepEqual(ran, ["a", "b"]);
  const text = await metrics.metrics();
  assert.match(text, /admission_duration_seconds_count\{name="b",type="admit",operation="CREATE",rejected="true"\} 1/);
});

test("the chain of the default plugins admits a pod", async () => {
  const objects = new MemoryObjects();
  objects.put(namespaces, namespace("ns"));
  objects.put(serviceAccounts, account());
  const transport = { post: () => Promise.reject(new Error("no webhooks here")) };
  const dynamic = { forms: new PlainForms(), mutating: transport, validating: transport };
  const parts = { source: objects, writer: objects, clock: new FakeClock(), random: seededRandom(1), dynamic };
  const chain = buildAdmission(enabledPlugins([], []), parts);
  const subject = pod();
  await chain.admit(writeOf(pods, subject), signal);
  await chain.validate(writeOf(pods, subject), signal);
  assert.equal(subject.spec.priority, 0);
  assert.equal(subject.spec.tolerations?.length, 2);
  assert.equal(subject.spec.serviceAccountName, "default");
});
