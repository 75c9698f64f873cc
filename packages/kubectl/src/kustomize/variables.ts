import { isRecord } from "@kube-ts/std/config-schema";
import { CommandError } from "../command-line/command-error.ts";
import { changeField, type FieldSpec } from "./field-path.ts";
import type { Variable } from "./kustomization.ts";
import { idText, type KustomizeResource } from "./kustomize-resource.ts";

const podKinds: Readonly<Record<string, string>> = {
  Pod: "spec",
  Deployment: "spec/template/spec",
  ReplicaSet: "spec/template/spec",
  ReplicationController: "spec/template/spec",
  DaemonSet: "spec/template/spec",
  StatefulSet: "spec/template/spec",
  Job: "spec/template/spec",
  CronJob: "spec/jobTemplate/spec/template/spec",
};

const containerFields = [
  "args",
  "command",
  "env/value",
  "volumeMounts/mountPath",
  "volumeMounts/subPath",
  "livenessProbe/httpGet/path",
  "readinessProbe/httpGet/path",
  "startupProbe/httpGet/path",
];

/** The fields in which `$(NAME)` stands for a variable. */
const variableFields: readonly FieldSpec[] = [
  ...Object.entries(podKinds).flatMap(([kind, spec]) => [
    ...["containers", "initContainers"].flatMap((list) =>
      containerFields.map((field) => ({ kind, path: `${spec}/${list}/${field}` })),
    ),
    { kind, path: `${spec}/volumes/nfs/server` },
    { kind, path: `${spec}/volumes/nfs/path` },
  ]),
  ...["spec/rules/host", "spec/tls/hosts", "spec/tls/secretName"].map((path) => ({ kind: "Ingress", path })),
  ...["ports/port", "ports/targetPort", "externalName"].map((path) => ({ kind: "Service", path: `spec/${path}` })),
  { path: "metadata/labels" },
  { path: "metadata/annotations" },
];

/** Puts the values of variables in place. Throws a CommandError. */
export function resolveVariables(resources: readonly KustomizeResource[], variables: readonly Variable[]): void {
  if (variables.length === 0) return;
  const values = new Map(variables.map((variable) => [variable.name, valueOf(resources, variable)] as const));
  for (const { object, id } of resources) {
    for (const spec of variableFields) changeField(object, id, spec, (value) => expanded(value, values));
  }
}

function valueOf(resources: readonly KustomizeResource[], variable: Variable): string | number | boolean {
  const { name, objref, fieldref } = variable;
  const [apiGroup, apiVersion] = groupVersionOf(objref);
  const matches = resources.filter(({ allIds }) =>
    allIds.some(
      (id) =>
        (!objref.kind || id.kind === objref.kind) &&
        (!objref.name || id.name === objref.name) &&
        (!objref.namespace || id.namespace === objref.namespace) &&
        (apiGroup === undefined || id.group === apiGroup) &&
        (apiVersion === undefined || id.version === apiVersion),
    ),
  );
  const [found, second] = matches;
  if (!found || second) {
    throw new CommandError(
      `var ${JSON.stringify(name)} ${found ? `matches several objects: ${matches.map(({ id }) => idText(id)).join(", ")}` : "cannot be mapped to a field in the set of known resources"}`,
    );
  }
  const path = fieldref?.fieldPath ?? fieldref?.fieldpath ?? "metadata.name";
  const value = path
    .replace(/\[(\d+)\]/g, ".$1")
    .split(".")
    .reduce<unknown>(
      (at, key) => (isRecord(at) || Array.isArray(at) ? (at as Record<string, unknown>)[key] : undefined),
      found.object,
    );
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  throw new CommandError(`field specified in var '${name}' not found in corresponding resource`);
}

function groupVersionOf({ apiVersion, group, version }: Variable["objref"]): [string | undefined, string | undefined] {
  if (apiVersion === undefined) return [group, version];
  const slash = apiVersion.indexOf("/");
  return [slash < 0 ? "" : apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
}

type Values = ReadonlyMap<string, string | number | boolean>;

function expanded(value: unknown, values: Values): unknown {
  if (Array.isArray(value)) return value.map((each) => expanded(each, values));
  if (isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, expanded(each, values)]));
  }
  if (typeof value !== "string") return value;
  const whole = /^\$\(([^)$]+)\)$/.exec(value);
  // A text that is nothing but one variable takes over its type.
  if (whole) return values.get(whole[1] ?? "") ?? value;
  return value.replace(/\$\$|\$\(([^)$]+)\)/g, (text, name?: string) =>
    name === undefined ? "$" : String(values.get(name) ?? text),
  );
}
