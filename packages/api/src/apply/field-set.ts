import { type JsonObject, isJsonObject } from "../json-value.ts";
import { type ApplySchema, fieldOf, itemsOf } from "./apply-schema.ts";
import { type ElementPath, type PathElement, compareElements, fieldNameOf, parseElement } from "./path-element.ts";

/** FieldsV1 that cannot be read. */
export class FieldSetError extends Error {
  override readonly name = "FieldSetError";
  readonly code = "field-set";
}

interface FieldNode {
  /** Whether the field itself is in the set. */
  readonly member: boolean;
  /** The fields below it that are; never empty. */
  readonly children: FieldSet | undefined;
}

const emptyNode: FieldNode = { member: false, children: undefined };

/**
 * A set of fields of an object. A field's membership says nothing of its parents. Sets are filled while they are
 * built and never changed after that: operations share what they leave as it is, and return `this` when that is all.
 */
export class FieldSet {
  static readonly empty = new FieldSet();

  static of(...paths: readonly ElementPath[]): FieldSet {
    const set = new FieldSet();
    for (const path of paths) set.insert(path);
    return set;
  }

  readonly #nodes: Map<PathElement, FieldNode>;
  #json: string | undefined;

  constructor(nodes: Map<PathElement, FieldNode> = new Map()) {
    this.#nodes = nodes;
  }

  get isEmpty(): boolean {
    return this.#nodes.size === 0;
  }

  /** How many fields are in the set. */
  get size(): number {
    let count = 0;
    for (const { member, children } of this.#nodes.values()) count += Number(member) + (children?.size ?? 0);
    return count;
  }

  get elements(): Iterable<PathElement> {
    return this.#nodes.keys();
  }

  /** Adds a field to a set that is being built. The empty path, the whole object, cannot be in a set. */
  insert(path: ElementPath): void {
    if (path.length > 0) this.#insert(path, 0);
  }

  #insert(path: ElementPath, depth: number): void {
    const element = path[depth] as PathElement;
    const { member, children } = this.#nodes.get(element) ?? emptyNode;
    if (depth === path.length - 1) {
      if (!member) this.#nodes.set(element, { member: true, children });
      return;
    }
    const below = children ?? new FieldSet();
    if (!children) this.#nodes.set(element, { member, children: below });
    below.#insert(path, depth + 1);
  }

  has(path: ElementPath): boolean {
    const [element, ...rest] = path;
    const node = element && this.#nodes.get(element);
    if (!node) return false;
    return rest.length === 0 ? node.member : (node.children?.has(rest) ?? false);
  }

  /** Whether the field directly below the root is a member. */
  hasMember(element: PathElement): boolean {
    return this.#nodes.get(element)?.member ?? false;
  }

  /** The fields below an element; undefined when there are none. */
  below(element: PathElement): FieldSet | undefined {
    return this.#nodes.get(element)?.children;
  }

  union(other: FieldSet): FieldSet {
    if (other.isEmpty || other === this) return this;
    if (this.isEmpty) return other;
    let nodes: Map<PathElement, FieldNode> | undefined;
    for (const [element, theirs] of other.#nodes) {
      const ours = this.#nodes.get(element) ?? emptyNode;
      const member = ours.member || theirs.member;
      const children = unite(ours.children, theirs.children);
      if (member === ours.member && children === ours.children) continue;
      nodes ??= new Map(this.#nodes);
      nodes.set(element, { member, children });
    }
    return nodes ? new FieldSet(nodes) : this;
  }

