import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandError, throwFailures, UsageError } from "../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../command-line/command.ts";
import { parseDryRun, parseValidation } from "../command-line/dry-run.ts";
import { booleanFlag, stringFlag } from "../command-line/flag.ts";
import {
  dryRunFlag,
  fieldManagerFlag,
  fileFlags,
  labelSelectorFlag,
  validateFlag,
  windowsLineEndingsFlag,
} from "../command-line/shared-flags.ts";
import { parseSelector } from "@kube-ts/api/selectors";
import { causeOf, recordFlag, withAnnotations } from "../builder/change-cause.ts";
import { withLastApplied } from "../builder/last-applied.ts";
import { parseManifests } from "../builder/manifests.ts";
import { labelsOf, locate, type LocatedObject, withoutResourceVersion } from "../builder/object-reference.ts";
import { pathOf } from "../builder/resource-mapper.ts";
import { locateManifests } from "../builder/resource-query.ts";
import { withSource } from "../builder/source-error.ts";
import { sendRaw } from "./send-raw.ts";
import { formatJson } from "../printers/json.ts";
import { formatYaml } from "../printers/yaml.ts";
import { outputFlags } from "../printers/object-printer.ts";
import { createResultPrinter } from "../printers/result-printer.ts";
import type { Session } from "../session/session.ts";

const flags = {
  ...outputFlags,
  ...fileFlags,
  ...labelSelectorFlag,
  ...dryRunFlag,
  ...validateFlag,
  ...fieldManagerFlag("kubectl-create"),
  ...recordFlag,
  edit: booleanFlag("Edit the API resource before creating"),
  raw: stringFlag("Raw URI to POST to the server. Uses the transport specified by the kubeconfig file."),
  "save-config": booleanFlag("If true, the configuration of current object will be saved in its annotation."),
  ...windowsLineEndingsFlag,
} as const;

type Values = Invocation<typeof flags>["flags"];

export const command = defineCommand({
  usage: "-f FILENAME",
  description: "Create a resource from a file or from stdin.\n\n JSON and YAML formats are accepted.",
  examples: "  # Create a pod using the data in pod.json\n  kubectl create -f ./pod.json",
  flags,
  run,
});

async function run(session: Session, invocation: Invocation<typeof flags>): Promise<void> {
  const { flags: values, positional } = invocation;
  if (values.filename.length === 0 && values.kustomize === "") {
    if (positional.length === 0) throw new CommandError("must specify one of -f and -k");
  }
  if (positional.length > 0) throw new UsageError(`Unexpected args: [${positional.join(" ")}]`);
  const dryRun = parseDryRun(session.terminal, values["dry-run"]);
  const fieldValidation = parseValidation(values.validate);
  const print = await createResultPrinter(values, dryRun);
  if (values.raw !== "") return sendRaw(session, "POST", values.raw, values.filename);
  const selector = parseSelector(values.selector);
  const broken: unknown[] = [];
  const given = await locateManifests(session, values, broken);
  const located = values.edit ? await edited(session, given, values) : given;
  const api = await session.api();
  const failures: unknown[] = [];
  const selected = located.filter(({ object }) => selector.matches(labelsOf(object)));
  if (selected.length === 0 && broken.length === 0 && !values.edit)
    throw new CommandError("no objects passed to create");
  for (const { resource, namespace, object, source } of selected) {
    const saved = values["save-config"] ? withLastApplied(object) : object;
    const body = withAnnotations(withoutResourceVersion(saved), causeOf(values, session.commandLine));
    try {
      const query = {
        fieldManager: values["field-manager"],
        fieldValidation,
        dryRun: dryRun === "server" ? "All" : undefined,
      };
      const created =
        dryRun === "client" ? body : await api.json({ method: "POST", path: pathOf(resource, namespace), query, body });
      await session.terminal.write(print(created, "created"));
    } catch (error) {
      failures.push(withSource(error, "creating", source));
    }
  }
  throwFailures([...failures, ...broken]);
}

/**
 * The objects after the user has changed them in an editor, one after the other; one that comes back as it was is not
 * created. What cannot be read afterwards is an error; nothing is created.
 */
async function edited(session: Session, given: readonly LocatedObject[], values: Values): Promise<LocatedObject[]> {
  const { editText } = await import("./edit-text.ts");
  const { introduction } = await import("./edit.ts");
  const asJson = values.output === "json";
  const directory = await mkdtemp(join(tmpdir(), "kubectl-create-"));
  const mapper = await session.mapper();
  const namespace = await session.namespace();
  const located: LocatedObject[] = [];
  try {
    const path = join(directory, `edit.${asJson ? "json" : "yaml"}`);
    for (const { object } of given) {
      const shown = asJson ? formatJson(object) : formatYaml(object);
      const text = await editText(session, path, (asJson ? "" : introduction) + shown, values["windows-line-endings"]);
      if (text.trim() === "") session.terminal.error("Edit cancelled, saved file was empty.\n");
      else if (text === shown) session.terminal.error("Edit cancelled, no changes made.\n");
      else for (const manifest of parseManifests(text, path)) located.push(await locate(manifest, mapper, namespace));
    }
    return located;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
