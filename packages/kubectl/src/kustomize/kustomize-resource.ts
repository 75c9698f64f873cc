import { goJson } from "@kube-ts/api/go-json";
import { cloneJson } from "@kube-ts/api/json-value";
import { isRecord } from "@kube-ts/std/config-schema";
import { CommandError } from "../command-line/command-error.ts";
import type { JsonObject } from "../session/api.ts";
import { isClusterScoped } from "./cluster-scoped.ts";

/** What tells a resource from others; it changes while a resource is customized. */
export interface ResourceId {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** Selects kinds; what is left out or empty selects all. */
export interface KindSelector {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
}

/** An object on its way through kustomizations, with the identities that it had before. */
export class KustomizeResource {
  object: JsonObject;
  needsHash = false;
  readonly prefixes: string[] = [];
  readonly suffixes: string[] = [];
  #previous: ResourceId[] = [];

  constructor(object: JsonObject) {
    this.object = object;
  }

  get id(): ResourceId {
    const apiVersion = textOf(this.object["apiVersion"]);
    const slash = apiVersion.indexOf("/");
    return {
      group: slash < 0 ? "" : apiVersion.slice(0, slash),
      version: apiVersion.slice(slash + 1),
      kind: textOf(this.object["kind"]),
      name: textOf(this.metadata["name"]),
      namespace: textOf(this.metadata["namespace"]),
    };
  }

  /** What the resource was called in its file. */
  get originalId(): ResourceId {
    return this.#previous[0] ?? this.id;
  }

  get previousIds(): readonly ResourceId[] {
    return this.#previous;
  }

  get allIds(): readonly ResourceId[] {
    return [...this.#previous, this.id];
  }

  get metadata(): JsonObject {
    const { metadata } = this.object;
    return isRecord(metadata) ? metadata : {};
  }

  /** Keeps the identity that the resource has now, before a change of it. */
  rememberId(): void {
    this.#previous.push(this.id);
  }

  setMetadata(field: "name" | "namespace", value: string): void {
    this.object = { ...this.object, metadata: { ...this.metadata, [field]: value } };
  }

  /** Takes over whatever is known of a resource that this one stands for from now on. */
  adopt(other: KustomizeResource): void {
    this.#previous = [...other.#previous];
    this.prefixes.splice(0, this.prefixes.length, ...other.prefixes);
    this.suffixes.splice(0, this.suffixes.length, ...other.suffixes);
    this.needsHash ||= other.needsHash;
  }

  copy(): KustomizeResource {
    const made = new KustomizeResource(cloneJson(this.object));
    made.adopt(this);
    return made;
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Whether an identity is of a kind that is meant. */
export function selectsKind(selector: KindSelector, id: ResourceId): boolean {
  return (
    (!selector.group || selector.group === id.group) &&
    (!selector.version || selector.version === id.version) &&
    (!selector.kind || selector.kind === id.kind)
  );
}

/** The namespace by which identities compare: none at all for cluster-scoped kinds, `default` where none is given. */
export function effectiveNamespace(id: ResourceId): string {
  return isClusterScoped(id) ? "_non_namespaceable_" : id.namespace || "default";
}

export function sameId(a: ResourceId, b: ResourceId): boolean {
  return (
    a.group === b.group &&
    a.version === b.version &&
    a.kind === b.kind &&
    a.name === b.name &&
    effectiveNamespace(a) === effectiveNamespace(b)
  );
}

/** `Deployment.v1.apps/web.default`, as messages name a resource. */
export function idText({ group, version, kind, name, namespace }: ResourceId): string {
  const type = `${kind || "[noKind]"}.${version || "[noVer]"}.${group || "[noGrp]"}`;
  return `${type}/${name || "[noName]"}.${namespace || "[noNs]"}`;
}

/** Resources in order, no two with the same identity. */
export class ResourceSet {
  #resources: KustomizeResource[] = [];

  get resources(): readonly KustomizeResource[] {
    return this.#resources;
  }

  /** Throws a CommandError for an identity that is taken. */
  append(resource: KustomizeResource): void {
    const { id } = resource;
    if (this.#resources.some((each) => sameId(each.id, id))) {
      throw new CommandError(`may not add resource with an already registered id: ${idText(id)}`);
    }
    this.#resources.push(resource);
  }

  appendAll(others: ResourceSet): void {
    for (const resource of others.resources) this.append(resource);
  }

  replace(old: KustomizeResource, by: KustomizeResource): void {
    this.#resources = this.#resources.map((each) => (each === old ? by : each));
  }

  remove(resource: KustomizeResource): void {
    this.#resources = this.#resources.filter((each) => each !== resource);
  }

  sort(compare: (a: KustomizeResource, b: KustomizeResource) => number): void {
    this.#resources = this.#resources.toSorted(compare);
  }

  filter(keep: (resource: KustomizeResource) => boolean): void {
    this.#resources = this.#resources.filter(keep);
  }

  /** Those that have or had the identity. */
  withAnyId(id: ResourceId): KustomizeResource[] {
    return this.#resources.filter((each) => each.allIds.some((known) => sameId(known, id)));
  }

  /** The one that has or had the identity. Throws a CommandError. */
  demand(id: ResourceId): KustomizeResource {
    const [found, second] = this.withAnyId(id);
    const problem = second ? "multiple matches" : "no matches";
    if (!found || second) {
      const text = idText(id);
      throw new CommandError(`${problem} for Id ${text}; failed to find unique target for patch ${text}`);
    }
    return found;
  }
}

/** A resource of an object in a file. Throws a CommandError where it lacks what every object has. */
export function resourceOf(object: JsonObject): KustomizeResource {
  const resource = new KustomizeResource(object);
  const { kind, name } = resource.id;
  if (kind === "") throw new CommandError(`missing kind in object ${goJson(object)}`);
  if (name === "" && resource.metadata["generateName"] === undefined && !kind.endsWith("List")) {
    const { apiVersion = "", metadata } = object;
    const map = (key: string) => {
      const entries = Object.entries((isRecord(metadata) ? metadata[key] : undefined) ?? {});
      return `map[${entries.map(([each, value]) => `${each}:${String(value)}`).join(" ")}]`;
    };
    throw new CommandError(
      `missing metadata.name in object {{${String(apiVersion)} ${kind}} {{ ${resource.id.namespace}} ${map("labels")} ${map("annotations")}}}`,
    );
  }
  return resource;
}
