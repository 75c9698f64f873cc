import assert from "node:assert/strict";
import { test } from "node:test";
import type { Deployment } from "@kube-ts/api/apps/v1";
import type { CronJob } from "@kube-ts/api/batch/v1";
import type { Namespace, Pod, PodSpec } from "@kube-ts/api/core/v1";
import { cronJobs, deployments, namespaces, pods } from "@kube-ts/api/resource-types";
import { FakeClock } from "@kube-ts/std/clock";
import { createRegistry } from "@kube-ts/std/metrics";
import { MemoryObjects } from "../../auth/testing/memory-objects.ts";
import type { AdmissionAttributes } from "../admission.ts";
import { readPluginConfig } from "../plugin-configuration.ts";
import { refusalOf, writeOf } from "../testing/attributes.ts";
import { podSecurityKind } from "./pod-security-configuration.ts";
import { PodSecurityMetrics } from "./pod-security-metrics.ts";
import { PodSecurity } from "./pod-security.ts";

const signal = AbortSignal.timeout(60_000);
type Labels = Record<string, string>;

function namespace(labels: Labels, name = "ns"): Namespace {
  const named = Object.fromEntries(
    Object.entries(labels).map(([key, text]) => [`pod-security.kubernetes.io/${key}`, text]),
  );
  return { metadata: { name, labels: named }, spec: {} };
}

function pod(spec: Partial<PodSpec> = {}, name = "p"): Pod {
  return { metadata: { name, namespace: "ns" }, spec: { containers: [{ name: "c", image: "i" }], ...spec } };
}

function setUp(labels: Labels, document?: object) {
  const objects = new MemoryObjects();
  objects.put(namespaces, namespace(labels));
  const registry = createRegistry();
  const config = document && readPluginConfig("PodSecurity", podSecurityKind, configuration(document));
  const plugin = new PodSecurity(objects, new FakeClock(), config, new PodSecurityMetrics(registry));
  const admit = async (attributes: AdmissionAttributes) => {
    const annotations: Labels = {};
    const warnings: string[] = [];
    const write: AdmissionAttributes = {
      ...attributes,
      annotate: (key, value) => void (annotations[key.replace("pod-security.kubernetes.io/", "")] = value),
      warn: (text) => void warnings.push(text),
    };
    return { refusal: await refusalOf(async () => plugin.validate(write, signal)), warnings, annotations };
  };
  return { objects, plugin, registry, admit };
}

function configuration(document: object): object {
  return {
    apiVersion: "pod-security.admission.config.k8s.io/v1",
    kind: "PodSecurityConfiguration",
    ...document,
  };
}

const network = "host namespaces (hostNetwork=true)";

test("a namespace without labels lets everything in, at once", async () => {
  const { plugin, admit, registry } = setUp({});
  const bad = writeOf(pods, pod({ hostNetwork: true }));
  assert.equal(plugin.validate(bad, signal), undefined);
  const { refusal, annotations } = await admit(bad);
  assert.deepEqual([refusal, annotations], ["", { "enforce-policy": "privileged:latest" }]);
  assert.match(
    await registry.metrics(),
    /pod_security_evaluations_total\{decision="allow",policy_level="privileged",policy_version="latest",mode="enforce",request_operation="create",resource="pod",subresource=""\} 2/,
  );
});

test("what the enforced level does not allow is refused in upstream's words", async () => {
  const { admit } = setUp({ enforce: "baseline", "enforce-version": "v1.30" });
  const { refusal, warnings, annotations } = await admit(writeOf(pods, pod({ hostNetwork: true, hostPID: true })));
  assert.equal(
    refusal,
    '403 pods "p" is forbidden: violates PodSecurity "baseline:v1.30": host namespaces (hostNetwork=true, hostPID=true)',
  );
  assert.deepEqual([warnings, annotations], [[], { "enforce-policy": "baseline:v1.30" }]);
  assert.equal((await admit(writeOf(pods, pod()))).refusal, "");
});

test("warnings and audit annotations let in", async () => {
  const { admit } = setUp({ audit: "baseline", warn: "restricted", "warn-version": "v1.0" });
  const { refusal, warnings, annotations } = await admit(writeOf(pods, pod({ hostNetwork: true })));
  assert.equal(refusal, "");
  assert.deepEqual(warnings, [
    `would violate PodSecurity "restricted:v1.0": ${network}, runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true)`,
  ]);
  assert.deepEqual(annotations, {
    "enforce-policy": "privileged:latest",
    "audit-violations": `would violate PodSecurity "baseline:latest": ${network}`,
  });
});

