import type { CachedObject, CacheEvent, WatchScope } from "../watch-cache.ts";

const nameField = "metadata.name";

interface Group<W> {
  readonly path: string;
  readonly watchers: Set<W>;
}

/**
 * Watchers grouped by namespace and by one field that their scope fixes, so that an event looks up the few groups
 * that it can concern instead of asking every watcher.
 */
export class WatcherIndex<W> {
  readonly #groups = new Map<string, Group<W>>();
  /** How many groups there are by each field. */
  readonly #paths = new Map<string, number>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(watcher: W, scope: WatchScope): void {
    const { path, value } = indexField(scope);
    const key = groupKey(scope.namespace ?? "", path, value);
    let group = this.#groups.get(key);
    if (!group) {
      group = { path, watchers: new Set() };
      this.#groups.set(key, group);
      this.#paths.set(path, (this.#paths.get(path) ?? 0) + 1);
    }
    group.watchers.add(watcher);
    this.#size += 1;
  }

  delete(watcher: W, scope: WatchScope): void {
    const { path, value } = indexField(scope);
    const key = groupKey(scope.namespace ?? "", path, value);
    const group = this.#groups.get(key);
    if (!group?.watchers.delete(watcher)) return;
    this.#size -= 1;
    if (group.watchers.size > 0) return;
    this.#groups.delete(key);
    const left = (this.#paths.get(path) ?? 1) - 1;
    if (left > 0) this.#paths.set(path, left);
    else this.#paths.delete(path);
  }

  /** Every watcher, in no particular order. */
  *all(): IterableIterator<W> {
    for (const group of this.#groups.values()) yield* group.watchers;
  }

  /** Visits each watcher that the event can concern once. */
  visit(event: CacheEvent, visitor: (watcher: W) => void): void {
    const { namespace } = event.object;
    for (const path of this.#paths.keys()) {
      const value = fieldOf(event.object, path);
      const before = event.previous && event.previous !== event.object ? fieldOf(event.previous, path) : value;
      this.#visitGroups(namespace, path, value, visitor);
      if (before !== value) this.#visitGroups(namespace, path, before, visitor);
    }
  }

  #visitGroups(namespace: string, path: string, value: string, visitor: (watcher: W) => void): void {
    this.#visitGroup(groupKey("", path, value), visitor);
    if (namespace !== "") this.#visitGroup(groupKey(namespace, path, value), visitor);
  }

  #visitGroup(key: string, visitor: (watcher: W) => void): void {
    const group = this.#groups.get(key);
    if (group) for (const watcher of group.watchers) visitor(watcher);
  }
}

/** Whether the object or its previous state lies within the scope. */
export function concerns(scope: WatchScope, event: CacheEvent): boolean {
  if (scope.namespace !== undefined && event.object.namespace !== scope.namespace) return false;
  const fields = Object.entries(scope.fields ?? {});
  const within = (object: CachedObject) => fields.every(([path, value]) => fieldOf(object, path) === value);
  return within(event.object) || (event.previous !== undefined && within(event.previous));
}

/** The field by which a watcher is grouped; all without one are in the group of the empty path. */
function indexField({ fields = {} }: WatchScope): { path: string; value: string } {
  const name = fields[nameField];
  if (name !== undefined) return { path: nameField, value: name };
  const [first] = Object.entries(fields);
  return first ? { path: first[0], value: first[1] } : { path: "", value: "" };
}

/** The name is in the key, so that it needs no parsing. */
function fieldOf(object: CachedObject, path: string): string {
  if (path === "") return "";
  return path === nameField ? object.name : (object.fields[path] ?? "");
}

function groupKey(namespace: string, path: string, value: string): string {
  return path === "" ? namespace : `${namespace}\n${path}\n${value}`;
}
