import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { type JsonObject, cloneJson, isJsonObject } from "../json-value.ts";
import { findApiError } from "../status-error.ts";
import { applyJsonPatch } from "./json-patch.ts";

// A plain reading of RFC 6902, with upstream's liberties: `replace` is `add` for keys, what is not there is null to
// `test` and `copy`, indices may be negative, and the root is replaced and tested only.

class NotApplicable extends Error {}

type Path = readonly string[];
interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

const pointerOf = (path: Path) => path.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
const pathOf = (pointer: string): Path =>
  pointer === ""
    ? []
    : pointer
        .slice(1)
        .split("/")
        .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));

/** A tree of entries, in which no key means anything special. */
type Tree = Map<string, Tree | unknown> | (Tree | unknown)[] | string | number | boolean | null;

function treeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(treeOf);
  if (!isJsonObject(value)) return value;
  return new Map(Object.entries(value).map(([key, item]) => [key, treeOf(item)]));
}

function valueOf(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(valueOf);
  if (!(tree instanceof Map)) return tree;
  return Object.fromEntries([...(tree as Map<string, unknown>)].map(([key, item]) => [key, valueOf(item)] as const));
}

function indexOf(key: string, length: number): number {
  const index = /^-?\d+$/.test(key) ? Number(key) : Number.NaN;
  const position = index < 0 ? index + length : index;
  if (!(position >= 0 && position < length)) throw new NotApplicable(`index ${key}`);
  return position;
}

function read(tree: unknown, path: Path): unknown {
  let current = tree;
  for (const key of path) {
    if (Array.isArray(current)) current = current[indexOf(key, current.length)] as unknown;
    else if (current instanceof Map && current.has(key)) current = current.get(key) as unknown;
    else throw new NotApplicable(`nothing at ${key}`);
  }
  return current;
}

/** As `read`, where the last key need not be there. */
function readOrNull(tree: unknown, path: Path): unknown {
  const holder = path.length === 0 ? undefined : read(tree, path.slice(0, -1));
  return holder instanceof Map && !holder.has(path.at(-1)) ? null : read(tree, path);
}

/** The tree with `change` made in the container of the last key. */
function edit(tree: unknown, path: Path, change: (container: Tree, key: string) => void): unknown {
  const key = path.at(-1);
  if (key === undefined) throw new NotApplicable("the root");
  const container = read(tree, path.slice(0, -1));
  if (!Array.isArray(container) && !(container instanceof Map)) throw new NotApplicable("no container");
  change(container as Tree, key);
  return tree;
}

function add(tree: unknown, path: Path, value: unknown): unknown {
  return edit(tree, path, (container, key) => {
    if (container instanceof Map) container.set(key, value);
    else if (Array.isArray(container)) {
      container.splice(key === "-" ? container.length : indexOf(key, container.length + 1), 0, value);
    }
  });
}

function remove(tree: unknown, path: Path): unknown {
  return edit(tree, path, (container, key) => {
    if (container instanceof Map && !container.delete(key)) throw new NotApplicable(`nothing at ${key}`);
    if (Array.isArray(container)) container.splice(indexOf(key, container.length), 1);
  });
}

function model(tree: unknown, { op, path, from = "", value }: Operation): unknown {
  const [to, source] = [pathOf(path), pathOf(from)];
  switch (op) {
    case "add":
      return add(tree, to, treeOf(value));
    case "remove":
      return remove(tree, to);
    case "replace":
      if (to.length === 0 && (typeof value !== "object" || value === null)) throw new NotApplicable("a scalar root");
      if (to.length === 0) return treeOf(value);
      return edit(tree, to, (container, key) => {
        if (container instanceof Map) container.set(key, treeOf(value));
        else if (Array.isArray(container)) container[indexOf(key, container.length)] = treeOf(value);
      });
    case "copy":
      if (source.length === 0) throw new NotApplicable("the root");
      return add(tree, to, structuredClone(readOrNull(tree, source)));
    case "move": {
      const moved = read(tree, source);
      return add(remove(tree, source), to, moved);
    }
    default:
      assert.deepEqual(valueOf(readOrNull(tree, to)), value);
      return tree;
  }
}

const key = fc.constantFrom("a", "b", "c", "", "~", "/", "0", "1", "constructor");
const leaf = fc.constantFrom<unknown>(0, 1, "x", "", true, null);
const { value: anyValue, object: anyObject } = fc.letrec<{ value: unknown; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
  object: fc.dictionary(key, tie("value"), { maxKeys: 3, noNullPrototype: true }),
}));
const path = fc.array(fc.oneof(key, fc.constantFrom("a", "b", "0", "-", "-1", "-2")), { maxLength: 3 }).map(pointerOf);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ op: fc.constantFrom("add", "replace", "test"), path, value: anyValue }),
  fc.record({ op: fc.constant("remove"), path }),
  fc.record({ op: fc.constantFrom("move", "copy"), path, from: path }),
);

function expected(object: JsonObject, operations: readonly Operation[]): JsonObject | "refused" {
  try {
    const result = valueOf(operations.reduce(model, treeOf(object)));
    return isJsonObject(result) ? result : "refused";
  } catch (error) {
    if (error instanceof NotApplicable || error instanceof assert.AssertionError) return "refused";
    throw error;
  }
}

function applied(object: JsonObject, operations: readonly Operation[]): JsonObject | "refused" {
  try {
    return applyJsonPatch(object, operations);
  } catch (error) {
    assert.equal(findApiError(error)?.code, 422, String(error));
    return "refused";
  }
}

suite("any JSON patch", () => {
  test("does what its operations say, one after the other, or nothing", () => {
    checkProperty(
      fc.property(anyObject, fc.array(operation, { maxLength: 4 }), (object, operations) => {
        const before = cloneJson(object);
        assert.deepEqual(applied(object, operations), expected(object, operations));
        assert.deepEqual(object, before, "the object itself changed");
      }),
      { share: 10 },
    );
  });

  test("that adds to what is there can be taken back", () => {
    checkProperty(
      fc.property(anyObject, key, anyValue, (object, name, value) => {
        fc.pre(!Object.hasOwn(object, name));
        const at = pointerOf([name]);
        const patch = [
          { op: "add", path: at, value },
          { op: "test", path: at, value },
          { op: "remove", path: at },
        ];
        assert.deepEqual(applyJsonPatch(object, patch), object);
      }),
      { share: 2 },
    );
  });

  test("of anything else is refused in an ApiError of the client's", () => {
    const odd = fc.oneof(
      anyValue,
      fc.array(fc.oneof(anyValue, fc.record({ op: fc.oneof(leaf, fc.string()), path: fc.oneof(leaf, fc.string()) }))),
      fc.array(
        fc.record(
          {
            op: fc.constantFrom("add", "remove", "replace", "move", "copy", "test"),
            path: fc.oneof(path, fc.constantFrom("/__proto__/x", "/constructor/prototype/x", "a", "/a/__proto__")),
            from: fc.oneof(path, fc.constantFrom("/__proto__", "/constructor/prototype")),
            value: anyValue,
          },
          { requiredKeys: ["op"] },
        ),
      ),
    );
    checkProperty(
      fc.property(anyObject, odd, (object, patch) => {
        try {
          const result = applyJsonPatch(object, patch);
          assert.equal(isJsonObject(result), true);
        } catch (error) {
          const code = findApiError(error)?.code ?? 0;
          assert.ok(code >= 400 && code < 500, String(error));
        }
        assert.deepEqual(Object.keys(Object.prototype), []);
        assert.equal("x" in {}, false);
      }),
      { share: 5 },
    );
  });
});
