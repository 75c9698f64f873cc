import { CommandError } from "../../command-line/command-error.ts";
import { listFlag, repeatedFlag, stringFlag } from "../../command-line/flag.ts";
import type { Session } from "../../session/session.ts";
import { safeText } from "../../printers/terminal-text.ts";
import { defineGenerator } from "./generator.ts";

const ruleFlags = {
  resource: listFlag("Resource that the rule applies to"),
  "resource-name": repeatedFlag(
    "Resource in the white list that the rule applies to, repeat this flag for multiple items",
  ),
  verb: listFlag("Verb that applies to the resources contained in the rule"),
} as const;

interface RuleValues {
  readonly resource: readonly string[];
  readonly "resource-name": readonly string[];
  readonly verb: readonly string[];
}

export const role = defineGenerator({
  usage:
    "NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]",
  description: "Create a role with single rule.",
  flags: ruleFlags,
  build: async ({ name, flags, session }) => {
    if (flags.verb.length === 0) throw new CommandError("at least one verb must be specified");
    if (flags.resource.length === 0) throw new CommandError("at least one resource must be specified");
    return {
      kind: "Role",
      apiVersion: "rbac.authorization.k8s.io/v1",
      metadata: { name },
      rules: await rules(session, flags),
    };
  },
});

export const clusterRole = defineGenerator({
  usage: "NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none]",
  description: "Create a cluster role.",
  flags: {
    ...ruleFlags,
    "aggregation-rule": stringFlag("An aggregation label selector for combining ClusterRoles."),
    "non-resource-url": listFlag("A partial url that user should have access to."),
  },
  build: async ({ name, flags, session }) => {
    const base = { kind: "ClusterRole", apiVersion: "rbac.authorization.k8s.io/v1", metadata: { name } };
    const urls = flags["non-resource-url"];
    if (flags["aggregation-rule"] !== "") {
      const others = [flags.verb, flags.resource, flags["resource-name"], urls];
      if (others.some(({ length }) => length > 0)) {
        throw new CommandError(
          "aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames",
        );
      }
      const matchLabels = Object.fromEntries(
        flags["aggregation-rule"].split(",").map((pair) => pair.split("=") as [string, string]),
      );
      return { ...base, rules: null, aggregationRule: { clusterRoleSelectors: [{ matchLabels }] } };
    }
    if (flags.verb.length === 0) throw new CommandError("at least one verb must be specified");
    if (flags.resource.length === 0 && urls.length === 0)
      throw new CommandError("one of resource or nonResourceURL must be specified");
    checkUrls(urls, flags.verb);
    const forUrls = urls.length > 0 ? [{ verbs: unique(flags.verb), nonResourceURLs: unique(urls) }] : [];
    return { ...base, rules: [...(await rules(session, flags)), ...forUrls] };
  },
});

const urlVerbs: ReadonlySet<string> = new Set(["*", "delete", "get", "head", "options", "patch", "post", "put"]);

function checkUrls(urls: readonly string[], verbs: readonly string[]): void {
  if (urls.length === 0) return;
  const unknown = verbs.find((verb) => !urlVerbs.has(verb));
  if (unknown !== undefined) throw new CommandError(`invalid verb: '${unknown}' for nonResourceURL`);
  if (urls.some((url) => url !== "*" && !url.startsWith("/"))) {
    throw new CommandError("nonResourceURL should start with /");
  }
  const misplaced = urls.find((url) => url !== "*" && url.slice(0, -1).includes("*"));
  if (misplaced !== undefined)
    throw new CommandError("nonResourceURL only supports wildcard matches when '*' is at the end");
}

/** One rule for each API group among the resources. */
async function rules(session: Session, flags: RuleValues) {
  const byGroup = new Map<string, string[]>();
  for (const text of unique(flags.resource)) {
    const [type = "", subresource] = text.split("/");
    if (type === "*") {
      if (flags.resource.length > 1) throw new CommandError("resource must be specified exactly once when using '*'");
      byGroup.set("*", ["*"]);
      continue;
    }
    const resource = await (await session.mapper()).resolvePlainly(type);
    const known = byGroup.get(resource.group) ?? [];
    known.push(subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`);
    byGroup.set(resource.group, known);
  }
  const verbs = flags.verb.includes("*") ? ["*"] : unique(flags.verb);
  for (const verb of verbs) {
    if (!standardVerbs.has(verb))
      session.terminal.error(`Warning: '${safeText(verb)}' is not a standard resource verb\n`);
  }
  return [...byGroup]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, resources]) => ({
      verbs,
      apiGroups: [group],
      resources,
      ...(flags["resource-name"].length > 0 && { resourceNames: unique(flags["resource-name"]) }),
    }));
}

const standardVerbs: ReadonlySet<string> = new Set([
  "*",
  "get",
  "delete",
  "list",
  "create",
  "update",
  "patch",
  "watch",
  "proxy",
  "deletecollection",
  "use",
  "bind",
  "escalate",
  "impersonate",
]);

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
