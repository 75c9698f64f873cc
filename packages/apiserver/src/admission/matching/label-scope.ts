import type { Namespace } from "@kube-ts/api/core/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { namespaces } from "@kube-ts/api/resource-types";
import { type Labels, type Selector } from "@kube-ts/api/selectors";
import { notFound } from "@kube-ts/api/status-error";
import type { ObjectSource } from "../../registry/object-source.ts";
import type { AdmissionAttributes } from "../admission.ts";
import type { MatchCriteria } from "./match-criteria.ts";

type Written = Pick<
  AdmissionAttributes,
  "type" | "namespace" | "name" | "subresource" | "operation" | "object" | "oldObject"
>;

/** Whether the write is about a namespace itself. */
export function isNamespace({ type }: Pick<AdmissionAttributes, "type">): boolean {
  return type.plural === "namespaces" && type.group === "";
}

/** Whether the labels of the namespace and of the object are such that the write matches. Throws NotFound. */
export function labelsMatch(
  { namespaceSelector, objectSelector }: MatchCriteria,
  write: Written,
  source: ObjectSource,
  signal: AbortSignal,
): boolean | Promise<boolean> {
  if (!objectMatches(objectSelector, write)) return false;
  if (namespaceSelector.isEverything || (write.namespace === "" && !isNamespace(write))) return true;
  const labels = namespaceLabels(write, source, signal);
  return labels instanceof Promise
    ? labels.then((found) => namespaceSelector.matches(found))
    : namespaceSelector.matches(labels);
}

/** Either of the two objects may match; what has no labels, such as a scale or the options of a connection, does not. */
function objectMatches(selector: Selector, { object, oldObject, subresource }: Written): boolean {
  if (selector.isEverything) return true;
  if (subresource === "scale") return false;
  return [object, oldObject].some((each) => hasMetadata(each) && selector.matches(each.metadata.labels));
}

function hasMetadata(object: KubeObject | undefined): object is KubeObject {
  return object?.metadata !== undefined;
}

function namespaceLabels(
  write: Written,
  source: ObjectSource,
  signal: AbortSignal,
): Labels | undefined | Promise<Labels | undefined> {
  const ownLabels = write.operation === "CREATE" || write.operation === "UPDATE";
  if (isNamespace(write) && write.subresource === "" && ownLabels) return write.object?.metadata.labels;
  const name = isNamespace(write) ? write.name : write.namespace;
  const found = findNamespace(name, source, signal);
  return found instanceof Promise ? found.then(({ metadata }) => metadata.labels) : found.metadata.labels;
}

/** The namespace, by a consistent read when the cache does not have it. Throws NotFound. */
export function findNamespace(name: string, source: ObjectSource, signal: AbortSignal): Namespace | Promise<Namespace> {
  return source.get(namespaces, "", name) ?? readNamespace(name, source, signal);
}

async function readNamespace(name: string, source: ObjectSource, signal: AbortSignal): Promise<Namespace> {
  const namespace = await source.getLatest(namespaces, "", name, signal);
  if (!namespace) throw notFound({ group: "", resource: "namespaces" }, name);
  return namespace;
}
