import type { ApiResource } from "../builder/discovery.ts";
import { apiVersionOf, qualifiedPlural } from "../builder/resource-mapper.ts";
import { CommandError } from "../command-line/command-error.ts";
import { defineCommand } from "../command-line/command.ts";
import { booleanFlag, listFlag, stringFlag } from "../command-line/flag.ts";
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
    output: stringFlag("Output format. One of: (wide, name).", { short: "o" }),
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
    if (!["", "wide", "name"].includes(flags.output))
      throw new CommandError(`--output ${flags.output} is not available`);
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

function order(sortBy: string): (a: ApiResource, b: ApiResource) => number {
  const key = (resource: ApiResource) => {
    if (sortBy === "name") return resource.plural;
    return sortBy === "kind" ? resource.kind : `${resource.group}\0${resource.plural}`;
  };
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
}
