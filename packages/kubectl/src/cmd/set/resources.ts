import { canonicalQuantity } from "@kube-ts/api/quantity";
import { containersOf, podSpecPath, recordAt } from "../../builder/pod-template.ts";
import { CommandError } from "../../command-line/command-error.ts";
import { defineCommand } from "../../command-line/command.ts";
import { stringFlag } from "../../command-line/flag.ts";
import type { JsonObject } from "../../session/api.ts";
import { recordedChangeFlags, changeObjects, mapContainers, nameMatcher, withPodSpec } from "./change-objects.ts";

export const command = defineCommand({
  usage: "(-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]",
  description: "Specify compute resource requirements (CPU, memory) for any resource that defines a pod template.",
  flags: {
    ...recordedChangeFlags,
    containers: stringFlag(
      "The names of containers in the selected pod templates to change, all containers are selected by default - may use wildcards",
      { short: "c", default: "*" },
    ),
    limits: stringFlag("The resource requirement requests for this container. For example, 'cpu=100m,memory=256Mi'."),
    requests: stringFlag("The resource requirement requests for this container. For example, 'cpu=100m,memory=256Mi'."),
  },
  run: async (session, { flags, positional }) => {
    if (flags.limits === "" && flags.requests === "") {
      throw new CommandError("you must specify an update to requests or limits (in the form of --requests/--limits)");
    }
    const given = { limits: amounts(flags.limits), requests: amounts(flags.requests) };
    const matches = nameMatcher(flags.containers);
    const setAmounts = (container: JsonObject): JsonObject => {
      const resources = { ...recordAt(container, ["resources"]) };
      for (const field of ["limits", "requests"] as const) {
        if (Object.keys(given[field]).length > 0)
          resources[field] = { ...recordAt(resources, [field]), ...given[field] };
      }
      return { ...container, resources };
    };
    await changeObjects(session, {
      resources: positional,
      flags,
      word: "resource requirements",
      refusal: "failed to patch resources update to pod template",
      change: (item) => {
        const spec = recordAt(item.object, podSpecPath(item.resource.kind) ?? []);
        const changed = withPodSpec(item, (old) =>
          mapContainers(old, (container) => (matches(container) ? setAmounts(container) : container)),
        );
        if (!containersOf(spec).some(matches)) {
          throw new CommandError(`unable to find container named ${flags.containers}`);
        }
        return changed;
      },
    });
  },
});

/** `cpu=1,memory=2Gi` as a map. Throws a CommandError. */
function amounts(text: string): Record<string, string> {
  if (text === "") return {};
  return Object.fromEntries(
    text.split(",").map((pair) => {
      const [name = "", value, ...more] = pair.split("=");
      if (value === undefined || more.length > 0) {
        throw new CommandError(`Invalid argument syntax ${pair}, expected <resource>=<value>`);
      }
      try {
        return [name, canonicalQuantity(value)] as const;
      } catch (cause) {
        throw new CommandError(cause instanceof Error ? cause.message : String(cause), { cause });
      }
    }),
  );
}
