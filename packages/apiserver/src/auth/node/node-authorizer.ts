import { parseFieldSelector } from "@kube-ts/api/field-selector";
import { goQuote } from "@kube-ts/api/go-quote";
import { nameOf } from "@kube-ts/api/object";
import type { PolicyRule } from "@kube-ts/api/rbac/v1";
import { persistentVolumes, resourceSlices, volumeAttachments } from "@kube-ts/api/resource-types";
import { SelectorError } from "@kube-ts/api/selectors";
import type { ObjectSource } from "../../registry/object-source.ts";
import type { AuthorizationAttributes, AuthorizationDecision, Authorizer } from "../authorizer.ts";
import { RuleTable } from "../rbac/rule-table.ts";
import type { RuleResolver, UserRules } from "../rule-resolver.ts";
import type { UserInfo } from "../user.ts";
import { NodeGraph, type RelatedKind } from "./node-graph.ts";
import { nodeNameOf } from "./node-identity.ts";
import { PodFollower } from "./pod-follower.ts";

type ResourceAttributes = AuthorizationAttributes & { readonly kind: "resource" };

const allowed: AuthorizationDecision = { decision: "allow", reason: "" };

function refuse(reason: string): AuthorizationDecision {
  return { decision: "noOpinion", reason };
}

const leaseNamespace = "kube-node-lease";
const ownObjectVerbs = ["get", "create", "update", "patch", "delete"];

/**
 * Lets a kubelet do what its node needs and no more: of secrets, config maps, volumes and service accounts only
 * those that pods bound to the node refer to, of nodes, leases, CSI nodes and devices only its own.
 */
export class NodeAuthorizer implements Authorizer, RuleResolver, Disposable {
  readonly #graph = new NodeGraph();
  readonly #rules = new RuleTable();
  readonly #source: ObjectSource;
  readonly #pods: PodFollower;
  readonly #volumes: Disposable;

  private constructor(source: ObjectSource, rules: readonly PolicyRule[]) {
    this.#source = source;
    for (const rule of rules) this.#rules.add(rule, allowed);
    this.#pods = new PodFollower(source, this.#graph);
    this.#volumes = source.onChange(persistentVolumes, ({ name }) => this.#refreshVolume(name));
  }

  /** Call it when the caches are ready; resolves when it knows what they show. */
  static async open(source: ObjectSource, rules: readonly PolicyRule[], signal: AbortSignal): Promise<NodeAuthorizer> {
    const authorizer = new NodeAuthorizer(source, rules);
    await source.visit(persistentVolumes, (volume) => authorizer.#refreshVolume(nameOf(volume)), signal);
    return authorizer;
  }

  authorize(
    attributes: AuthorizationAttributes,
    signal: AbortSignal,
  ): Promise<AuthorizationDecision> | AuthorizationDecision {
    const node = nodeNameOf(attributes.user);
    if (node === undefined) return refuse("");
    if (node === "") return refuse(`unknown node for user ${goQuote(attributes.user.name)}`);
    const late = mayDependOnPods(attributes) ? this.#pods.catchUp(node, signal) : undefined;
    return late ? late.then(() => this.#decide(node, attributes)) : this.#decide(node, attributes);
  }

  /** The decision by what is known; the graph has the node's pods if it may depend on them. */
  #decide(node: string, attributes: AuthorizationAttributes): AuthorizationDecision {
    if (attributes.kind === "resource") {
      const specific = this.#authorizeResource(node, attributes);
      if (specific) return specific;
    }
    return this.#rules.find(attributes) ?? refuse("");
  }

  rulesFor(user: UserInfo): UserRules {
    if (nodeNameOf(user) === undefined) return { rules: [], incomplete: false, problems: [] };
    const problem = "node authorizer does not support user rule resolution";
    return { rules: [], incomplete: true, problems: [problem] };
  }

  [Symbol.dispose](): void {
    this.#pods[Symbol.dispose]();
    this.#volumes[Symbol.dispose]();
  }

  /** Reads the volume anew, so that neither the order nor the number of notifications matters. */
  #refreshVolume(name: string): void {
    const volume = this.#source.get(persistentVolumes, "", name);
    if (volume) this.#graph.setVolume(volume);
    else this.#graph.removeVolume(name);
  }

