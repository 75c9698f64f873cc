import type { Taint, TaintEffect } from "@kube-ts/api/core/v1";
import { labelValueErrors, qualifiedNameErrors } from "@kube-ts/api/names";
import { metadataOf } from "../builder/object-reference.ts";
import { recordAt } from "../builder/pod-template.ts";
import { pathOf } from "../builder/resource-mapper.ts";
import { findObjects } from "../builder/resource-query.ts";
import { CommandError, throwFailures, UsageError } from "../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../command-line/command.ts";
import { parseDryRun, parseValidation } from "../command-line/dry-run.ts";
import { booleanFlag } from "../command-line/flag.ts";
import { dryRunFlag, fieldManagerFlag, labelSelectorFlag, validateFlag } from "../command-line/shared-flags.ts";
import { outputFlags } from "../printers/object-printer.ts";
import { createResultPrinter } from "../printers/result-printer.ts";
import type { Session } from "../session/session.ts";

const flags = {
  ...outputFlags,
  ...labelSelectorFlag,
  ...dryRunFlag,
  ...validateFlag,
  ...fieldManagerFlag("kubectl-taint"),
  all: booleanFlag("Select all nodes in the cluster"),
  overwrite: booleanFlag(
    "If true, allow taints to be overwritten, otherwise reject taint updates that overwrite existing taints.",
  ),
} as const;

export const command = defineCommand({
  usage: "NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N",
  description: "Update the taints on one or more nodes.",
  examples: `  # Update node 'foo' with a taint with key 'dedicated' and value 'special-user' and effect 'NoSchedule'
  kubectl taint nodes foo dedicated=special-user:NoSchedule
  # Remove from node 'foo' all the taints with key 'dedicated'
  kubectl taint nodes foo dedicated-`,
  flags,
  run,
});

/** Taints to set, and those to remove, whose empty effect stands for all effects of the key. */
export interface TaintChange {
  readonly add: readonly Taint[];
  readonly remove: readonly { readonly key: string; readonly effect: string }[];
}

const effects: readonly TaintEffect[] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

async function run(session: Session, { flags: values, positional }: Invocation<typeof flags>): Promise<void> {
  if (positional.length === 0) throw new CommandError("one or more resources must be specified as <resource> <name>");
  const isChange = (each: string) => /[=:]/.test(each) || each.endsWith("-");
  const first = positional.findIndex((each) => isChange(each));
  if (first < 0) throw new CommandError("at least one taint update is required");
  const names = positional.slice(0, first);
  const change = parseTaints(positional.slice(first));
  const [type = ""] = names;
  if (!["node", "nodes", "no"].includes(type.split("/")[0]?.toLowerCase() ?? "")) {
    throw new CommandError(`invalid resource type ${type}, only node types are supported`);
  }
  const dryRun = parseDryRun(session.terminal, values["dry-run"]);
  const fieldValidation = parseValidation(values.validate);
  const print = await createResultPrinter(values);
  const failures: unknown[] = [];
  const api = await session.api();
  const found = await findObjects(session, names, values, failures);
  const operation = change.remove.length === 0 ? "tainted" : change.add.length === 0 ? "untainted" : "modified";
  for (const { resource, name, object } of found) {
    try {
      const old = (recordAt(object, ["spec"])["taints"] ?? []) as readonly Taint[];
      const { taints, overwritten } = applyTaints(name, old, change, values.overwrite);
      const patch = { metadata: { resourceVersion: metadataOf(object)["resourceVersion"] }, spec: { taints } };
      const result =
        dryRun === "client"
          ? { ...object, spec: { ...recordAt(object, ["spec"]), taints } }
          : await api.json({
              method: "PATCH",
              path: pathOf(resource, "", name),
              query: {
                fieldManager: values["field-manager"],
                fieldValidation,
                dryRun: dryRun === "server" ? "All" : undefined,
              },
              body: patch,
              contentType: "application/merge-patch+json",
            });
      await session.terminal.write(print(result, overwritten ? "modified" : operation));
    } catch (error) {
      failures.push(error);
    }
  }
  throwFailures(failures);
}

/** Reads `key=value:effect`, `key:effect-` and `key-`. Throws a UsageError or CommandError. */
export function parseTaints(texts: readonly string[]): TaintChange {
  const add: Taint[] = [];
  const remove: { key: string; effect: string }[] = [];
  for (const text of texts) {
    const removing = text.endsWith("-");
    const [pair = "", effect = "", ...more] = (removing ? text.slice(0, -1) : text).split(":");
    const [key = "", value = "", ...rest] = pair.split("=");
    if (more.length > 0 || rest.length > 0) throw new UsageError(`invalid taint spec: ${text}`);
    const [problem] = [...qualifiedNameErrors(key), ...labelValueErrors(value)];
    if (problem !== undefined) throw new UsageError(`invalid taint spec: ${text}, ${problem}`);
    if (effect === "" && !removing) throw new UsageError(`invalid taint spec: ${text}`);
    const known = effects.find((each) => each === effect);
    if (effect !== "" && known === undefined) {
      throw new UsageError(`invalid taint effect: ${effect}, unsupported taint effect`);
    }
    if (removing) remove.push({ key, effect });
    else if (known === undefined || add.some((each) => each.key === key && each.effect === effect)) {
      throw new UsageError(`duplicated taints with the same key and effect: ${key}`);
    } else add.push({ key, ...(value !== "" && { value }), effect: known });
  }
  const both = add.filter((taint) => remove.some((each) => each.key === taint.key && covers(each.effect, taint)));
  if (both.length > 0) {
    throw new CommandError(
      `can not both modify and remove the following taint(s) in the same command: ${both.map(({ key }) => `${key}=`).join(",")}`,
    );
  }
  return { add, remove };
}

function covers(effect: string, taint: Taint): boolean {
  return effect === "" || effect === taint.effect;
}

/** The taints of a node after a change. Throws a CommandError for what is there already, or missing. */
export function applyTaints(
  node: string,
  old: readonly Taint[],
  { add, remove }: TaintChange,
  overwrite: boolean,
): { readonly taints: readonly Taint[]; readonly overwritten: boolean } {
  const same = (a: Taint, b: Taint) => a.key === b.key && a.effect === b.effect;
  const present = add.filter((taint) => old.some((each) => same(each, taint)));
  if (present.length > 0 && !overwrite) {
    throw new CommandError(
      `node ${node} already has ${present.map(({ key }) => key).join(",")} taint(s) with same effect(s) and --overwrite is false`,
    );
  }
  for (const { key, effect } of remove) {
    if (old.some((taint) => taint.key === key && covers(effect, taint))) continue;
    throw new CommandError(`taint ${JSON.stringify(effect === "" ? key : `${key}:${effect}`)} not found`);
  }
  const kept = old.filter(
    (taint) =>
      !add.some((each) => same(each, taint)) &&
      !remove.some(({ key, effect }) => key === taint.key && covers(effect, taint)),
  );
  return { taints: [...add, ...kept], overwritten: present.length > 0 };
}
