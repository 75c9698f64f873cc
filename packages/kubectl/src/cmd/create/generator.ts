import { ApiError } from "@kube-ts/api/status-error";
import { CommandError, UsageError } from "../../command-line/command-error.ts";
import type { Command, Invocation } from "../../command-line/command.ts";
import { parseDryRun, parseValidation } from "../../command-line/dry-run.ts";
import { booleanFlag, type Flags } from "../../command-line/flag.ts";
import { dryRunFlag, fieldManagerFlag, validateFlag } from "../../command-line/shared-flags.ts";
import { withGenerated } from "../../builder/last-applied.ts";
import { metadataOf } from "../../builder/object-reference.ts";
import { pathOf } from "../../builder/resource-mapper.ts";
import { outputFlags } from "../../printers/object-printer.ts";
import { createResultPrinter } from "../../printers/result-printer.ts";
import type { JsonObject } from "../../session/api.ts";
import type { Session } from "../../session/session.ts";

const generatorFlags = {
  ...outputFlags,
  ...dryRunFlag,
  ...validateFlag,
  ...fieldManagerFlag("kubectl-create"),
  "save-config": booleanFlag(
    "If true, the configuration of current object will be saved in its annotation. Otherwise, the annotation will be unchanged.",
  ),
} as const;

interface Generator<F extends Flags> {
  readonly usage: string;
  readonly description: string;
  readonly examples?: string;
  readonly flags: F;
  /** Flags that must be given. */
  readonly required?: readonly string[];
  /** What a refusal is introduced with, such as `failed to create deployment: `. */
  readonly failure?: string;
  /** Whether arguments after the name, such as a container's command, are taken. */
  readonly takesCommand?: boolean;
  /** The object to create, its keys in the order in which the API has them. Throws a CommandError. */
  readonly build: (input: GeneratorInput<F>) => Promise<JsonObject> | JsonObject;
}

export interface GeneratorInput<F extends Flags> extends Invocation<F> {
  readonly name: string;
  /** What follows the name. */
  readonly rest: readonly string[];
  readonly session: Session;
}

/** A command that creates one object from its flags. */
export function defineGenerator<const F extends Flags>(generator: Generator<F>): Command {
  const flags = { ...generatorFlags, ...generator.flags };
  return {
    usage: generator.usage,
    description: generator.description,
    ...(generator.examples !== undefined && { examples: generator.examples }),
    flags,
    run: (session, invocation) => runGenerator(session, invocation as unknown as Invocation<typeof flags>, generator),
  };
}

async function runGenerator<F extends Flags>(
  session: Session,
  invocation: Invocation<typeof generatorFlags & F>,
  generator: Generator<F>,
): Promise<void> {
  const missing = (generator.required ?? []).filter((name) => !invocation.changed(name));
  if (missing.length > 0) {
    throw new CommandError(`required flag(s) ${missing.map((name) => JSON.stringify(name)).join(", ")} not set`);
  }
  const { positional, dashIndex } = invocation;
  const names = dashIndex === undefined ? positional.length : dashIndex;
  if (generator.takesCommand ? names < 1 || (dashIndex !== undefined && names > 1) : positional.length !== 1) {
    throw new UsageError(`exactly one NAME is required, got ${generator.takesCommand ? names : positional.length}`);
  }
  if (generator.takesCommand && dashIndex === undefined && names !== 1) {
    throw new UsageError(`exactly one NAME is required, got ${names}`);
  }
  const input = {
    ...(invocation as unknown as Invocation<F>),
    name: positional[0] ?? "",
    rest: positional.slice(1),
    session,
  };
  await createGenerated(
    session,
    invocation as unknown as Invocation<typeof generatorFlags>,
    await generator.build(input),
  ).catch((error: unknown) => {
    if (generator.failure === undefined || !(error instanceof ApiError)) throw error;
    throw new CommandError(generator.failure + error.message, { cause: error });
  });
}

/** Creates a generated object, or only prints it, as the flags say. */
async function createGenerated(
  session: Session,
  { flags }: Invocation<typeof generatorFlags>,
  built: JsonObject,
): Promise<void> {
  const dryRun = parseDryRun(session.terminal, flags["dry-run"]);
  const print = await createResultPrinter(flags, dryRun, { keepOrder: true });
  const { name: namespace, explicit } = await session.namespace();
  const namespaced = !clusterScoped.has(String(built["kind"]));
  const placed = namespaced && explicit ? inNamespace(built, namespace) : built;
  // Of services, upstream records only what is sent.
  const recorded = flags["save-config"] && !(dryRun === "client" && built["kind"] === "Service");
  const object = recorded ? withGenerated(placed) : placed;
  if (dryRun === "client") return session.terminal.write(print(object, "created"));
  const [apiVersion, kind] = [String(object["apiVersion"]), String(object["kind"])];
  const resource = await (await session.mapper()).forKind(apiVersion, kind);
  if (!resource) {
    throw new CommandError(`no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`);
  }
  const created = await (
    await session.api()
  ).json({
    method: "POST",
    path: pathOf(resource, namespace),
    query: {
      fieldManager: flags["field-manager"],
      fieldValidation: parseValidation(flags.validate),
      dryRun: dryRun === "server" ? "All" : undefined,
    },
    body: namespaced ? inNamespace(object, namespace) : object,
  });
  await session.terminal.write(print(created, "created"));
}

const clusterScoped: ReadonlySet<string> = new Set(["Namespace", "ClusterRole", "ClusterRoleBinding", "PriorityClass"]);

function inNamespace(object: JsonObject, namespace: string): JsonObject {
  const { name, ...rest } = metadataOf(object);
  return { ...object, metadata: { name, namespace, ...rest } };
}
