import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../command-line/command-error.ts";
import { defineCommand } from "../command-line/command.ts";
import { booleanFlag, repeatedFlag, stringFlag } from "../command-line/flag.ts";
import { formatYaml } from "../printers/yaml.ts";
import { buildKustomization } from "../kustomize/build.ts";
import type { JsonObject } from "../session/api.ts";

const pluginHelp = "Accepted for plugins only, which are not supported: refused when given.";

const flags = {
  "as-current-user": booleanFlag(pluginHelp),
  "enable-alpha-plugins": booleanFlag(pluginHelp),
  "enable-helm": booleanFlag(pluginHelp),
  env: repeatedFlag(pluginHelp, { short: "e" }),
  "helm-api-versions": repeatedFlag(pluginHelp),
  "helm-command": stringFlag(pluginHelp, { default: "helm" }),
  "helm-debug": booleanFlag(pluginHelp),
  "helm-kube-version": stringFlag(pluginHelp),
  "load-restrictor": stringFlag(
    "LoadRestrictionsNone lets kustomizations read files outside of their directories; they can then no longer be moved.",
    { default: "LoadRestrictionsRootOnly" },
  ),
  mount: repeatedFlag(pluginHelp),
  network: booleanFlag(pluginHelp),
  "network-name": stringFlag(pluginHelp, { default: "bridge" }),
  output: stringFlag("Where to write to: a file, or a directory that gets one file for each object.", { short: "o" }),
} as const;

const refused = [
  "as-current-user",
  "enable-alpha-plugins",
  "enable-helm",
  "env",
  "helm-api-versions",
  "helm-command",
  "helm-debug",
  "helm-kube-version",
  "mount",
  "network",
  "network-name",
] as const;

export const command = defineCommand({
  usage: "DIR [flags]",
  description:
    "Build the objects of a directory with a 'kustomization.yaml' file, by default those of the current one.",
  examples: "  # Build the current working directory\n  kubectl kustomize",
  flags,
  run: async (session, { flags: values, positional, changed }) => {
    if (positional.length > 1) throw new CommandError("specify one path to kustomization.yaml");
    const given = refused.find((name) => changed(name));
    if (given) throw new CommandError(`--${given} is not supported: there are no plugins and no Helm charts`);
    const restrictor = values["load-restrictor"];
    if (restrictor !== "LoadRestrictionsRootOnly" && restrictor !== "LoadRestrictionsNone") {
      throw new CommandError(
        `illegal flag value --load-restrictor ${restrictor}; legal values: [LoadRestrictionsRootOnly LoadRestrictionsNone]`,
      );
    }
    const objects = await buildKustomization(positional[0] ?? ".", {
      loadAnywhere: restrictor === "LoadRestrictionsNone",
      warn: (text) => session.terminal.error(text),
    });
    const text = () => objects.map((object) => formatYaml(object)).join("---\n");
    if (values.output === "") return session.terminal.write(text());
    if ((await stat(values.output).catch(() => undefined))?.isDirectory()) return writeEach(values.output, objects);
    await writeFile(values.output, text());
  },
});

async function writeEach(directory: string, objects: readonly JsonObject[]): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const object of objects) await writeFile(join(directory, fileName(object)), formatYaml(object));
}

/** `apps_v1_deployment_web.yaml`: nothing of it can lead out of the directory. */
function fileName(object: JsonObject): string {
  const { name = "", namespace = "" } = (object["metadata"] ?? {}) as { name?: string; namespace?: string };
  const apiVersion = String(object["apiVersion"] ?? "").replace("/", "_");
  const parts = [namespace, apiVersion, String(object["kind"] ?? ""), name].filter((part) => part !== "");
  return `${parts.join("_").toLowerCase().replace(/[/\\]/g, "_")}.yaml`;
}
