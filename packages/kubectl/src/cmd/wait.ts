import { ApiError } from "@kube-ts/api/status-error";
import { isRecord } from "@kube-ts/std/config-schema";
import { localObjects } from "../builder/local-objects.ts";
import { metadataOf, type ObjectReference } from "../builder/object-reference.ts";
import { pathOf } from "../builder/resource-mapper.ts";
import { itemsOf, listPages, resolveTargets } from "../builder/resource-query.ts";
import { waitForDeletion } from "../builder/wait-for-deletion.ts";
import { CommandError, throwFailures } from "../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../command-line/command.ts";
import { booleanFlag, durationFlag, repeatedFlag } from "../command-line/flag.ts";
import { recursiveFileFlags, selectorFlags } from "../command-line/shared-flags.ts";
import { JsonPath, printValue, relaxedPath } from "@kube-ts/api/json-path/json-path";
import { outputFlags } from "../printers/object-printer.ts";
import { createResultPrinter } from "../printers/result-printer.ts";
import type { JsonObject } from "../session/api.ts";
import type { Session } from "../session/session.ts";

const flags = {
  ...outputFlags,
  ...recursiveFileFlags,
  ...selectorFlags,
  all: booleanFlag("Select all resources in the namespace of the specified resource types"),
  "all-namespaces": booleanFlag("If present, list the requested object(s) across all namespaces.", { short: "A" }),
  local: booleanFlag("If true, look at the objects as the files have them and do not contact the server."),
  for: repeatedFlag(
    "The condition to wait on: [create|delete|condition=condition-name[=condition-value]|jsonpath='{JSONPath expression}'=[JSONPath value]].",
  ),
  timeout: durationFlag(
    "The length of time to wait before giving up. Zero means check once and don't wait, negative means wait for a week.",
    { default: 30_000 },
  ),
} as const;

export const command = defineCommand({
  usage:
    "([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
  description: "Wait for a specific condition on one or many resources.",
  examples: `  # Wait for the pod "busybox1" to contain the status condition of type "Ready"
  kubectl wait --for=condition=Ready pod/busybox1`,
  flags,
  run,
});

type Goal =
  | { readonly kind: "create" | "delete" }
  | { readonly kind: "condition"; readonly test: (object: JsonObject) => boolean };

const endlessMs = 7 * 24 * 3_600_000;
const retryMs = 200;

async function run(session: Session, { flags: values, positional }: Invocation<typeof flags>): Promise<void> {
  const [first] = values.for;
  if (first === undefined) throw new CommandError("unrecognized condition: []");
  const goals = values.for.map(parseGoal);
  const timeoutMs = values.timeout < 0 ? endlessMs : values.timeout;
  const deadline = AbortSignal.timeout(Math.max(1, Math.min(Math.ceil(timeoutMs), 0x7fff_ffff)));
  const startMs = session.clock.monotonicMs();
  const print = await createResultPrinter(values);
  if (values.local) return checkLocally(session, values, goals);
  const references = await findReferences(session, positional, values, goals, deadline);
  if (references.length === 0) {
    if (goals.some(({ kind }) => kind === "delete")) return;
    throw new CommandError("no matching resources found");
  }
  const failures: unknown[] = [];
  for (const goal of goals) {
    for (const reference of references) {
      const leftMs = Math.max(0, timeoutMs - (session.clock.monotonicMs() - startMs));
      try {
        const outcome = await waitFor(session, reference, goal, deadline, leftMs);
        if (outcome) await session.terminal.write(print(outcome.object, outcome.operation));
      } catch (error) {
        failures.push(error);
      }
    }
  }
  throwFailures(failures);
}

/** Says of objects in files whether they meet the conditions as they are. */
async function checkLocally(
  session: Session,
  values: Invocation<typeof flags>["flags"],
  goals: readonly Goal[],
): Promise<void> {
  const print = await createResultPrinter(values);
  const failures: unknown[] = [];
  const files = { filename: values.filename, recursive: values.recursive, kustomize: "" };
  for (const { resource, name, object } of await localObjects(session, files)) {
    for (const goal of goals) {
      const met = goal.kind === "condition" ? goal.test(object) : goal.kind === "create";
      if (met) await session.terminal.write(print(object, "condition met"));
      else failures.push(new CommandError(`timed out waiting for the condition on ${resource.plural}/${name}`));
    }
  }
  throwFailures(failures);
}

async function findReferences(
  session: Session,
  positional: readonly string[],
  values: Invocation<typeof flags>["flags"],
  goals: readonly Goal[],
  deadline: AbortSignal,
): Promise<ObjectReference[]> {
  const targets = await resolveTargets(session, positional, values);
  const api = await session.api();
  const creating = goals.some(({ kind }) => kind === "create");
  for (;;) {
    const references: ObjectReference[] = [];
    for (const target of targets) {
      if (target.kind === "object") references.push(target.reference);
      else for await (const page of listPages(api, target, values)) references.push(...itemsOf(page, target.resource));
    }
    if (references.length > 0 || !creating || deadline.aborted) return references;
    await session.clock.sleep(retryMs, AbortSignal.any([session.signal, deadline])).catch((error: unknown) => {
      if (!deadline.aborted) throw error;
    });
  }
}