  intersection(other: FieldSet): FieldSet {
    return this.#filter((element, { member, children }) => {
      const theirs = other.#nodes.get(element);
      if (!theirs) return emptyNode;
      const shared = children && theirs.children && children.intersection(theirs.children);
      return { member: member && theirs.member, children: shared };
    });
  }

  /** Without the members of the other set; what lies below a member of it stays. */
  difference(other: FieldSet): FieldSet {
    if (other.isEmpty) return this;
    return this.#filter((element, node) => {
      const theirs = other.#nodes.get(element);
      if (!theirs) return node;
      const { member, children } = node;
      const left = children && theirs.children ? children.difference(theirs.children) : children;
      return { member: member && !theirs.member, children: left };
    });
  }

  /** Without the members of the other set and all that lies below them. */
  recursiveDifference(other: FieldSet): FieldSet {
    if (other.isEmpty) return this;
    return this.#filter((element, node) => {
      const theirs = other.#nodes.get(element);
      if (!theirs) return node;
      if (theirs.member) return emptyNode;
      const { member, children } = node;
      const left = children && theirs.children ? children.recursiveDifference(theirs.children) : children;
      return { member, children: left };
    });
  }

  /** Only the members that have no members below them. */
  leaves(): FieldSet {
    return this.#filter((_element, { member, children }) => ({
      member: member && !children,
      children: children?.leaves(),
    }));
  }

  /** The members for which a path from the root can be continued by the pattern; `*` stands for any element. */
  matching(pattern: readonly string[]): FieldSet {
    const [first, ...rest] = pattern;
    if (first === undefined) return this;
    return this.#filter((element, { member, children }) => {
      if (first !== "*" && first !== element) return emptyNode;
      return rest.length === 0 ? { member, children } : { member: false, children: children?.matching(rest) };
    });
  }

  /** With the declared fields that have members below them as members too. */
  withNamedFields(schema: ApplySchema | undefined): FieldSet {
    let nodes: Map<PathElement, FieldNode> | undefined;
    for (const [element, { member, children }] of this.#nodes) {
      if (!children) continue;
      const name = fieldNameOf(element);
      const below = children.withNamedFields(name === undefined ? itemsOf(schema) : fieldOf(schema, name)?.schema);
      const named = member || (name !== undefined && fieldOf(schema, name)?.isDeclared === true);
      if (named === member && below === children) continue;
      nodes ??= new Map(this.#nodes);
      nodes.set(element, { member: named, children: below });
    }
    return nodes ? new FieldSet(nodes) : this;
  }

  equals(other: FieldSet): boolean {
    if (this === other) return true;
    if (this.#nodes.size !== other.#nodes.size) return false;
    for (const [element, { member, children }] of this.#nodes) {
      const theirs = other.#nodes.get(element);
      if (!theirs || theirs.member !== member) return false;
      if (!children || !theirs.children) {
        if (children !== theirs.children) return false;
      } else if (!children.equals(theirs.children)) return false;
    }
    return true;
  }

  /** All members: those of one level in the canonical order, before those below them. */
  *paths(prefix: ElementPath = []): Generator<ElementPath, void, undefined> {
    const sorted = this.#sorted();
    for (const [element, { member }] of sorted) if (member) yield [...prefix, element];
    for (const [element, { children }] of sorted) if (children) yield* children.paths([...prefix, element]);
  }

  /** FieldsV1 in the canonical order. */
  toJson(): string {
    this.#json ??= `{${this.#sorted().map(nodeJson).join(",")}}`;
    return this.#json;
  }

  #sorted(): [PathElement, FieldNode][] {
    return [...this.#nodes].toSorted(([a], [b]) => compareElements(a, b));
  }

  #filter(keep: (element: PathElement, node: FieldNode) => FieldNode): FieldSet {
    const nodes = new Map<PathElement, FieldNode>();
    let changed = false;
    for (const [element, node] of this.#nodes) {
      const kept = keep(element, node);
      const children = kept.children?.isEmpty ? undefined : kept.children;
      if (kept.member === node.member && children === node.children) {
        nodes.set(element, node);
        continue;
      }
      changed = true;
      if (kept.member || children) nodes.set(element, { member: kept.member, children });
    }
    if (!changed) return this;
    return nodes.size === 0 ? FieldSet.empty : new FieldSet(nodes);
  }
}

function unite(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
  return a && b ? a.union(b) : (a ?? b);
}

function nodeJson([element, { member, children }]: [PathElement, FieldNode]): string {
  const key = JSON.stringify(element);
  if (!children) return `${key}:{}`;
  const below = children.toJson();
  return member ? `${key}:{".":{},${below.slice(1)}` : `${key}:${below}`;
}

/** Reads the JSON text of FieldsV1. Throws `FieldSetError` or `PathElementError`. */
export function decodeFieldSet(text: string): FieldSet {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FieldSetError("fieldsV1 is not JSON", { cause });
  }
  return fieldSetOfJson(value);
}

/** As `decodeFieldSet`, of parsed JSON. */
export function fieldSetOfJson(value: unknown): FieldSet {
  if (value === null || value === undefined) return FieldSet.empty;
  if (!isJsonObject(value)) throw new FieldSetError("fieldsV1 is not an object");
  return readSet(value);
}

function readSet(value: JsonObject): FieldSet {
  const nodes = new Map<PathElement, FieldNode>();
  for (const key of Object.keys(value)) {
    if (key === ".") continue;
    const element = parseElement(key);
    if (!element) continue;
    const content = value[key];
    if (!isJsonObject(content)) throw new FieldSetError(`the content of ${key} is not an object`);
    const below = readSet(content);
    const node = { member: below.isEmpty || Object.hasOwn(content, "."), children: below.isEmpty ? undefined : below };
    const known = nodes.get(element);
    nodes.set(element, known ? mergeNodes(known, node) : node);
  }
  return nodes.size === 0 ? FieldSet.empty : new FieldSet(nodes);
}

function mergeNodes(a: FieldNode, b: FieldNode): FieldNode {
  return { member: a.member || b.member, children: unite(a.children, b.children) };
}
