import type { ResourceRequest } from "../../endpoints/request-info.ts";

const nameField = /^metadata\.name==?([^,=!\\]+)$/;
const nodeField = /^spec\.nodeName==?([^,=!\\]+)$/;

/** Watches of one resource by namespace and name, each empty for all of them. */
class ResourceWatches {
  readonly #counts = new Map<string, Map<string, number>>();
  /** Watches of the pods of one node; a write of a pod concerns one node's. */
  readonly #nodes = new Map<string, number>();
  #ofNodes = 0;

  add(namespace: string, name: string, by: 1 | -1): void {
    let names = this.#counts.get(namespace);
    if (!names) this.#counts.set(namespace, (names = new Map<string, number>()));
    const left = (names.get(name) ?? 0) + by;
    if (left > 0) names.set(name, left);
    else names.delete(name);
    if (names.size === 0) this.#counts.delete(namespace);
  }

  addNode(node: string, by: 1 | -1): void {
    const left = (this.#nodes.get(node) ?? 0) + by;
    if (left > 0) this.#nodes.set(node, left);
    else this.#nodes.delete(node);
    this.#ofNodes += by;
  }

  get empty(): boolean {
    return this.#counts.size === 0 && this.#nodes.size === 0;
  }

  interested(namespace: string, name: string): number {
    let count = this.#count("", "");
    if (name !== "") count += this.#count("", name);
    if (namespace !== "") {
      count += this.#count(namespace, "");
      if (name !== "") count += this.#count(namespace, name);
    }
    return this.#nodes.size === 0 ? count : count + Math.ceil(this.#ofNodes / this.#nodes.size);
  }

  #count(namespace: string, name: string): number {
    return this.#counts.get(namespace)?.get(name) ?? 0;
  }
}

/** How many watches are open, by what they watch: that tells how many clients an event goes to. */
export class WatchCounts {
  readonly #groups = new Map<string, Map<string, ResourceWatches>>();

  /** Counts a watch until it is disposed of. */
  register({ group, resource, namespace, name, query }: ResourceRequest): Disposable {
    const selector = query.get("fieldSelector") ?? "";
    const node = resource === "pods" && group === "" ? nodeField.exec(selector)?.[1] : undefined;
    const pinned = name || (nameField.exec(selector)?.[1] ?? "");
    const change = (by: 1 | -1) => {
      const watches = this.#of(group, resource);
      if (node === undefined) watches.add(namespace, pinned, by);
      else watches.addNode(node, by);
      if (watches.empty) this.#forget(group, resource);
    };
    change(1);
    let isOpen = true;
    return {
      [Symbol.dispose]: () => {
        if (isOpen) change(-1);
        isOpen = false;
      },
    };
  }

  /** How many watches a write of the object, or in the collection, may concern. */
  interested({ group, resource, namespace, name }: ResourceRequest): number {
    return this.#groups.get(group)?.get(resource)?.interested(namespace, name) ?? 0;
  }

  #of(group: string, resource: string): ResourceWatches {
    let resources = this.#groups.get(group);
    if (!resources) this.#groups.set(group, (resources = new Map<string, ResourceWatches>()));
    let watches = resources.get(resource);
    if (!watches) resources.set(resource, (watches = new ResourceWatches()));
    return watches;
  }

  #forget(group: string, resource: string): void {
    const resources = this.#groups.get(group);
    resources?.delete(resource);
    if (resources?.size === 0) this.#groups.delete(group);
  }
}