  /** Undefined for resources that are not subdivided by node. */
  #authorizeResource(node: string, attributes: ResourceAttributes): AuthorizationDecision | undefined {
    switch (`${attributes.group}/${attributes.resource}`) {
      case "/secrets":
        return this.#authorizeRead(node, "secret", attributes);
      case "/configmaps":
        return this.#authorizeRead(node, "configmap", attributes);
      case "/persistentvolumeclaims":
        if (attributes.subresource === "status") return this.#authorizeClaimStatus(node, attributes);
        return this.#authorizeGet(node, "persistentvolumeclaim", attributes);
      case "/persistentvolumes":
        return this.#authorizeGet(node, "persistentvolume", attributes);
      case "/serviceaccounts":
        return this.#authorizeServiceAccount(node, attributes);
      case "/pods":
        return this.#authorizePod(node, attributes);
      case "/nodes":
        return authorizeNode(node, attributes);
      case "coordination.k8s.io/leases":
        return authorizeLease(node, attributes);
      case "storage.k8s.io/csinodes":
        return authorizeCsiNode(node, attributes);
      case "storage.k8s.io/volumeattachments":
        return this.#authorizeAttachment(node, attributes);
      case "resource.k8s.io/resourceclaims":
        return this.#authorizeGet(node, "resourceclaim", attributes);
      case "resource.k8s.io/resourceslices":
        return this.#authorizeSlice(node, attributes);
      default:
        return undefined;
    }
  }

  #authorizeRead(node: string, kind: RelatedKind, attributes: ResourceAttributes): AuthorizationDecision {
    const { verb, subresource, namespace } = attributes;
    if (!["get", "list", "watch"].includes(verb)) return refuse("can only read resources of this type");
    if (subresource !== "") return refuse("cannot read subresource");
    if (namespace === "") return refuse("can only read namespaced object of this type");
    return this.#authorizeRelated(node, kind, attributes);
  }

  #authorizeGet(node: string, kind: RelatedKind, attributes: ResourceAttributes): AuthorizationDecision {
    if (attributes.verb !== "get") return refuse("can only get individual resources of this type");
    if (attributes.subresource !== "") return refuse("cannot get subresource");
    return this.#authorizeRelated(node, kind, attributes);
  }

  #authorizeClaimStatus(node: string, attributes: ResourceAttributes): AuthorizationDecision {
    if (!["update", "patch"].includes(attributes.verb)) return refuse("can only get/update/patch this type");
    return this.#authorizeRelated(node, "persistentvolumeclaim", attributes);
  }

  #authorizeServiceAccount(node: string, attributes: ResourceAttributes): AuthorizationDecision {
    const { verb, subresource, name } = attributes;
    if (verb === "get" && subresource === "") return this.#authorizeRead(node, "serviceaccount", attributes);
    if (verb !== "create" || name === "") return refuse("can only create tokens for individual service accounts");
    if (subresource !== "token") return refuse("can only create token subresource of serviceaccount");
    return this.#authorizeRelated(node, "serviceaccount", attributes);
  }

  #authorizePod(node: string, attributes: ResourceAttributes): AuthorizationDecision {
    const { verb, subresource, name, fieldSelector = "" } = attributes;
    switch (`${verb} ${subresource}`.trimEnd()) {
      case "get":
        return this.#authorizeGet(node, "pod", attributes);
      case "list":
      case "watch":
        if (selects(fieldSelector, "spec.nodeName", node)) return allowed;
        if (name !== "") return this.#authorizeRelated(node, "pod", attributes);
        return refuse("can only list/watch pods with spec.nodeName field selector");
      case "create":
      case "delete":
      case "update status":
      case "patch status":
      case "create eviction":
        return allowed;
      default:
        return refuse("");
    }
  }

  #authorizeAttachment(node: string, { verb, subresource, name }: ResourceAttributes): AuthorizationDecision {
    if (verb !== "get") return refuse("can only get individual resources of this type");
    if (subresource !== "") return refuse("cannot get subresource");
    return ownedBy(node, name, this.#source.get(volumeAttachments, "", name)?.spec.nodeName);
  }

  /** What a new slice says is not known here; the NodeRestriction admission plugin checks it then. */
  #authorizeSlice(node: string, attributes: ResourceAttributes): AuthorizationDecision {
    const { verb, subresource, name, fieldSelector = "" } = attributes;
    if (subresource !== "") return refuse("cannot authorize ResourceSlice subresources");
    if (verb === "create") return allowed;
    if (ownObjectVerbs.includes(verb)) {
      return ownedBy(node, name, this.#source.get(resourceSlices, "", name)?.spec.nodeName);
    }
    if (!["list", "watch", "deletecollection"].includes(verb)) {
      return refuse(
        "only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection",
      );
    }
    if (selects(fieldSelector, "spec.nodeName", node)) return allowed;
    return refuse("can only list/watch/deletecollection resourceslices with spec.nodeName field selector");
  }

  #authorizeRelated(node: string, kind: RelatedKind, attributes: ResourceAttributes): AuthorizationDecision {
    const { namespace, name } = attributes;
    if (name === "") return refuse("No Object name found");
    return related(node, this.#graph.isRelated(node, kind, namespace, name));
  }
}

