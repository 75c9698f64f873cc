import type { Binding, Pod } from "@kube-ts/api/core/v1";
import type { Status } from "@kube-ts/api/meta/v1";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { aggregateFieldErrors, notSupportedField, requiredField } from "@kube-ts/api/field-error";
import type { FieldError } from "@kube-ts/api/field-error";
import { formatTime } from "@kube-ts/api/rfc3339";
import { apiError, badRequest, conflict } from "@kube-ts/api/status-error";
import { matchNamespace } from "../../registry/object-identity.ts";
import type { UpdateRules, WriteRequest } from "../../registry/write-request.ts";
import type { ResourceRegistry } from "../../registry/resource-registry.ts";
import { admissionAttributes } from "../write-request.ts";
import { decodeBodyAs } from "../request-object.ts";
import { sendObject } from "../respond.ts";
import type { Subresource, VirtualContext } from "../subresource.ts";
import { parseWriteOptions } from "../write-options.ts";
import { writeContext } from "../write-request.ts";

export const bindingType = { group: "", version: "v1", kind: "Binding" };

/** `pods/binding`: gives a pod its node, once. */
export const podBinding: Subresource = {
  group: "",
  path: "pods/binding",
  verbs: ["create"],
  kind: "Binding",
  handle: async (context) => {
    const { info, resource } = context;
    const options = parseWriteOptions(info);
    const binding = await decodeBodyAs<Binding>(context, bindingType, options.fieldValidation);
    const registry = resource.registry as unknown as ResourceRegistry<Pod>;
    await bindPod({ ...context, registry, type: resource.type, name: info.name }, binding, options.dryRun);
    await sendBound(context);
  },
};

export interface BindingRequest extends VirtualContext {
  readonly registry: ResourceRegistry<Pod>;
  /** The resource that the request is about, as admission sees it. */
  readonly type: ResourceType;
  /** The name of the pod. */
  readonly name: string;
}

/** Gives a pod the node that the binding names. Throws for bindings that are wrong and pods that have a node. */
export async function bindPod(target: BindingRequest, binding: Binding, dryRun: boolean): Promise<void> {
  const { exchange, info, admission, registry, name } = target;
  matchNamespace(binding, info.namespace);
  const objects = { object: binding, oldObject: undefined };
  const attributes = admissionAttributes(exchange, info, target, "CREATE", dryRun, objects);
  await admission.admit(attributes, exchange.signal);
  if ((binding.metadata.name ?? "") !== name) throw badRequest("name in URL does not match name in Binding object");
  const errors = validateBinding(binding);
  if (errors.length > 0) throw invalidBinding(errors);
  await admission.validate(attributes, exchange.signal);
  if (name === "") throw badRequest("Name parameter required.");
  const request: WriteRequest<Pod> = {
    context: writeContext(exchange, dryRun),
    signal: exchange.signal,
    admit: () => Promise.resolve(),
    validate: () => Promise.resolve(),
    warn: attributes.warn,
  };
  const assign = (pod: Pod): Pod => assignNode(registry, pod, binding, exchange.nowMs);
  await registry.update(info.namespace, name, bindingRules, assign, request);
}

export async function sendBound({ exchange, form }: VirtualContext): Promise<void> {
  const status: Status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };
  await sendObject(exchange, 201, form, status);
}

/** The pod as it is, but for its node: nothing else is changed or checked again. */
const bindingRules: UpdateRules<Pod> = { prepareForUpdate: () => {}, validateUpdate: () => [] };

function assignNode(registry: ResourceRegistry<Pod>, pod: Pod, binding: Binding, nowMs: number): Pod {
  const name = pod.metadata.name ?? "";
  const refuse = (problem: string) => conflict({ group: "", resource: "pods/binding" }, name, problem);
  const { uid, resourceVersion } = binding.metadata;
  if (uid && uid !== pod.metadata.uid) {
    throw refuse(`Precondition failed: UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid}`);
  }
  if (resourceVersion && resourceVersion !== pod.metadata.resourceVersion) throw conflict(registry.resourceName, name);
  if (pod.metadata.deletionTimestamp) throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  if (pod.spec.nodeName) throw refuse(`pod ${name} is already assigned to node "${pod.spec.nodeName}"`);
  if (pod.spec.schedulingGates?.length) throw refuse(`pod ${name} has non-empty .spec.schedulingGates`);
  pod.spec.nodeName = binding.target.name ?? "";
  const { annotations, labels } = binding.metadata;
  if (annotations) pod.metadata.annotations = { ...pod.metadata.annotations, ...annotations };
  if (labels) pod.metadata.labels = { ...pod.metadata.labels, ...labels };
  const conditions = (pod.status?.conditions ?? []).filter(({ type }) => type !== "PodScheduled");
  conditions.push({
    type: "PodScheduled",
    status: "True",
    ...(pod.metadata.generation !== undefined && { observedGeneration: pod.metadata.generation }),
    lastTransitionTime: formatTime(nowMs),
  });
  pod.status = { ...pod.status, conditions };
  // It said where the pod might go; now the pod is there, or elsewhere.
  delete pod.status.nominatedNodeName;
  return pod;
}

/** As upstream has it: not an Invalid but an error of no kind. */
function invalidBinding(errors: readonly FieldError[]): Error {
  return apiError({ code: 500, reason: "", message: aggregateFieldErrors(errors) });
}

function validateBinding(binding: Binding): FieldError[] {
  const { kind, name } = binding.target;
  const errors: FieldError[] = [];
  if (kind && kind !== "Node") errors.push(notSupportedField("target.kind", kind, ["Node", "<empty>"]));
  if (!name) errors.push(requiredField("target.name"));
  return errors;
}
