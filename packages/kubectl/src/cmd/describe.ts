import type { LocatedObject } from "../builder/object-reference.ts";
import { fetchAll, listPages, itemsOf, resolveTargets } from "../builder/resource-query.ts";
import { CommandError, throwFailures } from "../command-line/command-error.ts";
import { defineCommand } from "../command-line/command.ts";
import { booleanFlag, integerFlag } from "../command-line/flag.ts";
import { fileFlags, labelSelectorFlag } from "../command-line/shared-flags.ts";
import { describeObject } from "../describe/describe-object.ts";
import { ApiError } from "@kube-ts/api/status-error";

export const command = defineCommand({
  usage: "(-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)",
  description: "Show details of a specific resource or group of resources.",
  examples: "  # Describe a node\n  kubectl describe nodes kubernetes-node-emt8.c.myproject.internal",
  flags: {
    ...fileFlags,
    ...labelSelectorFlag,
    "all-namespaces": booleanFlag("If present, list the requested object(s) across all namespaces.", { short: "A" }),
    "chunk-size": integerFlag("Return large lists in chunks rather than all at once. Pass 0 to disable.", {
      default: 500,
    }),
    "show-events": booleanFlag("If true, display events related to the described object.", { default: true }),
  },
  run: async (session, { flags, positional, changed }) => {
    if (positional.length === 0 && flags.filename.length === 0) {
      throw new CommandError(
        'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.',
      );
    }
    const broken: unknown[] = [];
    const targets = await resolveTargets(session, positional, flags, { allByDefault: true }, broken);
    const failures: unknown[] = [];
    const found: LocatedObject[] = [];
    for (const target of targets) {
      const own: unknown[] = [];
      const objects = await fetchAll(session, [target], flags, own);
      const missing = own.some((error) => error instanceof ApiError && error.reason === "NotFound");
      if (target.kind === "object" && missing) {
        // A name that does not exist may be the beginning of others.
        const { resource, namespace, name } = target.reference;
        for await (const page of listPages(await session.api(), { kind: "list", resource, namespace }, {})) {
          objects.push(...itemsOf(page, resource).filter((item) => item.name.startsWith(name)));
        }
      }
      if (objects.length === 0) failures.push(...own);
      found.push(...objects);
    }
    // Events of many objects are only looked for when somebody asks for them.
    const showEvents = flags["show-events"] && (found.length <= 1 || changed("show-events"));
    for (const [index, item] of found.entries()) {
      try {
        const text = await describeObject(session, item, showEvents);
        await session.terminal.write((index === 0 ? "" : "\n\n") + text);
      } catch (error) {
        failures.push(error);
      }
    }
    if (found.length === 0 && failures.length === 0 && broken.length === 0) {
      const namespaced = targets.some(
        (target) => (target.kind === "list" ? target.resource : target.reference.resource).namespaced,
      );
      const { name } = await session.namespace();
      session.terminal.error(
        namespaced && !flags["all-namespaces"] ? `No resources found in ${name} namespace.\n` : "No resources found\n",
      );
    }
    throwFailures([...failures, ...broken]);
  },
});
