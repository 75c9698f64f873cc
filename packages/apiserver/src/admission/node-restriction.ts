import type { BoundObjectReference, TokenRequest } from "@kube-ts/api/authentication/v1";
import type { Node, PersistentVolumeClaim, Pod } from "@kube-ts/api/core/v1";
import type { ResourceSlice } from "@kube-ts/api/resource/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { goQuote } from "@kube-ts/api/go-quote";
import {
  certificateSigningRequests,
  csiNodes,
  leases,
  nodes,
  persistentVolumeClaims,
  pods,
  resourceSlices,
  serviceAccounts,
} from "@kube-ts/api/resource-types";
import { notFound } from "@kube-ts/api/status-error";
import { nodeNameOf } from "../auth/node/node-identity.ts";
import { visitPodReferences } from "@kube-ts/api/pod-references";
import { mirrorPodAnnotation } from "@kube-ts/api/well-known-labels";
import type { Authorizer } from "../auth/authorizer.ts";
import type { ObjectSource } from "../registry/object-source.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { admissionForbidden, isWriteOf } from "./forbidden.ts";
import { nodeCertificateProblem } from "./node-certificates.ts";
import { forbiddenLabelChanges } from "./node-labels.ts";

const leaseNamespace = "kube-node-lease";

/** Limits what a kubelet may write to its own node, lease, devices and pods, and the tokens it may ask for to those pods. */
export class NodeRestriction implements AdmissionPlugin {
  readonly name = "NodeRestriction";
  readonly #source: ObjectSource;
  readonly #authorizer: Authorizer | undefined;

  /** Without an authorizer, nodes get tokens for no audience but those that the pod's volumes name. */
  constructor(source: ObjectSource, authorizer?: Authorizer) {
    this.#source = source;
    this.#authorizer = authorizer;
  }

  handles(operation: AdmissionOperation): boolean {
    return operation !== "CONNECT";
  }

  async admit(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> {
    const node = nodeNameOf(attributes.user);
    if (node === undefined) return;
    const problem =
      node === ""
        ? `could not determine node from user ${goQuote(attributes.user.name)}`
        : await this.#problem(node, attributes, signal);
    if (problem !== undefined) throw admissionForbidden(attributes, problem);
  }

  #problem(
    node: string,
    attributes: AdmissionAttributes,
    signal: AbortSignal,
  ): Promise<string | undefined> | string | undefined {
    const { subresource } = attributes;
    const any = [subresource];
    if (isWriteOf(attributes, pods, any)) return this.#podProblem(node, attributes, signal);
    if (isWriteOf(attributes, nodes, any)) return nodeProblem(node, attributes);
    if (isWriteOf(attributes, persistentVolumeClaims, any)) return claimProblem(node, attributes);
    if (isWriteOf(attributes, serviceAccounts, any)) return this.#tokenProblem(node, attributes, signal);
    if (isWriteOf(attributes, leases, any)) return leaseProblem(node, attributes);
    if (isWriteOf(attributes, csiNodes, any)) return csiNodeProblem(node, attributes);
    if (isWriteOf(attributes, resourceSlices, any)) return sliceProblem(node, attributes);
    if (isWriteOf(attributes, certificateSigningRequests, any)) return nodeCertificateProblem(node, attributes);
    return undefined;
  }

