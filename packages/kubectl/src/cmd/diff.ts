import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiError } from "@kube-ts/api/status-error";
import { parseSelector } from "@kube-ts/api/selectors";
import { lastAppliedAnnotation } from "@kube-ts/api/well-known-labels";
import { lastApplied, withLastApplied } from "../builder/last-applied.ts";
import { labelsOf, type LocatedObject, metadataOf } from "../builder/object-reference.ts";
import { apiVersionOf, pathOf } from "../builder/resource-mapper.ts";
import { getObject, locateManifests } from "../builder/resource-query.ts";
import { CommandError, ExitStatus } from "../command-line/command-error.ts";
import { reportError } from "../command-line/report-error.ts";
import { defineCommand, type Invocation } from "../command-line/command.ts";
import { booleanFlag, integerFlag, repeatedFlag } from "../command-line/flag.ts";
import { fieldManagerFlag, fileFlags, labelSelectorFlag } from "../command-line/shared-flags.ts";
import { safeText } from "../printers/terminal-text.ts";
import { formatYaml } from "../printers/yaml.ts";
import type { JsonObject } from "../session/api.ts";
import type { Session } from "../session/session.ts";
import { threeWayPatch } from "./apply-patch.ts";
import { unwanted } from "./apply-prune.ts";

const flags = {
  ...fileFlags,
  ...labelSelectorFlag,
  ...fieldManagerFlag("kubectl-client-side-apply"),
  concurrency: integerFlag("Number of objects to process in parallel when diffing against the live version.", {
    default: 1,
  }),
  "force-conflicts": booleanFlag("If true, server-side apply will force the changes against conflicts."),
  prune: booleanFlag("Show also what apply --prune with the same selector would delete."),
  "prune-allowlist": repeatedFlag("The kinds that are pruned, as <group/version/kind>; the usual ones by default."),
  "server-side": booleanFlag("If true, apply runs in the server instead of the client."),
  "show-managed-fields": booleanFlag("If true, include managed fields in the diff."),
  "show-secrets": booleanFlag("If true, show the values of Secrets in the diff without masking."),
} as const;

type Values = Invocation<typeof flags>["flags"];

export const command = defineCommand({
  usage: "-f FILENAME",
  description:
    "Diff configurations specified by file name or stdin between the current online configuration, and the configuration as it would be if applied. Exit status: 0 no differences, 1 differences, greater than 1 on failure.",
  examples: "  # Diff resources included in pod.json\n  kubectl diff -f pod.json",
  flags,
  run: async (session, { flags: values, positional }) => {
    try {
      if (positional.length > 0) throw new CommandError(`Unexpected args: [${positional.join(" ")}]`);
      await run(session, values);
    } catch (error) {
      // A status of one says that there are differences; failures have a higher one.
      if (error instanceof ExitStatus) throw error;
      session.terminal.error(reportError(error, session.commandPath).text);
      throw new ExitStatus(2);
    }
  },
});

/** The live object, undefined for none, and the object as it would be. */
interface Pair {
  readonly item: LocatedObject;
  readonly live: JsonObject | undefined;
  readonly merged: JsonObject;
}

async function run(session: Session, values: Values): Promise<void> {
  if (values.filename.length === 0 && values.kustomize === "") throw new CommandError("must specify one of -f and -k");
  if (values["force-conflicts"] && !values["server-side"]) {
    throw new CommandError("--force-conflicts only works with --server-side");
  }
  if (values.concurrency < 1) throw new CommandError("--concurrency must be greater than zero");
  const selector = parseSelector(values.selector);
  const located = (await locateManifests(session, values)).filter(({ object }) => selector.matches(labelsOf(object)));
  const pairs: Pair[] = [];
  for (let start = 0; start < located.length; start += values.concurrency) {
    const batch = located.slice(start, start + values.concurrency);
    pairs.push(...(await Promise.all(batch.map((item) => predict(session, item, values)))));
  }
  const before = await mkdtemp(join(tmpdir(), "LIVE-"));
  const after = await mkdtemp(join(tmpdir(), "MERGED-"));
  try {
    for (const { item, live, merged } of pairs) {
      const { resource, namespace, name } = item;
      const file = [apiVersionOf(resource).replace("/", "."), resource.kind, namespace, name].join(".");
      const [old, next] = present(live, merged, values);
      if (old) await writeFile(join(before, file), formatYaml(old), { mode: 0o600 });
      await writeFile(join(after, file), formatYaml(next), { mode: 0o600 });
    }
    if (values.prune) await writePruned(session, located, before, values);
    await compare(session, before, after);
  } finally {
    for (const directory of [before, after]) await rm(directory, { recursive: true, force: true });
  }
}

