import assert from "node:assert/strict";
import { test } from "node:test";
import type { Container } from "@kube-ts/api/core/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { builtinResources } from "../resources.ts";

const container: Container = { name: "a", image: "i" };
const privileged: Container = { ...container, name: "b", securityContext: { privileged: true } };
const problem = "disallowed by cluster policy";

/** How a resource shows a pod's spec, and the path of that. */
const wrapped: Readonly<Record<string, readonly [string, (spec: object) => object]>> = {
  pods: ["spec", (spec) => ({ spec })],
  podtemplates: ["template.spec", (spec) => ({ template: { spec } })],
  cronjobs: [
    "spec.jobTemplate.spec.template.spec",
    (spec) => ({ spec: { jobTemplate: { spec: { template: { spec } } } } }),
  ],
};
const inTemplate: (typeof wrapped)[string] = ["spec.template.spec", (spec) => ({ spec: { template: { spec } } })];
const describingPods =
  "pods podtemplates replicationcontrollers replicasets deployments daemonsets statefulsets jobs cronjobs".split(" ");

function refusals(allowsPrivileged: boolean, plural: string, spec: object): string[] {
  const definition = builtinResources({ allowsPrivileged }).find(({ type }) => type.plural === plural);
  assert.ok(definition);
  const [, wrap] = wrapped[plural] ?? inTemplate;
  const object = { metadata: { name: "x", namespace: "n" }, ...wrap(spec) } as KubeObject;
  const { strategy, parts = {} } = definition;
  strategy.defaults?.(object);
  const errors = [
    ...strategy.validateCreate(structuredClone(object)),
    ...strategy.validateUpdate(structuredClone(object), structuredClone(object)),
    ...Object.values(parts).flatMap((part) => part.validateUpdate(structuredClone(object), structuredClone(object))),
  ];
  return errors.filter(({ detail }) => detail === problem).map(({ path }) => path);
}

for (const plural of describingPods) {
  test(`${plural} have no privileged containers where that is forbidden`, () => {
    const spec = { containers: [container, privileged], initContainers: [privileged], restartPolicy: "Always" };
    const [path] = wrapped[plural] ?? inTemplate;
    const place = (field: string) => `${path}.${field}.securityContext.privileged`;
    const found = refusals(false, plural, spec);
    assert.deepEqual(new Set(found), new Set([place("initContainers[0]"), place("containers[1]")]));
    // Creating and updating, and both parts of a pod that may be written by themselves.
    assert.equal(found.length, plural === "pods" ? 8 : 4);
    assert.deepEqual(refusals(true, plural, spec), []);
    assert.deepEqual(refusals(false, plural, { containers: [container], restartPolicy: "Always" }), []);
  });
}
