import type { ApiResource } from "../builder/discovery.ts";
import { apiVersionOf, qualifiedPlural } from "../builder/resource-mapper.ts";
import { CommandError } from "../command-line/command-error.ts";
import { defineCommand } from "../command-line/command.ts";
import { booleanFlag, listFlag, stringFlag } from "../command-line/flag.ts";
import { createPrinter } from "../printers/object-printer.ts";
import type { JsonObject } from "../session/api.ts";
import { alignTabs, tableLayout } from "../printers/tab-writer.ts";

export const command = defineCommand({
  usage: "[flags]",
  description: "Print the supported API resources on the server.",
  flags: {
    "api-group": stringFlag("Limit to resources in the specified API group."),
    cached: booleanFlag("Use the cached list of resources if available."),
    categories: listFlag("Limit to resources that belong to the specified categories."),
    namespaced: booleanFlag(
      "If false, non-namespaced resources will be returned, otherwise returning namespaced resources by default.",
      { default: true },
    ),
    "no-headers": booleanFlag("When using the default or custom-column output format, don't print headers."),
    output: stringFlag("Output format. One of: (json, yaml, kyaml, name, wide).", { short: "o" }),
    "show-managed-fields": booleanFlag("If true, keep the managedFields when printing objects in JSON or YAML format."),
    "sort-by": stringFlag(
      "If non-empty, sort list of resources using specified field. The field can be either 'name' or 'kind'.",
    ),
    verbs: listFlag("Limit to resources that support the specified verbs."),
  },
  run: async (session, { flags, changed, positional }) => {
    if (positional.length > 0)
      throw new CommandError(
        `unexpected arguments: [${positional.join(" ")}]\nSee 'kubectl api-resources -h' for help and examples`,
      );
    if (!["", "json", "kyaml", "name", "wide", "yaml"].includes(flags.output)) {
      throw new CommandError(
        `unable to match a printer suitable for the output format ${JSON.stringify(flags.output)}, allowed formats are: json,kyaml,name,wide,yaml`,
      );
    }
    if (!["", "name", "kind"].includes(flags["sort-by"])) throw new CommandError("--sort-by accepts only name or kind");
    const resources = (await session.mapper({ fresh: !flags.cached }))
      .preferred()
      .filter(
        (resource) =>
          resource.verbs.length > 0 &&
          (!changed("api-group") || resource.group === flags["api-group"]) &&
          (!changed("namespaced") || resource.namespaced === flags.namespaced) &&
          flags.verbs.every((verb) => resource.verbs.includes(verb)) &&
          flags.categories.every((category) => resource.categories.includes(category)),
      );
    const sorted = resources.toSorted(order(flags["sort-by"]));
    if (flags.output === "name")
      return session.terminal.write(sorted.map((resource) => `${qualifiedPlural(resource)}\n`).join(""));
    if (["json", "kyaml", "yaml"].includes(flags.output)) {
      const printer = await createPrinter(
        { ...flags, "allow-missing-template-keys": true, template: "" },
        { keepOrder: true },
      );
      return session.terminal.write(printer?.format(listOfResources(sorted)) ?? "");
    }
    const wide = flags.output === "wide";
    const header = ["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND", ...(wide ? ["VERBS", "CATEGORIES"] : [])];
    const rows = sorted.map((resource) => [
      resource.plural,
      resource.shortNames.join(","),
      apiVersionOf(resource),
      String(resource.namespaced),
      resource.kind,
      ...(wide ? [resource.verbs.toSorted().join(","), resource.categories.join(",")] : []),
    ]);
    const lines = [...(flags["no-headers"] ? [] : [header]), ...rows].map((cells) => `${cells.join("\t")}\n`);
    await session.terminal.write(alignTabs(lines.join(""), tableLayout));
  },
});

function listOfResources(resources: readonly ApiResource[]): JsonObject {
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: "",
    resources: resources.map(
      ({ plural, singular, namespaced, group, version, kind, verbs, shortNames, categories }) => ({
        name: plural,
        singularName: singular,
        namespaced,
        ...(group !== "" && { group }),
        version,
        kind,
        verbs,
        ...(shortNames.length > 0 && { shortNames }),
        ...(categories.length > 0 && { categories }),
      }),
    ),
  };
}

function order(sortBy: string): (a: ApiResource, b: ApiResource) => number {
  const key = (resource: ApiResource) => {
    if (sortBy === "name") return resource.plural;
    return sortBy === "kind" ? resource.kind : `${resource.group}\0${resource.plural}`;
  };
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
}