test("an enforced level warns of templates, unless another level was asked for", async () => {
  const template = { spec: pod({ hostNetwork: true }).spec };
  const deployment = { metadata: { name: "d", namespace: "ns" }, spec: { selector: {}, template } } as Deployment;
  const enforced = await setUp({ enforce: "baseline" }).admit(writeOf(deployments, deployment));
  assert.deepEqual(enforced.refusal, "");
  assert.deepEqual(enforced.warnings, [`would violate PodSecurity "baseline:latest": ${network}`]);
  const quiet = await setUp({ enforce: "baseline", warn: "privileged" }).admit(writeOf(deployments, deployment));
  assert.deepEqual(quiet.warnings, []);
  const cronJob = {
    metadata: { name: "j", namespace: "ns" },
    spec: { schedule: "* * * * *", jobTemplate: { spec: { template } } },
  } as CronJob;
  const audited = await setUp({ audit: "baseline" }).admit(writeOf(cronJobs, cronJob));
  assert.deepEqual(audited.annotations, {
    "audit-violations": `would violate PodSecurity "baseline:latest": ${network}`,
  });
});

test("labels that cannot be read enforce the strictest level and tell the audit", async () => {
  const { admit } = setUp({ enforce: "bad", warn: "worse", audit: "worst" });
  const { refusal, warnings, annotations } = await admit(writeOf(pods, pod()));
  assert.match(refusal, /violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false/);
  assert.deepEqual(warnings, []);
  assert.match(
    annotations["error"] ?? "",
    /^Failed to parse policy: \[?metadata.labels\[pod-security.kubernetes.io\/enforce\]: Invalid value: "bad": must be one of privileged, baseline, restricted/,
  );
});

test("updates are judged when they change what counts, ephemeral containers among it", async () => {
  const { admit } = setUp({ enforce: "baseline" });
  const old = pod({ hostNetwork: true });
  const update = (object: Pod, subresource = "") =>
    admit(writeOf(pods, object, { operation: "UPDATE", oldObject: old, subresource }));
  assert.equal((await update({ ...old, metadata: { ...old.metadata, labels: { a: "b" } } })).refusal, "");
  assert.match((await update(pod({ hostNetwork: true, containers: [{ name: "c", image: "j" }] }))).refusal, /violates/);
  const debug = pod({ ephemeralContainers: [{ name: "e", securityContext: { privileged: true } }] });
  const plain = { operation: "UPDATE", oldObject: pod(), subresource: "ephemeralcontainers" } as const;
  assert.match(
    (await admit(writeOf(pods, debug, plain))).refusal,
    /privileged \(container "e" must not set securityContext.privileged=true\)/,
  );
  for (const subresource of ["status", "binding", "eviction", "exec"]) {
    assert.equal((await update(pod({ hostNetwork: true, containers: [] }), subresource)).refusal, "");
  }
});

test("namespaces, users and runtime classes can be exempt", async () => {
  const exemptions = { namespaces: ["ns"] };
  const bad = writeOf(pods, pod({ hostNetwork: true, runtimeClassName: "kata" }));
  const strict = { enforce: "baseline" };
  const byNamespace = await setUp(strict, { exemptions }).admit(bad);
  assert.deepEqual([byNamespace.refusal, byNamespace.annotations], ["", { exempt: "namespace" }]);
  const byUser = await setUp(strict, { exemptions: { usernames: ["alice"] } }).admit(bad);
  assert.deepEqual([byUser.refusal, byUser.annotations], ["", { exempt: "user" }]);
  const byClass = await setUp(strict, { exemptions: { runtimeClasses: ["kata"] } }).admit(bad);
  assert.deepEqual([byClass.refusal, byClass.annotations], ["", { exempt: "runtimeClass" }]);
  assert.match((await setUp(strict, { exemptions: { usernames: ["bob"] } }).admit(bad)).refusal, /violates/);
});

test("defaults hold where a namespace says nothing", async () => {
  const { admit } = setUp({ "enforce-version": "v1.20" }, { defaults: { enforce: "baseline" } });
  assert.match((await admit(writeOf(pods, pod({ hostIPC: true })))).refusal, /violates PodSecurity "baseline:v1.20"/);
});

test("a namespace that no cache has is looked up, and one that is not there is an error", async () => {
  const { objects, admit } = setUp({ enforce: "baseline" });
  const stored = objects.get(namespaces, "", "ns");
  if (stored) objects.hideFromCache(stored);
  assert.match((await admit(writeOf(pods, pod({ hostNetwork: true })))).refusal, /violates/);
  objects.remove(namespaces, "", "ns");
  assert.match((await admit(writeOf(pods, pod()))).refusal, /^500 .*failed to lookup namespace "ns"/);
});

function labelled(from: Labels, to: Labels): AdmissionAttributes {
  return writeOf(namespaces, namespace(to), { operation: "UPDATE", oldObject: namespace(from) });
}

test("labels of namespaces have to be right, unless they were wrong before", async () => {
  const { admit } = setUp({});
  const invalid =
    '422 Namespace "ns" is invalid: metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: "1.30": must be "latest" or "v1.x"';
  assert.equal((await admit(writeOf(namespaces, namespace({ "warn-version": "1.30" })))).refusal, invalid);
  assert.equal((await admit(labelled({}, { "warn-version": "1.30" }))).refusal, invalid);
  assert.equal((await admit(labelled({ "warn-version": "1.30" }, { "warn-version": "1.30" }))).refusal, "");
});

test("who tightens a level hears of the pods that are there", async () => {
  const { objects, admit } = setUp({});
  for (const name of ["b", "a", "d"]) objects.put(pods, pod({ hostNetwork: true }, name));
  objects.put(pods, pod({ hostPID: true, hostNetwork: true, containers: [] }, "c"));
  objects.put(pods, { ...pod({ hostNetwork: true }, "e"), metadata: { name: "e", namespace: "other" } });
  const { warnings } = await admit(labelled({}, { enforce: "baseline" }));
  assert.deepEqual(warnings, [
    'existing pods in namespace "ns" violate the new PodSecurity enforce level "baseline:latest"',
    "a (and 3 other pods): host namespaces",
  ]);
  for (const [from, to] of [
    [{ enforce: "restricted" }, { enforce: "baseline" }],
    [{ enforce: "baseline" }, { enforce: "baseline" }],
    [{ enforce: "baseline" }, { enforce: "privileged" }],
    [{}, { warn: "restricted" }],
  ] as [Labels, Labels][]) {
    assert.deepEqual((await admit(labelled(from, to))).warnings, [], JSON.stringify([from, to]));
  }
  const pinned = await admit(labelled({ enforce: "baseline" }, { enforce: "baseline", "enforce-version": "v1.20" }));
  assert.equal(pinned.warnings.length, 2);
});

test("an exempt namespace is told that its labels count for nothing", async () => {
  const { admit } = setUp({}, { exemptions: { namespaces: ["ns"] } });
  const created = await admit(writeOf(namespaces, namespace({ enforce: "baseline", warn: "restricted" })));
  assert.deepEqual(created.warnings, [
    'namespace "ns" is exempt from Pod Security, and the policy (enforce=baseline:latest, warn=restricted:latest) will be ignored',
  ]);
});

test("a configuration has to be right", () => {
  const read = (document: object) => readPluginConfig("PodSecurity", podSecurityKind, document);
  const prefix = 'failed to initialize admission plugin "PodSecurity": ';
  const cases: readonly [object, string][] = [
    [
      configuration({ defaults: { enforce: "x", "warn-version": "v2.0" } }),
      '[defaults.enforce: Invalid value: "x": must be one of privileged, baseline, restricted, defaults.warn-version: Invalid value: "v2.0": must be "latest" or "v1.x"]',
    ],
    [configuration({ exemptions: { usernames: ["a", "a"] } }), 'exemptions.usernames[1]: Duplicate value: "a"'],
    [configuration({ exemptions: { usernames: [""] } }), "exemptions.usernames[0]: Required value"],
    [configuration({ exmptions: {} }), 'strict decoding error: unknown field "exmptions"'],
    [{ kind: "PodSecurityConfiguration" }, "Object 'apiVersion' is missing"],
    [
      { kind: "Other", apiVersion: "v1" },
      'no kind "Other" is registered for version "v1": expected PodSecurityConfiguration of pod-security.admission.config.k8s.io/v1',
    ],
  ];
  for (const [document, message] of cases) assert.throws(() => read(document), { message: prefix + message });
  assert.throws(
    () => read(configuration({ exemptions: { namespaces: ["A b"] } })),
    /exemptions.namespaces\[0\]: Invalid/,
  );
});
