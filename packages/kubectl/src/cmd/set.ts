import { isRecord } from "@kube-ts/std/config-schema";
import { pathOf } from "../builder/resource-mapper.ts";
import { fetchAll, resolveTargets } from "../builder/resource-query.ts";
import { CommandError, throwFailures, UsageError } from "../command-line/command-error.ts";
import { type Command, defineCommand, type Invocation } from "../command-line/command.ts";
import { parseDryRun } from "../command-line/dry-run.ts";
import { booleanFlag, repeatedFlag, stringFlag } from "../command-line/flag.ts";
import { dryRunFlag, fieldManagerFlag, fileFlags, labelSelectorFlag } from "../command-line/shared-flags.ts";
import { outputFlags } from "../printers/object-printer.ts";
import { createResultPrinter } from "../printers/result-printer.ts";
import type { JsonObject } from "../session/api.ts";
import type { Session } from "../session/session.ts";
import { containersOf, nested, podSpecPath, recordAt } from "./pod-template.ts";

export const command: Command = {
  usage: "SUBCOMMAND",
  description: "Configure application resources.",
  flags: {},
  run: async (session, { positional }) => {
    const [name] = positional;
    if (name !== undefined) throw new UsageError(`unknown command ${JSON.stringify(name)}`);
    await session.terminal.write("Configure application resources: env, image or resources.\n");
  },
};

const baseFlags = {
  ...outputFlags,
  ...fileFlags,
  ...labelSelectorFlag,
  ...dryRunFlag,
  ...fieldManagerFlag("kubectl-set"),
  all: booleanFlag("If true, select all resources in the namespace of the specified resource types"),
} as const;

type BaseValues = Invocation<typeof baseFlags>["flags"];

/** What to change of one container: a strategic merge of it, undefined for nothing. */
type ContainerPlan = (container: JsonObject) => JsonObject | undefined;

async function patchContainers(
  session: Session,
  resources: readonly string[],
  flags: BaseValues,
  word: string,
  plan: ContainerPlan,
): Promise<void> {
  const dryRun = parseDryRun(session.terminal, flags["dry-run"]);
  const print = await createResultPrinter(flags, dryRun);
  const failures: unknown[] = [];
  const found = await fetchAll(session, await resolveTargets(session, resources, flags), flags, failures);
  const api = await session.api();
  for (const { resource, namespace, name, object } of found) {
    const path = podSpecPath(resource.kind);
    try {
      if (!path) throw new CommandError(`${resource.plural}/${name} does not have a pod template`);
      const spec = recordAt(object, path);
      const patch: JsonObject = {};
      for (const field of ["containers", "initContainers"]) {
        const changes = containersOf({ [field]: spec[field] }).flatMap((each) => {
          const change = plan(each);
          return change ? [{ name: each["name"], ...change }] : [];
        });
        if (changes.length > 0) patch[field] = changes;
      }
      if (Object.keys(patch).length === 0) continue;
      const result =
        dryRun === "client"
          ? object
          : await api.json({
              method: "PATCH",
              path: pathOf(resource, namespace, name),
              query: { fieldManager: flags["field-manager"], dryRun: dryRun === "server" ? "All" : undefined },
              body: nested(path, patch),
              contentType: "application/strategic-merge-patch+json",
            });
      await session.terminal.write(print(result, `${word} updated`));
    } catch (error) {
      failures.push(error);
    }
  }
  throwFailures(failures);
}

function split(positional: readonly string[]): { resources: string[]; pairs: string[] } {
  const isPair = (arg: string) => arg.includes("=") || (arg.endsWith("-") && arg.length > 1);
  return { resources: positional.filter((arg) => !isPair(arg)), pairs: positional.filter(isPair) };
}

export const image = defineCommand({
  usage: "(-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N",
  description: "Update existing container image(s) of resources.",
  flags: baseFlags,
  run: async (session, { flags, positional }) => {
    const { resources, pairs } = split(positional);
    if (pairs.length === 0) throw new CommandError("at least one image update is required");
    const images = new Map(
      pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)] as const),
    );
    const met = new Set<string>();
    await patchContainers(session, resources, flags, "image", (container) => {
      const name = String(container["name"]);
      const key = images.has(name) ? name : "*";
      const wanted = images.get(key);
      if (wanted === undefined) return undefined;
      met.add(key);
      return container["image"] === wanted ? undefined : { image: wanted };
    });
    const missing = [...images.keys()].filter((name) => !met.has(name));
    if (missing.length > 0) throw new CommandError(`unable to find container named ${JSON.stringify(missing[0])}`);
  },
});

export const env = defineCommand({
  usage: "RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N",
  description: "Update environment variables on a pod template.",
  flags: {
    ...baseFlags,
    containers: stringFlag("The names of containers in the selected pod templates to change, may use wildcards", {
      short: "c",
      default: "*",
    }),
    env: repeatedFlag("Specify a key-value pair for an environment variable to set into each container.", {
      short: "e",
    }),
    list: booleanFlag("If true, display the environment and any changes in the standard format."),
  },
  run: async (session, { flags, positional }) => {
    const { resources, pairs } = split(positional);
    const changes = [...pairs, ...flags.env];
    if (changes.length === 0 && !flags.list)
      throw new CommandError("at least one environment variable must be provided");
    const matches = new RegExp(`^${flags.containers.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`);
    await patchContainers(session, resources, flags, "env", (container) => {
      if (!matches.test(String(container["name"])) || changes.length === 0) return undefined;
      return {
        env: changes.map((pair) => {
          const equals = pair.indexOf("=");
          return equals < 0
            ? { name: pair.slice(0, -1), $patch: "delete" }
            : { name: pair.slice(0, equals), value: pair.slice(equals + 1), valueFrom: null };
        }),
      };
    });
  },
});

export const resources = defineCommand({
  usage: "(-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]",
  description: "Specify compute resource requirements (CPU, memory) for any resource that defines a pod template.",
  flags: {
    ...baseFlags,
    containers: stringFlag("The names of containers in the selected pod templates to change", {
      short: "c",
      default: "*",
    }),
    limits: stringFlag("The resource requirement requests for this container. For example, 'cpu=100m,memory=256Mi'."),
    requests: stringFlag("The resource requirement requests for this container. For example, 'cpu=100m,memory=256Mi'."),
  },
  run: async (session, { flags, positional }) => {
    if (flags.limits === "" && flags.requests === "")
      throw new CommandError("you must specify an update to requests or limits (in the form of --requests/--limits)");
    const change = {
      ...(flags.limits !== "" && { limits: amounts(flags.limits) }),
      ...(flags.requests !== "" && { requests: amounts(flags.requests) }),
    };
    await patchContainers(session, positional, flags, "resource requirements", (container) => {
      return flags.containers === "*" || container["name"] === flags.containers ? { resources: change } : undefined;
    });
  },
});

function amounts(text: string): JsonObject {
  const pairs = text.split(",").map((pair) => {
    const [name = "", value] = pair.split("=");
    if (value === undefined) throw new CommandError(`Invalid argument syntax ${pair}, expected <resource>=<value>`);
    return [name, value] as const;
  });
  const result: unknown = Object.fromEntries(pairs);
  return isRecord(result) ? result : {};
}
