import { parseSelector } from "@kube-ts/api/selectors";
import { metadataOf } from "../../builder/object-reference.ts";
import { recordAt } from "../../builder/pod-template.ts";
import { CommandError } from "../../command-line/command-error.ts";
import { defineCommand } from "../../command-line/command.ts";
import { stringFlag } from "../../command-line/flag.ts";
import { recursiveFileFlags } from "../../command-line/shared-flags.ts";
import { recordedChangeFlags, changeObjects } from "./change-objects.ts";

const { selector: _selector, kustomize: _kustomize, ...plainFlags } = recordedChangeFlags;

export const command = defineCommand({
  usage: "(-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]",
  description: "Set the selector on a resource. Note that the new selector will overwrite the old selector.",
  examples: "  # Set the selector of a service\n  kubectl set selector service my-svc environment=qa",
  flags: {
    ...plainFlags,
    ...recursiveFileFlags,
    "resource-version": stringFlag(
      "If non-empty, the selectors update will only succeed if this is the current resource-version for the object.",
    ),
  },
  run: async (session, { flags, positional }) => {
    await changeObjects(session, {
      resources: positional.slice(0, -1),
      flags: { ...flags, selector: "", kustomize: "" },
      word: "selector",
      always: true,
      change: ({ object }) => {
        if (object["kind"] !== "Service") throw new CommandError("setting a selector is only supported for Services");
        const version = flags["resource-version"];
        return {
          ...object,
          ...(version !== "" && { metadata: { ...metadataOf(object), resourceVersion: version } }),
          spec: { ...recordAt(object, ["spec"]), selector: equalities(positional.at(-1) ?? "") },
        };
      },
    });
  },
});

/** The pairs of a selector that has nothing but equalities. Throws a CommandError. */
function equalities(text: string): Record<string, string> {
  const pairs: [string, string][] = [];
  parseSelector(text);
  for (const part of text.split(",").filter((each) => each !== "")) {
    const match = /^\s*([^\s=!]+)\s*==?\s*([^\s=]*)\s*$/.exec(part);
    if (!match) throw new CommandError(`match expression [${text}] not supported on this object`);
    pairs.push([match[1] ?? "", match[2] ?? ""]);
  }
  return Object.fromEntries(pairs);
}