const dependentResources: ReadonlySet<string> = new Set([
  "/secrets",
  "/configmaps",
  "/persistentvolumeclaims",
  "/persistentvolumes",
  "/serviceaccounts",
  "/pods",
  "resource.k8s.io/resourceclaims",
]);

/** Whether the answer can depend on which pods the node has. */
function mayDependOnPods(attributes: AuthorizationAttributes): boolean {
  if (attributes.kind !== "resource" || attributes.name === "") return false;
  return dependentResources.has(`${attributes.group}/${attributes.resource}`);
}

function related(node: string, isRelated: boolean): AuthorizationDecision {
  return isRelated ? allowed : refuse(`no relationship found between node '${node}' and this object`);
}

function ownedBy(node: string, name: string, owner: string | undefined): AuthorizationDecision {
  return name === "" ? refuse("No Object name found") : related(node, owner === node);
}

function authorizeNode(node: string, attributes: ResourceAttributes): AuthorizationDecision {
  const { verb, subresource, name } = attributes;
  if (subresource === "status") return ["update", "patch"].includes(verb) ? allowed : refuse("");
  if (subresource !== "") return refuse("");
  if (["create", "update", "patch"].includes(verb)) return allowed;
  if (!["get", "list", "watch"].includes(verb)) return refuse("");
  if (name === node) return allowed;
  const target = name === "" ? "all nodes" : `'${name}'`;
  return refuse(`node '${node}' cannot read ${target}, only its own Node object`);
}

/** The name is not known when a lease is created; the NodeRestriction admission plugin checks it then. */
function authorizeLease(node: string, attributes: ResourceAttributes): AuthorizationDecision {
  const { verb, namespace, name } = attributes;
  if (!ownObjectVerbs.includes(verb)) return refuse("can only get, create, update, patch, or delete a node lease");
  if (namespace !== leaseNamespace) {
    return refuse(`can only access leases in the ${goQuote(leaseNamespace)} system namespace`);
  }
  if (verb === "create" || name === node) return allowed;
  return refuse("can only access node lease with the same name as the requesting node");
}

function authorizeCsiNode(node: string, attributes: ResourceAttributes): AuthorizationDecision {
  const { verb, subresource, name } = attributes;
  if (!ownObjectVerbs.includes(verb)) return refuse("can only get, create, update, patch, or delete a CSINode");
  if (subresource !== "") return refuse("cannot authorize CSINode subresources");
  if (verb === "create" || name === node) return allowed;
  return refuse("can only access CSINode with the same name as the requesting node");
}

/** Whether the field selector narrows the request to objects whose field has the value. */
function selects(fieldSelector: string, field: string, value: string): boolean {
  try {
    const { requirements } = parseFieldSelector(fieldSelector);
    return requirements.some((each) => each.field === field && each.operator === "=" && each.value === value);
  } catch (error) {
    if (error instanceof SelectorError) return false;
    throw error;
  }
}
