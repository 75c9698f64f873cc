import { containersOf, podSpecPath, recordAt } from "../../builder/pod-template.ts";
import { parseResourceArguments } from "../../builder/resource-arguments.ts";
import { CommandError } from "../../command-line/command-error.ts";
import { defineCommand } from "../../command-line/command.ts";
import { recordedChangeFlags, changeObjects, mapContainers, withPodSpec } from "./change-objects.ts";

export const command = defineCommand({
  usage: "(-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N",
  description: "Update existing container image(s) of resources.",
  examples:
    "  # Set a deployment's nginx container image to 'nginx:1.9.1'\n  kubectl set image deployment/nginx nginx=nginx:1.9.1",
  flags: recordedChangeFlags,
  run: async (session, { flags, positional }) => {
    const pairs = positional.filter((each) => each.includes("="));
    const resources = positional.filter((each) => !each.includes("="));
    parseResourceArguments(resources);
    if (pairs.length === 0) throw new CommandError("at least one image update is required");
    const images = new Map(
      pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)] as const),
    );
    const change = (item: Parameters<typeof withPodSpec>[0]) => {
      const names = containersOf(recordAt(item.object, podSpecPath(item.resource.kind) ?? [])).map(({ name }) => name);
      const changed = withPodSpec(item, (spec) =>
        mapContainers(spec, (container) => {
          const image = images.get(String(container["name"])) ?? images.get("*");
          return image === undefined ? container : { ...container, image };
        }),
      );
      const missing = [...images.keys()].find((name) => name !== "*" && !names.includes(name));
      if (missing !== undefined) throw new CommandError(`unable to find container named ${JSON.stringify(missing)}`);
      return changed;
    };
    await changeObjects(session, {
      resources,
      flags,
      word: "image",
      refusal: "failed to patch image update to pod template:",
      change,
    });
  },
});
