import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { PriorityLevelConfiguration } from "@kube-ts/api/flowcontrol/v1";
import { flowSchemas, priorityLevelConfigurations } from "@kube-ts/api/resource-types";
import { MemoryObjects } from "../auth/testing/memory-objects.ts";
import { autoUpdateAnnotation, suggestedPriorityLevels } from "../registry/flowcontrol/default-objects.ts";
import { ensureFlowControl, revised } from "./flow-control.ts";

const { signal } = new AbortController();

async function ensured(objects = new MemoryObjects()): Promise<MemoryObjects> {
  await ensureFlowControl({ source: objects, writer: objects }, signal);
  return objects;
}

const levelNames = (objects: MemoryObjects) =>
  objects
    .list(priorityLevelConfigurations)
    .map(({ metadata }) => metadata.name)
    .sort();

const systemLevels = [
  "catch-all",
  "exempt",
  "global-default",
  "leader-election",
  "node-high",
  "system",
  "workload-high",
  "workload-low",
];

test("a new cluster gets its levels and schemas, and a second run leaves them as they are", async () => {
  const objects = await ensured();
  assert.deepEqual(levelNames(objects), systemLevels);
  const schemas = objects.list(flowSchemas);
  assert.equal(schemas.length, 13);
  for (const { spec } of schemas) {
    assert.ok(objects.get(priorityLevelConfigurations, "", spec.priorityLevelConfiguration.name));
  }
  await ensured(objects);
  assert.deepEqual(objects.list(flowSchemas), schemas);
});

test("what earlier servers made is removed, what administrators made stays", async () => {
  const objects = new MemoryObjects();
  const level = (name: string, annotation?: string): PriorityLevelConfiguration => ({
    metadata: { name, ...(annotation !== undefined && { annotations: { [autoUpdateAnnotation]: annotation } }) },
    spec: { type: "Limited" },
  });
  objects.put(priorityLevelConfigurations, level("gone", "true"));
  objects.put(priorityLevelConfigurations, level("kept", "false"));
  objects.put(priorityLevelConfigurations, level("mine"));
  await ensured(objects);
  assert.deepEqual(levelNames(objects), [...systemLevels, "kept", "mine"].sort());
});

describe("an object that differs", () => {
  const [expected] = suggestedPriorityLevels;
  assert.ok(expected);
  const changed = (generation: number, annotation?: string): PriorityLevelConfiguration => ({
    ...expected,
    metadata: {
      name: "system",
      generation,
      ...(annotation && { annotations: { [autoUpdateAnnotation]: annotation } }),
    },
    spec: { type: "Limited", limited: { nominalConcurrencyShares: 7 } },
  });
  const cases: [string, PriorityLevelConfiguration, boolean, { shares: number; annotation: string } | undefined][] = [
    ["is kept when the annotation says so", changed(4, "true"), false, { shares: 30, annotation: "true" }],
    ["is left to administrators who say so", changed(4, "false"), false, undefined],
    ["is the server's while nobody has changed its spec", changed(1), false, { shares: 30, annotation: "true" }],
    ["is an administrator's once the spec was changed", changed(2), false, { shares: 7, annotation: "false" }],
    [
      "is judged by its generation if the annotation is odd",
      changed(2, "odd"),
      false,
      { shares: 7, annotation: "false" },
    ],
    ["is kept if it is mandatory", changed(2, "false"), true, { shares: 30, annotation: "true" }],
  ];
  for (const [name, current, isMandatory, wanted] of cases) {
    test(name, () => {
      const result = revised(current, expected, isMandatory);
      assert.deepEqual(
        result && {
          shares: result.spec.limited?.nominalConcurrencyShares,
          annotation: result.metadata.annotations?.[autoUpdateAnnotation],
        },
        wanted,
      );
    });
  }
});

test("what the exempt level lends stays as it is", async () => {
  const objects = await ensured();
  const exempt = objects.get(priorityLevelConfigurations, "", "exempt");
  assert.ok(exempt);
  objects.put(priorityLevelConfigurations, {
    ...exempt,
    spec: { type: "Exempt", exempt: { nominalConcurrencyShares: 3, lendablePercent: 9 } },
  });
  await ensured(objects);
  const spec = objects.get(priorityLevelConfigurations, "", "exempt")?.spec;
  assert.deepEqual(spec, { type: "Exempt", exempt: { nominalConcurrencyShares: 3, lendablePercent: 9 } });
});
