import { goQuote } from "@kube-ts/api/go-quote";
import { nameOf, namespaceOf } from "@kube-ts/api/object";
import type { ClusterRoleBinding, RoleBinding, RoleRef, Subject } from "@kube-ts/api/rbac/v1";
import { serviceAccountUserName } from "../service-accounts/identity.ts";
import type { UserInfo } from "../user.ts";

/** A role binding of either kind; the namespace is empty for a cluster role binding. */
export interface IndexedBinding {
  readonly namespace: string;
  readonly name: string;
  readonly roleRef: RoleRef;
  readonly subjects: readonly IndexedSubject[];
}

interface IndexedSubject {
  readonly key: string;
  readonly description: string;
}

interface SubjectBindings {
  readonly cluster: Set<IndexedBinding>;
  readonly byNamespace: Map<string, Set<IndexedBinding>>;
}

/** Finds the bindings that apply to a user without looking at the others. */
export class BindingIndex {
  readonly #bindings = new Map<string, IndexedBinding>();
  readonly #bySubject = new Map<string, SubjectBindings>();

  /** Replaces what is known of the binding; undefined removes it. */
  set(namespace: string, name: string, binding: ClusterRoleBinding | RoleBinding | undefined): void {
    const key = `${namespace}/${name}`;
    const previous = this.#bindings.get(key);
    if (previous) for (const subject of previous.subjects) this.#unfile(subject.key, previous);
    this.#bindings.delete(key);
    if (!binding) return;
    const indexed = indexBinding(binding);
    this.#bindings.set(key, indexed);
    for (const subject of indexed.subjects) this.#file(subject.key, indexed);
  }

  /** The bindings that apply to the user everywhere (empty namespace) or in the namespace only. */
  applying(user: UserInfo, namespace: string): IndexedBinding[] {
    const found = new Set<IndexedBinding>();
    for (const key of subjectKeys(user)) {
      const subject = this.#bySubject.get(key);
      const bindings = namespace === "" ? subject?.cluster : subject?.byNamespace.get(namespace);
      if (bindings) for (const binding of bindings) found.add(binding);
    }
    return [...found];
  }

  #file(key: string, binding: IndexedBinding): void {
    const subject = this.#bySubject.get(key) ?? { cluster: new Set(), byNamespace: new Map() };
    this.#bySubject.set(key, subject);
    if (binding.namespace === "") {
      subject.cluster.add(binding);
      return;
    }
    const inNamespace = subject.byNamespace.get(binding.namespace) ?? new Set();
    subject.byNamespace.set(binding.namespace, inNamespace.add(binding));
  }

  #unfile(key: string, binding: IndexedBinding): void {
    const subject = this.#bySubject.get(key);
    if (!subject) return;
    subject.cluster.delete(binding);
    const inNamespace = subject.byNamespace.get(binding.namespace);
    inNamespace?.delete(binding);
    if (inNamespace?.size === 0) subject.byNamespace.delete(binding.namespace);
    if (subject.cluster.size === 0 && subject.byNamespace.size === 0) this.#bySubject.delete(key);
  }
}

/** Where a permission comes from, in upstream's words. */
export function describeBinding(binding: IndexedBinding, user: UserInfo): string {
  const keys = new Set(subjectKeys(user));
  const subject = binding.subjects.find(({ key }) => keys.has(key));
  const [kind, name] =
    binding.namespace === ""
      ? ["ClusterRoleBinding", binding.name]
      : ["RoleBinding", `${binding.name}/${binding.namespace}`];
  const role = `${binding.roleRef.kind} ${goQuote(binding.roleRef.name)}`;
  return `${kind} ${goQuote(name)} of ${role} to ${subject?.description ?? ""}`;
}

function subjectKeys(user: UserInfo): string[] {
  return [`u:${user.name}`, ...user.groups.map((group) => `g:${group}`)];
}

function indexBinding(binding: ClusterRoleBinding | RoleBinding): IndexedBinding {
  const namespace = namespaceOf(binding);
  const subjects = (binding.subjects ?? []).flatMap((subject) => indexSubject(subject, namespace));
  return { namespace, name: nameOf(binding), roleRef: binding.roleRef, subjects };
}

/** A service account without namespace is one of the binding's own, so that it never applies cluster-wide. */
function indexSubject(subject: Subject, bindingNamespace: string): IndexedSubject[] {
  const described = (name: string) => `${subject.kind} ${goQuote(name)}`;
  switch (subject.kind) {
    case "User":
      return [{ key: `u:${subject.name}`, description: described(subject.name) }];
    case "Group":
      return [{ key: `g:${subject.name}`, description: described(subject.name) }];
    case "ServiceAccount": {
      const namespace = subject.namespace || bindingNamespace;
      if (namespace === "") return [];
      const key = `u:${serviceAccountUserName(namespace, subject.name)}`;
      return [{ key, description: described(`${subject.name}/${namespace}`) }];
    }
    default:
      return [];
  }
}
