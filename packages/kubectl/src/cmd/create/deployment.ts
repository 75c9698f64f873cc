import { CommandError } from "../../command-line/command-error.ts";
import { integerFlag, listFlag } from "../../command-line/flag.ts";
import { defineGenerator } from "./generator.ts";

export const command = defineGenerator({
  usage: "NAME --image=image -- [COMMAND] [args...]",
  description: "Create a deployment with the specified name.",
  examples: `  # Create a deployment named my-dep that runs the nginx image with 3 replicas
  kubectl create deployment my-dep --image=nginx --replicas=3`,
  failure: "failed to create deployment: ",
  flags: {
    image: listFlag("Image names to run. A deployment can have multiple images set for multi-container pod."),
    port: integerFlag("The containerPort that this deployment exposes.", { default: -1 }),
    replicas: integerFlag("Number of replicas to create.", { short: "r", default: 1 }),
  },
  required: ["image"],
  takesCommand: true,
  build: ({ name, rest, flags }) => {
    if (flags.image.length > 1 && rest.length > 0) {
      throw new CommandError("cannot specify multiple --image options and command");
    }
    const labels = { app: name };
    return {
      kind: "Deployment",
      apiVersion: "apps/v1",
      metadata: { name, labels },
      spec: {
        replicas: flags.replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: flags.image.map((image, index) => container(image, rest, index === 0 ? flags.port : -1)),
          },
        },
        strategy: {},
      },
      status: {},
    };
  },
});

function container(image: string, command: readonly string[], port: number) {
  return {
    name: containerName(image),
    image,
    ...(command.length > 0 && { command }),
    ...(port > 0 && { ports: [{ containerPort: port }] }),
    resources: {},
  };
}

/** The last part of an image's name, without tag and digest, made into a label. */
function containerName(image: string): string {
  const last = image.split("/").at(-1) ?? image;
  const bare = last.replace(/[:@].*$/, "");
  return bare.replace(/[^a-zA-Z0-9-]/g, "-").toLowerCase();
}
