import type { PolicyRulesWithSubjects } from "@kube-ts/api/flowcontrol/v1";
import type { UserInfo } from "../../auth/user.ts";
import type { PathRequest, RequestInfo, ResourceRequest } from "../../endpoints/request-info.ts";
import {
  type PathMatch,
  type ResourceMatch,
  compileRule,
  matchesPath,
  matchesResource,
  matchesSubject,
  namedNamespaces,
} from "./flow-rules.ts";

/** A schema and what requests that match it are for. Schemas are tried in the order given. */
export interface Classified<T> {
  readonly rules: readonly PolicyRulesWithSubjects[];
  readonly target: T;
}

interface CompiledSchema<T> {
  readonly rules: readonly ReturnType<typeof compileRule>[];
  readonly target: T;
}

/** What is left of a schema for one user. */
interface Candidate<T> {
  readonly resources: readonly ResourceMatch[];
  readonly paths: readonly PathMatch[];
  readonly target: T;
}

/** The answers for one verb, group and resource. */
interface Answers<T> {
  cluster: T | undefined;
  /** For the namespaces that rules name. */
  named: Map<string, T> | undefined;
  /** For all other namespaces. */
  other: T | undefined;
}

/** What is known of one user: the candidates, and answers by verb, group and resource. */
interface UserTable<T> {
  readonly candidates: readonly Candidate<T>[];
  readonly answers: Map<string, Map<string, Map<string, Answers<T>>>>;
}

/** All answers are forgotten when there are more than this. */
const maxAnswers = 20_000;

/**
 * Finds the schema of a request: the first one with a rule that matches. Answers are remembered by the user's object, so
 * that a user who comes again with the same one costs a few look-ups, however many schemas there are.
 */
export class Classifier<T> {
  readonly #schemas: readonly CompiledSchema<T>[];
  readonly #namespaces: ReadonlySet<string>;
  /** For requests that no schema matches. */
  readonly #fallback: T;
  #users = new WeakMap<UserInfo, UserTable<T>>();
  #answers = 0;

  constructor(schemas: readonly Classified<T>[], fallback: T) {
    this.#schemas = schemas.map(({ rules, target }) => ({ rules: rules.map(compileRule), target }));
    this.#namespaces = new Set(this.#schemas.flatMap(({ rules }) => rules.flatMap(namedNamespaces)));
    this.#fallback = fallback;
  }

  classify(user: UserInfo, info: RequestInfo): T {
    const table = this.#tableOf(user);
    return info.kind === "resource" ? this.#resource(table, info) : this.#path(table, info);
  }

  #resource(table: UserTable<T>, info: ResourceRequest): T {
    const { verb, group, namespace } = info;
    const resource = info.subresource === "" ? info.resource : `${info.resource}/${info.subresource}`;
    const answers = this.#answersOf(table, verb, group, resource);
    if (namespace === "") return (answers.cluster ??= this.#find(table, verb, group, resource, ""));
    if (!this.#namespaces.has(namespace)) {
      return (answers.other ??= this.#find(table, verb, group, resource, namespace));
    }
    const named = (answers.named ??= new Map<string, T>());
    const known = named.get(namespace);
    if (known !== undefined) return known;
    const found = this.#find(table, verb, group, resource, namespace);
    named.set(namespace, found);
    return found;
  }

  #find({ candidates }: UserTable<T>, verb: string, group: string, resource: string, namespace: string): T {
    for (const { resources, target } of candidates) {
      for (const rule of resources) if (matchesResource(rule, verb, group, resource, namespace)) return target;
    }
    return this.#fallback;
  }

  #path({ candidates }: UserTable<T>, { verb, path }: PathRequest): T {
    for (const { paths, target } of candidates) {
      for (const rule of paths) if (matchesPath(rule, verb, path)) return target;
    }
    return this.#fallback;
  }

  #answersOf(table: UserTable<T>, verb: string, group: string, resource: string): Answers<T> {
    let byGroup = table.answers.get(verb);
    if (!byGroup) table.answers.set(verb, (byGroup = new Map()));
    let byResource = byGroup.get(group);
    if (!byResource) byGroup.set(group, (byResource = new Map()));
    const known = byResource.get(resource);
    if (known) return known;
    const made: Answers<T> = { cluster: undefined, named: undefined, other: undefined };
    byResource.set(resource, made);
    this.#count();
    return made;
  }

  #tableOf(user: UserInfo): UserTable<T> {
    const known = this.#users.get(user);
    if (known) return known;
    const made: UserTable<T> = { candidates: this.#candidatesOf(user), answers: new Map() };
    this.#users.set(user, made);
    return made;
  }

  #candidatesOf(user: UserInfo): Candidate<T>[] {
    const candidates: Candidate<T>[] = [];
    for (const { rules, target } of this.#schemas) {
      const matching = rules.filter(({ subjects }) => matchesSubject(subjects, user));
      if (matching.length === 0) continue;
      const resources = matching.flatMap((rule) => rule.resources);
      candidates.push({ resources, paths: matching.flatMap((rule) => rule.paths), target });
    }
    return candidates;
  }

  #count(): void {
    this.#answers += 1;
    if (this.#answers <= maxAnswers) return;
    this.#answers = 0;
    this.#users = new WeakMap();
  }
}