/** Writes what would be pruned to where it is compared with nothing. */
async function writePruned(
  session: Session,
  located: readonly LocatedObject[],
  directory: string,
  values: Values,
): Promise<void> {
  const { selector, "prune-allowlist": allowlist } = values;
  for await (const { resource, namespace, name, object } of unwanted(session, located, { selector, allowlist })) {
    const file = [apiVersionOf(resource).replace("/", "."), resource.kind, namespace, name].join(".");
    const [shown] = present(object, object, { ...values, "show-managed-fields": true });
    if (shown) await writeFile(join(directory, file), formatYaml(shown), { mode: 0o600 });
  }
}

/** Asks the server, without storing anything, what an object would become. */
async function predict(session: Session, item: LocatedObject, values: Values): Promise<Pair> {
  const api = await session.api();
  const live = await getObject(api, item).catch((error: unknown) => {
    if (error instanceof ApiError && error.reason === "NotFound") return undefined;
    throw error;
  });
  const path = pathOf(item.resource, item.namespace, item.name);
  const query = { fieldManager: values["field-manager"], dryRun: "All" };
  if (values["server-side"]) {
    const merged = await api.json({
      method: "PATCH",
      path,
      query: { ...query, force: values["force-conflicts"] },
      body: item.object,
      contentType: "application/apply-patch+yaml",
    });
    return { item, live, merged };
  }
  if (!live) {
    const collection = pathOf(item.resource, item.namespace);
    return { item, live, merged: await api.json({ method: "POST", path: collection, query, body: item.object }) };
  }
  const applied = lastApplied(live);
  const patch = threeWayPatch(item.resource, applied, applied ? withLastApplied(item.object) : item.object, live, true);
  if (!patch) return { item, live, merged: live };
  const { body, contentType } = patch;
  const merged = await api.json({ method: "PATCH", path, query, body, contentType });
  const { annotations: _annotations, ...rest } = metadataOf(merged);
  // What records the application is not a difference that anybody asked about.
  return { item, live, merged: { ...merged, metadata: { ...rest, ...annotationsLike(live, merged) } } };
}

function annotationsLike(live: JsonObject, merged: JsonObject): JsonObject {
  const key = lastAppliedAnnotation;
  const old = (metadataOf(live)["annotations"] ?? {}) as JsonObject;
  const { [key]: _record, ...next } = (metadataOf(merged)["annotations"] ?? {}) as JsonObject;
  const annotations = { ...next, ...(key in old && { [key]: old[key] }) };
  return Object.keys(annotations).length === 0 ? {} : { annotations };
}

/** Both objects as they may be shown. */
function present(
  live: JsonObject | undefined,
  merged: JsonObject,
  values: Values,
): [JsonObject | undefined, JsonObject] {
  const [old, next] = [live, merged].map((object) => {
    if (!object || values["show-managed-fields"]) return object;
    const { managedFields: _fields, ...metadata } = metadataOf(object);
    return { ...object, metadata };
  });
  if (values["show-secrets"] || merged["kind"] !== "Secret") return [old, next ?? merged];
  return maskSecrets(old, next ?? merged);
}

/** The values of secrets hidden; where they differ, what they are now and what they would be can be told apart. */
export function maskSecrets(live: JsonObject | undefined, merged: JsonObject): [JsonObject | undefined, JsonObject] {
  const old = (live?.["data"] ?? {}) as JsonObject;
  const next = (merged["data"] ?? {}) as JsonObject;
  const mask = (data: JsonObject, other: JsonObject, suffix: string) =>
    Object.fromEntries(
      Object.keys(data).map((key) => {
        const changed = key in other && other[key] !== data[key];
        return [key, changed ? `*** (${suffix})` : "***"] as const;
      }),
    );
  return [
    live && (live["data"] === undefined ? live : { ...live, data: mask(old, next, "before") }),
    merged["data"] === undefined ? merged : { ...merged, data: mask(next, old, "after") },
  ];
}

/** Runs the program for comparisons; its status becomes this one's. */
async function compare(session: Session, before: string, after: string): Promise<void> {
  const external = (session.env["KUBECTL_EXTERNAL_DIFF"] ?? "").split(" ").filter((part) => part !== "");
  const [program = "diff", ...args] = external;
  // Anything but plain words in the variable is left out, so that it cannot smuggle in what a shell would see.
  const plain = args.filter((argument) => /^[a-zA-Z0-9=-]+$/.test(argument));
  const options = external.length === 0 ? ["-u", "-N"] : plain;
  const child = spawn(program, [...options, before, after], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  ended.catch(() => {});
  for await (const chunk of child.stdout) {
    await session.terminal.write(safeText((chunk as Buffer).toString("utf8")));
  }
  const code = await ended.catch((cause: unknown) => {
    throw new CommandError(`failed to run ${JSON.stringify(program)}: ${String(cause)}`, { cause });
  });
  if (code === 0) return;
  if (code === 1) throw new ExitStatus(1);
  throw new CommandError(`${program} ended with status ${code ?? "unknown"}`);
}
