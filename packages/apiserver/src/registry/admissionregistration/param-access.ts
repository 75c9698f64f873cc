import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  ParamKind,
  ParamRef,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from "@kube-ts/api/admissionregistration/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { forbiddenField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { type KubeObject, nameOf } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import * as types from "@kube-ts/api/resource-types";
import { invalid } from "@kube-ts/api/status-error";
import type { Authorizer } from "../../auth/authorizer.ts";
import { mayEscalate } from "../../auth/rbac/escalation-check.ts";
import type { UserInfo } from "../../auth/user.ts";
import type { ObjectSource } from "../object-source.ts";
import type { RegistryHooks } from "../write-request.ts";

type Policy = ValidatingAdmissionPolicy | MutatingAdmissionPolicy;
type Binding = ValidatingAdmissionPolicyBinding | MutatingAdmissionPolicyBinding;

/** What the checks ask the server; each is there once the server serves. */
export interface ParamAccessParts {
  readonly authorizer: () => Authorizer;
  readonly source: () => ObjectSource;
  /** The plural name of the kind, if the server has it. */
  readonly pluralOf: (group: string, kind: string) => string | undefined;
}

interface ParamResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

/** What stands for parameters of any kind. */
const anyResource: ParamResource = { group: "*", version: "*", resource: "*" };

/**
 * Messages of a policy can show its parameters, so that who writes a policy must be allowed to read them. The checks by
 * resource, as `group/plural`.
 */
export function paramAccessHooks(parts: ParamAccessParts): Map<string, RegistryHooks<KubeObject>> {
  const check = new ParamAccess(parts);
  const policies = (type: ResourceType<Policy>): RegistryHooks<KubeObject> => ({
    async beforeWrite(object, old, { context, signal }) {
      await check.policy(type, object as Policy, old as Policy | undefined, context.user, signal);
      return undefined;
    },
  });
  const bindings = (type: ResourceType<Binding>, policyType: ResourceType<Policy>): RegistryHooks<KubeObject> => ({
    async beforeWrite(object, old, { context, signal }) {
      const [binding, oldBinding] = [object as Binding, old as Binding | undefined];
      await check.binding(type, policyType, binding, oldBinding, context.user, signal);
      return undefined;
    },
  });
  const group = "admissionregistration.k8s.io";
  return new Map([
    [`${group}/validatingadmissionpolicies`, policies(types.validatingAdmissionPolicies)],
    [`${group}/mutatingadmissionpolicies`, policies(types.mutatingAdmissionPolicies)],
    [
      `${group}/validatingadmissionpolicybindings`,
      bindings(types.validatingAdmissionPolicyBindings, types.validatingAdmissionPolicies),
    ],
    [
      `${group}/mutatingadmissionpolicybindings`,
      bindings(types.mutatingAdmissionPolicyBindings, types.mutatingAdmissionPolicies),
    ],
  ]);
}

class ParamAccess {
  readonly #parts: ParamAccessParts;

  constructor(parts: ParamAccessParts) {
    this.#parts = parts;
  }

  async policy(
    type: ResourceType<Policy>,
    policy: Policy,
    old: Policy | undefined,
    user: UserInfo,
    signal: AbortSignal,
  ): Promise<void> {
    const { paramKind } = policy.spec ?? {};
    if (!paramKind || mayEscalate(user) || semanticEqual(paramKind, old?.spec?.paramKind)) return;
    const target = { ...this.#resourceOf(paramKind), namespace: "*", name: "*" };
    if (await this.#may(user, "get", target, signal)) return;
    const { kind = "", apiVersion = "" } = paramKind;
    const what = `all objects of the referenced paramKind (kind=${kind}, apiVersion=${apiVersion})`;
    const problem = `user ${describe(user)} must have "get" permission on ${what}`;
    throw invalid(type, nameOf(policy), [forbiddenField(fieldPath("spec", "paramKind"), problem)]);
  }

  async binding(
    type: ResourceType<Binding>,
    policyType: ResourceType<Policy>,
    binding: Binding,
    old: Binding | undefined,
    user: UserInfo,
    signal: AbortSignal,
  ): Promise<void> {
    const { paramRef, policyName = "" } = binding.spec ?? {};
    if (!paramRef || mayEscalate(user)) return;
    if (old?.spec?.policyName === policyName && semanticEqual(paramRef, old.spec.paramRef)) return;
    const policy = await this.#parts.source().getLatest(policyType, "", policyName, signal);
    const resource = policy?.spec?.paramKind ? this.#resourceOf(policy.spec.paramKind) : anyResource;
    const verb = isNamed(paramRef) ? "get" : "list";
    const target = { ...resource, namespace: paramRef.namespace ?? "", name: paramRef.name ?? "" };
    if (await this.#may(user, verb, target, signal)) return;
    const problem = `user ${describe(user)} does not have "${verb}" permission on the object referenced by paramRef`;
    throw invalid(type, nameOf(binding), [forbiddenField(fieldPath("spec", "paramRef"), problem)]);
  }

  /** The resource of the parameters; what is not known is everything. */
  #resourceOf({ apiVersion = "", kind = "" }: ParamKind): ParamResource {
    const parts = apiVersion.split("/");
    if (apiVersion === "" || parts.length > 2) return anyResource;
    const [group, version] = parts.length === 2 ? (parts as [string, string]) : ["", apiVersion];
    return { group, version, resource: this.#parts.pluralOf(group, kind) ?? "*" };
  }

  async #may(
    user: UserInfo,
    verb: string,
    target: ParamResource & { readonly namespace: string; readonly name: string },
    signal: AbortSignal,
  ): Promise<boolean> {
    const attributes = { kind: "resource", user, verb, subresource: "", ...target } as const;
    const { decision } = await this.#parts.authorizer().authorize(attributes, signal);
    return decision === "allow";
  }
}

function isNamed({ name = "" }: ParamRef): boolean {
  return name !== "";
}

/** The user as upstream's text has it. */
function describe({ name, uid, groups, extra }: UserInfo): string {
  const entries = Object.entries(extra).map(([key, values]) => `${key}:[${values.join(" ")}]`);
  return `&{${name} ${uid} [${groups.join(" ")}] map[${entries.sort().join(" ")}]}`;
}
