import { isRecord } from "@kube-ts/std/config-schema";
import { environmentNameErrors } from "../../builder/env-names.ts";
import { containersOf, podSpecPath, recordAt } from "../../builder/pod-template.ts";
import { findObjects } from "../../builder/resource-query.ts";
import { CommandError, throwFailures } from "../../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../../command-line/command.ts";
import { booleanFlag, listFlag, repeatedFlag, stringFlag } from "../../command-line/flag.ts";
import { safeText } from "../../printers/terminal-text.ts";
import type { JsonObject } from "../../session/api.ts";
import type { Session } from "../../session/session.ts";
import {
  changeFlags,
  changeObjects,
  mapContainers,
  nameMatcher,
  objectsToChange,
  withPodSpec,
} from "./change-objects.ts";
import { listEnvironment } from "./env-listing.ts";

const flags = {
  ...changeFlags,
  containers: stringFlag("The names of containers in the selected pod templates to change - may use wildcards", {
    short: "c",
    default: "*",
  }),
  env: repeatedFlag("Specify a key-value pair for an environment variable to set into each container.", {
    short: "e",
  }),
  from: stringFlag("The name of a resource from which to inject environment variables"),
  keys: listFlag("Comma-separated list of keys to import from specified resource"),
  list: booleanFlag("If true, display the environment and any changes in the standard format."),
  overwrite: booleanFlag("If true, allow environment to be overwritten, otherwise reject updates that overwrite.", {
    default: true,
  }),
  prefix: stringFlag("Prefix to append to variable names"),
  resolve: booleanFlag("If true, show secret or configmap references when listing variables"),
} as const;

type Values = Invocation<typeof flags>["flags"];

export const command = defineCommand({
  usage: "RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N",
  description: "Update environment variables on a pod template.",
  examples: `  # Update deployment 'registry' with a new environment variable
  kubectl set env deployment/registry STORAGE_DIR=/local
  # List the environment variables defined on all pods
  kubectl set env pods --all --list`,
  flags,
  run,
});

/** What is to become of the variables of a container. */
interface EnvironmentChange {
  readonly set: readonly JsonObject[];
  readonly remove: readonly string[];
}

async function run(session: Session, { flags: values, positional }: Invocation<typeof flags>): Promise<void> {
  const isPair = (each: string) => each.includes("=") || (each.endsWith("-") && each.length > 1);
  const resources = positional.filter((each) => !isPair(each));
  if (values.list && values.output !== "") throw new CommandError("--list and --output may not be specified together");
  if (values.keys.length > 0 && values.from === "") {
    throw new CommandError("when specifying --keys, a configmap or secret must be provided with --from");
  }
  if (resources.length === 0 && values.filename.length === 0 && values.kustomize === "" && !values.local) {
    throw new CommandError("one or more resources must be specified as <resource> <name> or <resource>/<name>");
  }
  const given = parseVariables(await withInput(session, [...positional.filter(isPair), ...values.env]));
  const change = { set: [...given.set, ...(await variablesFrom(session, values))], remove: given.remove };
  if (values.list) return list(session, resources, values, change);
  await changeObjects(session, {
    resources,
    flags: values,
    word: "env",
    change: (item) => {
      warnUnmatched(session, item, values.containers);
      return changeItem(item, values, change);
    },
  });
}

type Item = Parameters<typeof withPodSpec>[0];

function changeItem(item: Item, values: Values, change: EnvironmentChange): JsonObject {
  const matches = nameMatcher(values.containers);
  const where = `${item.resource.plural}/${item.name}`;
  return withPodSpec(item, (spec) =>
    mapContainers(spec, (container) =>
      matches(container) ? changeContainer(container, change, values, where) : container,
    ),
  );
}

function warnUnmatched(session: Session, { resource, name, object }: Item, pattern: string): void {
  const spec = recordAt(object, podSpecPath(resource.kind) ?? []);
  if (containersOf(spec).some(nameMatcher(pattern))) return;
  session.terminal.error(
    `Warning: ${resource.kind}/${safeText(name)} does not have any containers matching ${JSON.stringify(pattern)}\n`,
  );
}

