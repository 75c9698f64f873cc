import type { Container, Pod, PodSpec, PodTemplateSpec, ResourceList } from "@kube-ts/api/core/v1";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import { goQuote } from "@kube-ts/api/go-quote";
import { dns1123LabelErrors } from "@kube-ts/api/names";
import type { KubeObject } from "@kube-ts/api/object";
import { parseQuantity } from "@kube-ts/api/quantity";
import { deprecatedNodeLabelText } from "./deprecated-node-labels.ts";
import { eachContainer } from "./each-container.ts";

/** What is doubtful in a new pod. */
export function podCreateWarnings(pod: Pod): string[] {
  const warnings: string[] = [];
  const texts = dns1123LabelErrors(pod.metadata.name ?? "");
  if (texts.length > 0) {
    const advice =
      "this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended";
    warnings.push(`metadata.name: ${advice}: [${texts.join(" ")}]`);
  }
  warnings.push(...podSpecWarnings(pod.spec, fieldPath("spec")));
  return warnings;
}

/** What is doubtful in the template of another object, when the write brings something new. */
export function podTemplateWarnings(
  object: KubeObject,
  old: KubeObject | undefined,
  template: PodTemplateSpec | undefined,
  path: FieldPath,
): string[] {
  const isNews = old === undefined || object.metadata.generation !== old.metadata.generation;
  return isNews && template?.spec ? podSpecWarnings(template.spec, path.child("spec")) : [];
}

function podSpecWarnings(spec: PodSpec, path: FieldPath): string[] {
  const warnings: string[] = [];
  for (const label of Object.keys(spec.nodeSelector ?? {})) {
    const text = deprecatedNodeLabelText(label);
    if (text !== undefined) warnings.push(`${path.child("nodeSelector").key(label).toString()}: ${text}`);
  }
  for (const [index, volume] of (spec.volumes ?? []).entries()) {
    if (!volume.gitRepo) continue;
    const gitPath = path.child("volumes").index(index).child("gitRepo").toString();
    warnings.push(`${gitPath}: deprecated in v1.11, and disabled by default in v1.33+`);
  }
  for (const [index, { name }] of (spec.imagePullSecrets ?? []).entries()) {
    if (name) continue;
    const namePath = path.child("imagePullSecrets").index(index).toString();
    warnings.push(`${namePath}: invalid empty name ${goQuote(name ?? "")}`);
  }
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) {
    const text = "must be >= 0; negative values are invalid and will be treated as 1";
    warnings.push(`${path.child("terminationGracePeriodSeconds").toString()}: ${text}`);
  }
  eachContainer(spec, path, (container, containerPath) => addContainerWarnings(container, containerPath, warnings));
  return warnings;
}

function addContainerWarnings(container: Container, path: FieldPath, warnings: string[]): void {
  for (const field of ["limits", "requests"] as const) {
    addFractionWarnings(container.resources?.[field], path.child("resources", field), warnings);
  }
  const names = new Set<string>();
  for (const [index, { name }] of (container.env ?? []).entries()) {
    if (names.has(name)) {
      const envPath = path.child("env").index(index).toString();
      warnings.push(`${envPath}: hides previous definition of ${goQuote(name)}, which may be dropped when using apply`);
    }
    names.add(name);
  }
  addPortWarnings(container, path.child("ports"), warnings);
}

function addFractionWarnings(list: ResourceList | undefined, path: FieldPath, warnings: string[]): void {
  for (const name of ["memory", "ephemeral-storage"]) {
    const text = list?.[name];
    if (text === undefined || parseQuantity(text).milliValue() % 1000 === 0) continue;
    warnings.push(
      `${path.key(name).toString()}: fractional byte value ${goQuote(text)} is invalid, must be an integer`,
    );
  }
}

function addPortWarnings(container: Container, path: FieldPath, warnings: string[]): void {
  const seen = new Map<string, FieldPath>();
  for (const [index, port] of (container.ports ?? []).entries()) {
    const identity = `${port.protocol}/${port.containerPort}/${port.hostPort ?? 0}/${port.hostIP ?? ""}`;
    const first = seen.get(identity);
    if (first) warnings.push(`${path.index(index).toString()}: duplicate port definition with ${first.toString()}`);
    else seen.set(identity, path.index(index));
  }
}
