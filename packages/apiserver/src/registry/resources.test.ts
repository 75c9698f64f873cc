import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inServedForm } from "@kube-ts/api/decode";
import type { KubeObject } from "@kube-ts/api/object";
import { ApiError } from "@kube-ts/api/status-error";
import { fullObject, variantsOf } from "./meta/testing/full-object.ts";
import { type Draft, RuleBench, nowMs } from "./meta/testing/rule-bench.ts";
import type { ResourceDefinition } from "./resource-definition.ts";
import { builtinResources } from "./resources.ts";

const definitions = builtinResources();

/** Updates cost several times as much as the rest, so that only every so many variants go through them. */
const updateEvery = 25;

describe("built-in resources", () => {
  it("are declared once each", () => {
    for (const key of [
      (definition: ResourceDefinition) => `${definition.type.group}/${definition.type.plural}`,
      (definition: ResourceDefinition) => definition.storagePrefix,
    ]) {
      const keys = definitions.map(key);
      assert.deepEqual(keys, [...new Set(keys)]);
    }
  });

  for (const definition of definitions) {
    describe(definition.type.plural, () => {
      it("survive every object that can be decoded", () => takeThroughAllRules(definition));
      it("stay byte for byte what they are when written back", () => writeBack(definition));
    });
  }
});

/** Rules may refuse whatever they are given, but they must come to an answer. */
function takeThroughAllRules(definition: ResourceDefinition): void {
  const bench = new RuleBench(definition);
  const full = withSmallTemplates(fullObject(definition.type)) as Draft;
  const old = bench.prepared(full);
  let count = 0;
  for (const variant of draftsOf(full)) {
    try {
      takeThrough(bench, variant, old, count++ % updateEvery === 0);
    } catch (error) {
      if (error instanceof ApiError) continue;
      throw new Error(`rules failed on ${JSON.stringify(variant).slice(0, 3000)}`, { cause: error });
    }
  }
}

/** The full object, and for each of its parts the variants of that part beside small others. */
function* draftsOf(full: Draft): Generator<Draft> {
  yield full;
  for (const [key, part] of Object.entries(full)) {
    const others = Object.fromEntries(Object.entries(full).map(([name, value]) => [name, smallPart(name, value)]));
    const { [key]: _left, ...without } = others;
    yield without;
    for (const variant of variantsOf(part)) yield { ...others, [key]: variant };
  }
}

function smallPart(name: string, value: unknown): unknown {
  if (name === "metadata") return { name: "text" };
  return typeof value === "object" && !Array.isArray(value) ? {} : value;
}

function takeThrough(bench: RuleBench<KubeObject>, draft: Draft, old: KubeObject, withUpdates: boolean): void {
  const { definition } = bench;
  const { strategy, columns } = definition;
  const object = bench.prepared(draft);
  strategy.validateCreate(object);
  strategy.warnings?.(object, undefined);
  for (const read of Object.values(definition.selectableFields ?? {})) assert.equal(typeof read(object), "string");
  assert.equal(columns?.row(object, nowMs).cells.length, columns?.definitions.length);
  if (!withUpdates) return;
  for (const part of partsOf(definition)) {
    bench.updateErrors(old, (copy) => Object.assign(copy, structuredClone(object)), part);
    bench.updateErrors(object, (copy) => Object.assign(copy, structuredClone(old)), part);
  }
}

/** Only what changes is to be stored, so that a write of what was read must come out the same. */
function writeBack(definition: ResourceDefinition): void {
  const bench = new RuleBench(definition);
  for (const draft of [fullObject(definition.type), { metadata: { name: "a" } }]) {
    const old = inServedForm(bench.prepared(draft));
    const decoded = inServedForm(bench.decode(old as unknown as Draft));
    assert.equal(JSON.stringify(decoded), JSON.stringify(old));
    for (const part of partsOf(definition)) {
      const written = bench.updated(old, () => undefined, part);
      assert.equal(JSON.stringify(inServedForm(written)), JSON.stringify(old), part);
    }
  }
}

function partsOf(definition: ResourceDefinition): string[] {
  return ["", ...(definition.status ? ["status"] : []), ...Object.keys(definition.parts ?? {})];
}

/** Specs of pods are large, and pods themselves bring theirs, with one container, through the rules already. */
function withSmallTemplates(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSmallTemplates);
  if (typeof value !== "object" || value === null) return value;
  const small = Object.entries(value).map(([key, item]) => {
    const isTemplate = key === "template" && typeof item === "object" && item !== null && "spec" in item;
    if (isTemplate) return [key, { ...item, spec: { containers: [plainContainer] } }];
    return [
      key,
      key === "initContainers" || key === "ephemeralContainers" ? [plainContainer] : withSmallTemplates(item),
    ];
  });
  return Object.fromEntries(small);
}

const plainContainer = { name: "c", image: "i" };