async function list(session: Session, resources: readonly string[], values: Values, change: EnvironmentChange) {
  const failures: unknown[] = [];
  for (const item of await objectsToChange(session, resources, values, failures)) {
    try {
      await listEnvironment(
        session,
        { ...item, object: changeItem(item, values, change) },
        { containers: values.containers, resolve: values.resolve },
      );
    } catch (error) {
      failures.push(error);
    }
  }
  throwFailures(failures);
}

/** The variables with those in standard input, where `-` asks for it. */
async function withInput(session: Session, pairs: readonly string[]): Promise<string[]> {
  if (!pairs.includes("-")) return [...pairs];
  const lines = (await session.terminal.readStdin()).split("\n").filter((line) => line.trim() !== "");
  return [...pairs.filter((pair) => pair !== "-"), ...lines];
}

/** Reads `A=b` and `A-`. Throws a CommandError. */
export function parseVariables(pairs: readonly string[]): EnvironmentChange {
  const set: JsonObject[] = [];
  const remove: string[] = [];
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    if (equals < 0 && !pair.endsWith("-")) throw new CommandError(`unknown argument: ${pair}`);
    const name = equals < 0 ? pair.slice(0, -1) : pair.slice(0, equals);
    const [problem] = environmentNameErrors(name);
    if (problem !== undefined) throw new CommandError(`${JSON.stringify(name)} is not a valid key name: ${problem}`);
    if (equals < 0) remove.push(name);
    else set.push({ name, value: pair.slice(equals + 1) });
  }
  if (set.some(({ name }) => remove.includes(String(name)))) {
    throw new CommandError("can not both modify and remove the same environment variable in the same command");
  }
  return { set, remove };
}

/** One variable for each key of the config map or secret that `--from` names. */
async function variablesFrom(session: Session, values: Values): Promise<JsonObject[]> {
  if (values.from === "") return [];
  const failures: unknown[] = [];
  const found = await findObjects(session, [values.from], {}, failures);
  throwFailures(failures);
  return found.flatMap(({ resource, name, object }) => {
    if (resource.kind !== "ConfigMap" && resource.kind !== "Secret") {
      throw new CommandError(`unsupported resource specified in --from: ${values.from}`);
    }
    const reference = resource.kind === "Secret" ? "secretKeyRef" : "configMapKeyRef";
    const keys = Object.keys(recordAt(object, ["data"])).toSorted();
    return keys
      .filter((key) => values.keys.length === 0 || values.keys.includes(key))
      .map((key) => {
        const variable = key.replace(/[^a-zA-Z0-9_]/g, "_").toUpperCase();
        if (variable !== key) session.terminal.error(`Warning: key ${safeText(key)} transferred to ${variable}\n`);
        return { name: values.prefix + variable, valueFrom: { [reference]: { key, name } } };
      });
  });
}

/** A container with its variables replaced in place, added at the end, or removed. Throws a CommandError. */
function changeContainer(
  container: JsonObject,
  { set, remove }: EnvironmentChange,
  values: Values,
  where: string,
): JsonObject {
  const env = Array.isArray(container["env"]) ? container["env"].filter(isRecord) : [];
  const named = new Map(env.map((each) => [String(each["name"]), each] as const));
  for (const variable of set) {
    const name = String(variable["name"]);
    const known = named.get(name);
    if (known && !values.overwrite && known["value"] !== variable["value"]) {
      throw new CommandError(
        `${where} '${name}' already has a value (${String(known["value"] ?? "")}), and --overwrite is false`,
      );
    }
    named.set(name, variable);
  }
  for (const name of remove) named.delete(name);
  if (named.size === 0) {
    const { env: _env, ...rest } = container;
    return rest;
  }
  return { ...container, env: [...named.values()] };
}