  #podProblem(
    node: string,
    attributes: AdmissionAttributes,
    signal: AbortSignal,
  ): Promise<string | undefined> | string | undefined {
    switch (attributes.subresource) {
      case "":
        return this.#podWriteProblem(node, attributes, signal);
      case "status":
        return podStatusProblem(node, attributes);
      case "eviction":
        return this.#evictionProblem(node, attributes, signal);
      default:
        return `unexpected pod subresource ${goQuote(attributes.subresource)}, only 'status' and 'eviction' are allowed`;
    }
  }

  async #podWriteProblem(
    node: string,
    attributes: AdmissionAttributes,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    switch (attributes.operation) {
      case "CREATE":
        return this.#podCreateProblem(node, attributes.object as Pod, signal);
      case "DELETE": {
        const pod =
          (attributes.oldObject as Pod | undefined) ??
          (await this.#mustFindPod(attributes.namespace, attributes.name, signal));
        return pod.spec.nodeName === node
          ? undefined
          : `node ${goQuote(node)} can only delete pods with spec.nodeName set to itself`;
      }
      default:
        return `unexpected operation ${goQuote(attributes.operation)}, node ${goQuote(node)} can only create and delete mirror pods`;
    }
  }

  async #podCreateProblem(nodeName: string, pod: Pod, signal: AbortSignal): Promise<string | undefined> {
    const problem = mirrorPodProblem(nodeName, pod);
    if (problem !== undefined) return problem;
    const node = await this.#mustFindNode(nodeName, signal);
    const uid = pod.metadata.ownerReferences?.[0]?.uid ?? "";
    if (uid === node.metadata.uid) return podContentProblem(goQuote(nodeName), pod);
    return `node ${nodeName} UID mismatch: expected ${uid} got ${node.metadata.uid ?? ""}`;
  }

  async #evictionProblem(
    node: string,
    attributes: AdmissionAttributes,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (attributes.operation !== "CREATE") return `unexpected operation ${attributes.operation}`;
    const name = attributes.name || attributes.object?.metadata.name;
    if (!name) return "could not determine pod from request data";
    const pod = await this.#mustFindPod(attributes.namespace, name, signal);
    return pod.spec.nodeName === node ? undefined : `node ${node} can only evict pods with spec.nodeName set to itself`;
  }

  /** A node gets tokens bound to pods that run on it, for what those pods need them for. */
  async #tokenProblem(node: string, attributes: AdmissionAttributes, signal: AbortSignal): Promise<string | undefined> {
    if (attributes.operation !== "CREATE" || attributes.subresource !== "token") return undefined;
    const { spec } = attributes.object as TokenRequest;
    const reference: BoundObjectReference = spec.boundObjectRef ?? {};
    if (reference.apiVersion !== "v1" || reference.kind !== "Pod" || !reference.name) {
      return "node requested token not bound to a pod";
    }
    if (!reference.uid) return "node requested token with a pod binding without a uid";
    const pod = await this.#mustFindPod(attributes.namespace, reference.name, signal);
    if (pod.metadata.uid !== reference.uid) {
      return `the UID in the bound object reference (${reference.uid}) does not match the UID in record. The object might have been deleted and then recreated`;
    }
    if (pod.spec.nodeName !== node) return "node requested token bound to a pod scheduled on a different node";
    return this.#audienceProblem(spec.audiences ?? [], pod, attributes, signal);
  }

  async #audienceProblem(
    audiences: readonly string[],
    pod: Pod,
    attributes: AdmissionAttributes,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (audiences.length > 1) return "node may only request 0 or 1 audiences";
    const [audience = ""] = audiences;
    const sources = pod.spec.volumes?.flatMap(({ projected }) => projected?.sources ?? []) ?? [];
    if (sources.some(({ serviceAccountToken: token }) => token && (token.audience ?? "") === audience))
      return undefined;
    const { user, namespace, name } = attributes;
    const verb = "request-serviceaccounts-token-audience";
    const about = { group: "", version: "v1", resource: audience, subresource: "", namespace, name };
    const decision = await this.#authorizer?.authorize({ kind: "resource", user, verb, ...about }, signal);
    if (decision?.decision === "allow") return undefined;
    return `audience ${goQuote(audience)} not found in pod spec volume, ${user.name} is not authorized to request tokens for this audience`;
  }

  /** The pod as cached, or by a consistent read when it is new. Throws NotFound. */
  async #mustFindPod(namespace: string, name: string, signal: AbortSignal): Promise<Pod> {
    const pod =
      this.#source.get(pods, namespace, name) ?? (await this.#source.getLatest(pods, namespace, name, signal));
    if (!pod) throw notFound({ group: "", resource: "pods" }, name);
    return pod;
  }

  async #mustFindNode(name: string, signal: AbortSignal): Promise<Node> {
    const node = this.#source.get(nodes, "", name) ?? (await this.#source.getLatest(nodes, "", name, signal));
    if (!node) throw notFound({ group: "", resource: "nodes" }, name);
    return node;
  }
}

/** A kubelet creates only mirrors of the pods it runs from files, which its node owns. */
function mirrorPodProblem(nodeName: string, pod: Pod): string | undefined {
  const quoted = goQuote(nodeName);
  if (pod.metadata.annotations?.[mirrorPodAnnotation] === undefined) {
    return `pod does not have ${goQuote(mirrorPodAnnotation)} annotation, node ${quoted} can only create mirror pods`;
  }
  if (pod.spec.nodeName !== nodeName) return `node ${quoted} can only create pods with spec.nodeName set to itself`;
  const owners = pod.metadata.ownerReferences ?? [];
  if (owners.length > 1) return `node ${quoted} can only create pods with a single owner reference set to itself`;
  const [owner] = owners;
  if (!owner || owner.apiVersion !== "v1" || owner.kind !== "Node" || owner.name !== nodeName) {
    return `node ${quoted} can only create pods with an owner reference set to itself`;
  }
  if (!owner.controller) {
    return `node ${quoted} can only create pods with a controller owner reference set to itself`;
  }
  return owner.blockOwnerDeletion ? `node ${quoted} must not set blockOwnerDeletion on an owner reference` : undefined;
}

function podContentProblem(quoted: string, pod: Pod): string | undefined {
  const referenced = new Set<string>();
  visitPodReferences(pod, (kind) => void referenced.add(kind));
  const volumes = pod.spec.volumes ?? [];
  const sources = volumes.flatMap(({ projected }) => projected?.sources ?? []);
  const cannot = (what: string) => `node ${quoted} can not create pods that reference ${what}`;
  if (referenced.has("serviceaccount")) return cannot("a service account");
  if (referenced.has("secret")) return cannot("secrets");
  if (referenced.has("configmap")) return cannot("configmaps");
  if (sources.some(({ clusterTrustBundle }) => clusterTrustBundle)) return cannot("clustertrustbundles");
  // A claim is made for an ephemeral volume, too.
  if (volumes.some(({ persistentVolumeClaim, ephemeral }) => persistentVolumeClaim ?? ephemeral))
    return cannot("persistentvolumeclaims");
  if (pod.spec.resourceClaims?.length) return cannot("resourceclaims");
  return undefined;
}