export function parseGoal(text: string): Goal {
  const lower = text.toLowerCase();
  if (lower === "create" || lower === "delete") return { kind: lower };
  if (lower.startsWith("condition=")) {
    const [type = "", wanted = "true"] = text.slice("condition=".length).split("=");
    return { kind: "condition", test: (object) => hasCondition(object, type, wanted) };
  }
  if (lower.startsWith("jsonpath=")) return jsonPathGoal(text.slice("jsonpath=".length));
  throw new CommandError(`unrecognized condition: ${JSON.stringify(text)}`);
}

/** Conditions that an outdated controller wrote do not count. */
function hasCondition(object: JsonObject, type: string, wanted: string): boolean {
  const status = isRecord(object["status"]) ? object["status"] : {};
  const conditions = Array.isArray(status["conditions"]) ? status["conditions"].filter(isRecord) : [];
  const found = conditions.find((condition) => String(condition["type"]).toLowerCase() === type.toLowerCase());
  if (!found) return false;
  const generation = metadataOf(object)["generation"];
  const observed = found["observedGeneration"] ?? status["observedGeneration"];
  if (typeof generation === "number" && typeof observed === "number" && observed < generation) return false;
  return String(found["status"]).toLowerCase() === wanted.toLowerCase();
}

function jsonPathGoal(text: string): Goal {
  const match = /^('?)(\{[\s\S]*?\}|[^={}]+)\1(?:=(.*))?$/.exec(text);
  if (!match)
    throw new CommandError(
      "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'",
    );
  const [, , expression = "", wanted] = match;
  if (wanted === "") throw new CommandError("jsonpath wait has to have a value after equal sign");
  const path = new JsonPath(
    expression.startsWith("{") && /[?@]/.test(expression) ? expression : relaxedPath(expression),
    { allowMissingKeys: true },
  );
  const expected = wanted?.replace(/^(['"])([\s\S]*)\1$/, "$2");
  return {
    kind: "condition",
    test: (object) => {
      const found = path.find(object).flat();
      if (found.length === 0) return false;
      if (expected === undefined) return true;
      return found.length === 1 && typeof found[0] !== "object" && printValue(found[0]).trim() === expected;
    },
  };
}

async function waitFor(
  session: Session,
  reference: ObjectReference,
  goal: Goal,
  deadline: AbortSignal,
  leftMs: number,
): Promise<{ object: JsonObject; operation: string } | undefined> {
  const { resource, name } = reference;
  const timedOut = () => {
    if (goal.kind !== "create" && leftMs <= 0) {
      return new CommandError(`condition not met for ${resource.plural}/${name}`);
    }
    const place = goal.kind === "create" ? "" : ` on ${resource.plural}/${name}`;
    return new CommandError(`timed out waiting for the condition${place}`);
  };
  const plain = {
    apiVersion: resource.group === "" ? resource.version : `${resource.group}/${resource.version}`,
    kind: resource.kind,
    metadata: { name },
  };
  if (goal.kind === "delete") {
    if (!(await exists(session, reference))) return undefined;
    if (!(await waitForDeletion(session, reference, "", leftMs))) throw timedOut();
    return {
      object: plain,
      operation: resource.namespaced ? `deleted from ${reference.namespace} namespace` : "deleted",
    };
  }
  const test = goal.kind === "condition" ? goal.test : () => true;
  try {
    return {
      object: await waitForState(session, reference, test, goal.kind === "create", deadline),
      operation: "condition met",
    };
  } catch (error) {
    if (deadline.aborted && !session.signal.aborted) throw timedOut();
    throw error;
  }
}

async function exists(session: Session, { resource, namespace, name }: ObjectReference): Promise<boolean> {
  try {
    await (await session.api()).json({ path: pathOf(resource, namespace, name) });
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return false;
    throw error;
  }
}

async function waitForState(
  session: Session,
  reference: ObjectReference,
  test: (object: JsonObject) => boolean,
  mayBeMissing: boolean,
  deadline: AbortSignal,
): Promise<JsonObject> {
  const api = await session.api();
  const signal = AbortSignal.any([session.signal, deadline]);
  const { resource, namespace, name } = reference;
  for (;;) {
    const current = await api.json({ path: pathOf(resource, namespace, name) }).catch((error: unknown) => {
      if (mayBeMissing && error instanceof ApiError && error.code === 404) return undefined;
      throw error;
    });
    if (current && test(current)) return current;
    const query = {
      fieldSelector: `metadata.name=${name}`,
      resourceVersion: current ? String(metadataOf(current)["resourceVersion"] ?? "") : undefined,
    };
    for await (const { type, object } of api.watch({ path: pathOf(resource, namespace), query, signal })) {
      if (type === "ERROR") break;
      if (type !== "DELETED" && type !== "BOOKMARK" && test(object)) return object;
    }
    await session.clock.sleep(retryMs, signal);
  }
}
