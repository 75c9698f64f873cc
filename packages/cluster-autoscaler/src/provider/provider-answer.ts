import type { ResourceList, Taint } from "@kube-ts/api/core/v1";
import { parseQuantity } from "@kube-ts/api/quantity";
import {
  type Decoded,
  type FieldProblem,
  integerField,
  listField,
  mapField,
  objectField,
  stringField,
  wordField,
} from "@kube-ts/std/config-schema";
import { type NodeGroup, type NodeTemplate, ProviderError } from "./node-group-provider.ts";

const taintSchema = objectField({
  key: stringField(),
  value: stringField(),
  effect: wordField("NoSchedule", "PreferNoSchedule", "NoExecute"),
});

const templateSchema = objectField({
  labels: mapField(stringField()),
  taints: listField(taintSchema),
  capacity: mapField(stringField()),
  allocatable: mapField(stringField()),
});

const machineSchema = objectField({
  id: stringField(),
  nodeName: stringField(),
  state: wordField("Creating", "Running", "Deleting", "Failed"),
  error: objectField({ class: wordField("OutOfResources", "Other"), message: stringField() }),
});

const groupSchema = objectField({
  name: stringField(),
  minSize: integerField(),
  maxSize: integerField(),
  template: templateSchema,
  machines: listField(machineSchema),
});

const answerSchema = objectField({ groups: listField(groupSchema) });

/** Reads what a provider has printed for `list`. Throws a ProviderError that names every field that is wrong. */
export function parseGroups(text: string): readonly NodeGroup[] {
  const problems: FieldProblem[] = [];
  const answer = answerSchema.decode(parseJson(text), "", problems);
  const groups = (answer?.groups ?? []).map((group, index) => groupOf(group, `groups[${index}]`, problems));
  if (answer && answer.groups === undefined) problems.push(missing("groups"));
  findRepeated(groups, problems);
  if (problems.length > 0) {
    const told = problems.slice(0, 10).map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
    throw new ProviderError(`the provider's answer cannot be used: ${told.join("; ")}`);
  }
  return groups;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProviderError(`the provider's answer is not JSON: ${(error as Error).message}`, "Other", {
      cause: error,
    });
  }
}

function groupOf(group: Decoded<typeof groupSchema>, path: string, problems: FieldProblem[]): NodeGroup {
  const { name = "", minSize = 0, maxSize, template, machines = [] } = group;
  if (name === "") problems.push(missing(`${path}.name`));
  if (maxSize === undefined) problems.push(missing(`${path}.maxSize`));
  if (minSize < 0 || (maxSize ?? 0) < minSize) {
    problems.push(invalid(`${path}.maxSize`, maxSize, "0 <= minSize <= maxSize must hold"));
  }
  return {
    name,
    minSize,
    maxSize: maxSize ?? 0,
    template: template && templateOf(template, `${path}.template`, problems),
    machines: machines.map((machine, index) => {
      const { id = "", nodeName, state = "Running", error } = machine;
      if (id === "") problems.push(missing(`${path}.machines[${index}].id`));
      const { class: kind = "Other", message = "" } = error ?? {};
      return { id, nodeName: nodeName || undefined, state, error: error && { class: kind, message } };
    }),
  };
}

function templateOf(
  { labels = {}, taints = [], capacity = {}, allocatable }: Decoded<typeof templateSchema>,
  path: string,
  problems: FieldProblem[],
): NodeTemplate {
  checkAmounts(capacity, `${path}.capacity`, problems);
  checkAmounts(allocatable ?? {}, `${path}.allocatable`, problems);
  const complete = taints.map(({ key = "", value, effect = "NoSchedule" }, index): Taint => {
    if (key === "") problems.push(missing(`${path}.taints[${index}].key`));
    return { key, effect, ...(value !== undefined && { value }) };
  });
  return { labels, taints: complete, capacity, allocatable: allocatable ?? capacity };
}

function checkAmounts(amounts: ResourceList, path: string, problems: FieldProblem[]): void {
  for (const [name, amount] of Object.entries(amounts)) {
    try {
      parseQuantity(amount);
    } catch (error) {
      problems.push(invalid(`${path}[${name}]`, amount, (error as Error).message));
    }
  }
}

/** A machine of two groups would be counted, and removed, twice. */
function findRepeated(groups: readonly NodeGroup[], problems: FieldProblem[]): void {
  const seen = new Set<string>();
  const note = (path: string, value: string) => {
    const key = `${path}=${value}`;
    if (seen.has(key)) problems.push({ path, message: `Duplicate value: ${JSON.stringify(value)}`, unknown: false });
    seen.add(key);
  };
  for (const { name, machines } of groups) {
    note("groups[].name", name);
    for (const { id, nodeName } of machines) {
      note("groups[].machines[].id", id);
      if (nodeName !== undefined) note("groups[].machines[].nodeName", nodeName);
    }
  }
}

function missing(path: string): FieldProblem {
  return { path, message: "Required value", unknown: false };
}

function invalid(path: string, value: unknown, reason: string): FieldProblem {
  return { path, message: `Invalid value: ${JSON.stringify(value)}: ${reason}`, unknown: false };
}