function podStatusProblem(node: string, attributes: AdmissionAttributes): string | undefined {
  const quoted = goQuote(node);
  const [pod, old] = [attributes.object as Pod | undefined, attributes.oldObject as Pod | undefined];
  if (attributes.operation !== "UPDATE" || !pod || !old) return `unexpected operation ${goQuote(attributes.operation)}`;
  if (old.spec.nodeName !== node) {
    return `node ${quoted} can only update pod status for pods with spec.nodeName set to itself`;
  }
  if (!semanticEqual(pod.metadata.labels, old.metadata.labels)) {
    return `node ${quoted} cannot update labels through pod status`;
  }
  if (!semanticEqual(pod.status?.resourceClaimStatuses, old.status?.resourceClaimStatuses)) {
    return `node ${quoted} cannot update resource claim statues`;
  }
  // What is named there the node may read: it must not name it itself.
  if (!semanticEqual(pod.status?.extendedResourceClaimStatus, old.status?.extendedResourceClaimStatus)) {
    return `node ${quoted} cannot update extended resource claim status`;
  }
  return undefined;
}

function nodeProblem(nodeName: string, attributes: AdmissionAttributes): string | undefined {
  const quoted = goQuote(nodeName);
  if (attributes.name !== nodeName) return `node ${quoted} is not allowed to modify node ${goQuote(attributes.name)}`;
  const node = attributes.object as Node | undefined;
  if (attributes.operation === "CREATE" && node) {
    if (node.spec?.configSource) return `node ${quoted} is not allowed to create pods with a non-nil configSource`;
    const forbidden = forbiddenLabelChanges(node.metadata.labels);
    if (forbidden.length > 0)
      return `node ${quoted} is not allowed to set the following labels: ${forbidden.join(", ")}`;
  }
  if (attributes.operation === "UPDATE" && node) return nodeUpdateProblem(quoted, node, attributes.oldObject as Node);
  return undefined;
}

function nodeUpdateProblem(quoted: string, node: Node, old: Node): string | undefined {
  const { configSource, taints } = node.spec;
  if (configSource && !semanticEqual(configSource, old.spec.configSource)) {
    return `node ${quoted} is not allowed to update configSource to a new non-nil configSource`;
  }
  if (!semanticEqual(taints, old.spec.taints)) return `node ${quoted} is not allowed to modify taints`;
  if (!semanticEqual(node.metadata.ownerReferences, old.metadata.ownerReferences)) {
    return `node ${quoted} is not allowed to modify ownerReferences`;
  }
  const forbidden = forbiddenLabelChanges(node.metadata.labels, old.metadata.labels);
  return forbidden.length > 0 ? `is not allowed to modify labels: ${forbidden.join(", ")}` : undefined;
}

function claimProblem(node: string, attributes: AdmissionAttributes): string | undefined {
  if (attributes.subresource !== "status") return "may only update PVC status";
  if (attributes.operation !== "UPDATE") return `unexpected operation ${goQuote(attributes.operation)}`;
  const claim = attributes.object as PersistentVolumeClaim;
  if (semanticEqual(beyondCapacity(claim), beyondCapacity(attributes.oldObject as PersistentVolumeClaim)))
    return undefined;
  return `node ${goQuote(node)} is not allowed to update fields other than status.capacity and status.conditions`;
}

/** The claim without what a kubelet may change when it has grown the volume. */
function beyondCapacity(claim: PersistentVolumeClaim): object {
  const {
    capacity: _1,
    conditions: _2,
    allocatedResources: _3,
    allocatedResourceStatuses: _4,
    ...status
  } = claim.status ?? {};
  const { resourceVersion: _5, managedFields: _6, ...metadata } = claim.metadata;
  return { ...claim, metadata, status };
}

function leaseProblem(node: string, attributes: AdmissionAttributes): string | undefined {
  if (attributes.namespace !== leaseNamespace) {
    return `can only access leases in the ${goQuote(leaseNamespace)} system namespace`;
  }
  const name = attributes.operation === "CREATE" ? attributes.object?.metadata.name : attributes.name;
  return name === node ? undefined : "can only access node lease with the same name as the requesting node";
}

function csiNodeProblem(node: string, attributes: AdmissionAttributes): string | undefined {
  const name = attributes.operation === "CREATE" ? attributes.object?.metadata.name : attributes.name;
  return name === node ? undefined : "can only access CSINode with the same name as the requesting node";
}

/** Other writes are judged by the node authorizer, which does not see new objects, nor each one of a collection. */
function sliceProblem(node: string, { operation, object, oldObject }: AdmissionAttributes): string | undefined {
  if (operation !== "CREATE" && operation !== "DELETE") return undefined;
  const slice = (operation === "CREATE" ? object : oldObject) as ResourceSlice | undefined;
  if (slice?.spec.nodeName === node) return undefined;
  return `can only ${operation.toLowerCase()} ResourceSlice with the same NodeName as the requesting node`;
}
