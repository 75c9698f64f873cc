import type { PodSpec } from "@kube-ts/api/core/v1";
import { type FieldError, forbiddenField } from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import type { KubeObject } from "@kube-ts/api/object";
import type { PartStrategy, ResourceDefinition } from "../resource-definition.ts";
import { eachContainer } from "./each-container.ts";

/** Where the resources that describe pods have the pod's spec, by `group/plural`. */
const podSpecPaths: ReadonlyMap<string, readonly [string, ...string[]]> = new Map([
  ["/pods", ["spec"]],
  ["/podtemplates", ["template", "spec"]],
  ["/replicationcontrollers", ["spec", "template", "spec"]],
  ["apps/replicasets", ["spec", "template", "spec"]],
  ["apps/deployments", ["spec", "template", "spec"]],
  ["apps/daemonsets", ["spec", "template", "spec"]],
  ["apps/statefulsets", ["spec", "template", "spec"]],
  ["batch/jobs", ["spec", "template", "spec"]],
  ["batch/cronjobs", ["spec", "jobTemplate", "spec", "template", "spec"]],
]);

/** The definition with rules that refuse privileged containers; as it is where it does not describe pods. */
export function forbidPrivileged(definition: ResourceDefinition): ResourceDefinition {
  const { type, strategy, parts } = definition;
  const names = podSpecPaths.get(`${type.group}/${type.plural}`);
  if (!names) return definition;
  const path = fieldPath(...names);
  const problems = (object: KubeObject) => privilegedContainers(podSpecAt(object, names), path);
  const guarded = <P extends PartStrategy<KubeObject>>(rules: P): P => ({
    ...rules,
    validateUpdate: (object, old) => [...rules.validateUpdate(object, old), ...problems(object)],
  });
  return {
    ...definition,
    strategy: {
      ...guarded(strategy),
      validateCreate: (object) => [...strategy.validateCreate(object), ...problems(object)],
    },
    ...(parts && {
      parts: Object.fromEntries(Object.entries(parts).map(([name, rules]) => [name, guarded(rules)])),
    }),
  };
}

function podSpecAt(object: KubeObject, names: readonly string[]): PodSpec | undefined {
  return names.reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], object) as
    | PodSpec
    | undefined;
}

function privilegedContainers(spec: PodSpec | undefined, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (!spec) return errors;
  eachContainer(spec, path, ({ securityContext }, place) => {
    if (!securityContext?.privileged) return;
    errors.push(forbiddenField(place.child("securityContext", "privileged"), "disallowed by cluster policy"));
  });
  return errors;
}
