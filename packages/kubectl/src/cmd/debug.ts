import { readFile } from "node:fs/promises";
import type { EnvVar, Pod } from "@kube-ts/api/core/v1";
import { ApiError } from "@kube-ts/api/status-error";
import { parseYaml } from "@kube-ts/std/yaml";
import type { ApiResource } from "../builder/discovery.ts";
import { fetchAll, resolveTargets } from "../builder/resource-query.ts";
import { CommandError, throwFailures } from "../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../command-line/command.ts";
import { booleanFlag, repeatedFlag, listFlag, stringFlag } from "../command-line/flag.ts";
import type { JsonObject } from "../session/api.ts";
import type { Session } from "../session/session.ts";
import { attachWhenStarted } from "./debug/attach-when-started.ts";
import {
  checkCustom,
  copiedPod,
  type DebugOptions,
  type DebugPod,
  ephemeralContainer,
  freeContainerName,
  nodePod,
} from "./debug/debug-pods.ts";
import { parseProfile } from "./debug/profiles.ts";

const flags = {
  "arguments-only": booleanFlag("Pass what follows -- as arguments of the container instead of as its command."),
  attach: booleanFlag("Wait until the container runs, then attach to it. The default with -i."),
  container: stringFlag("The name of the debugging container.", { short: "c" }),
  "copy-to": stringFlag("Debug a copy of the pod that gets this name."),
  custom: stringFlag("A JSON or YAML file with a part of a container, to be merged into the debugging container."),
  env: repeatedFlag("Environment variables of the container."),
  filename: listFlag("Files that name what to debug.", { short: "f" }),
  image: stringFlag("The image of the debugging container."),
  "image-pull-policy": stringFlag("When the image is pulled; the server decides where nothing is said."),
  "keep-annotations": booleanFlag("With --copy-to: keep the pod's annotations."),
  "keep-init-containers": booleanFlag("With --copy-to: run the pod's init containers.", { default: true }),
  "keep-labels": booleanFlag("With --copy-to: keep the pod's labels."),
  "keep-liveness": booleanFlag("With --copy-to: keep the liveness probes."),
  "keep-readiness": booleanFlag("With --copy-to: keep the readiness probes."),
  "keep-startup": booleanFlag("With --copy-to: keep the startup probes."),
  profile: stringFlag('One of "general", "baseline", "restricted", "netadmin" and "sysadmin".', { default: "general" }),
  quiet: booleanFlag("Leave informational messages out.", { short: "q" }),
  replace: booleanFlag("With --copy-to: delete the original pod."),
  "same-node": booleanFlag("With --copy-to: run the copy on the pod's node."),
  "set-image": listFlag("With --copy-to: container=image pairs that replace images; * stands for all containers."),
  "share-processes": booleanFlag("With --copy-to: containers of the copy see each other's processes.", {
    default: true,
  }),
  stdin: booleanFlag("Keep stdin open on the container, even if nothing is attached.", { short: "i" }),
  target: stringFlag("See the processes of this container of the pod."),
  tty: booleanFlag("Allocate a TTY for the debugging container.", { short: "t" }),
} as const;

type Given = Invocation<typeof flags>;
type Values = Given["flags"];

export const command = defineCommand({
  usage: "(POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]",
  description:
    "Debug cluster resources with containers of your own: in a running pod, in a copy of one, or in a new pod on a node.",
  examples: `  # Look into a running pod
  kubectl debug mypod -it --image=busybox
  # Look into a node
  kubectl debug node/mynode -it --image=busybox`,
  flags,
  run,
});

async function run(session: Session, given: Given): Promise<void> {
  const { flags: values, positional, dashIndex } = given;
  const names = positional.slice(0, dashIndex ?? positional.length);
  const args = dashIndex === undefined ? [] : positional.slice(dashIndex);
  const attach = given.changed("attach") ? values.attach : values.stdin;
  check(session, given, names, args);
  const options: DebugOptions = {
    container: values.container,
    image: values.image,
    pullPolicy: pullPolicyOf(values["image-pull-policy"]),
    args,
    argumentsOnly: values["arguments-only"],
    env: parseEnvironment(values.env),
    stdin: values.stdin,
    tty: values.tty,
    profile: parseProfile(values.profile),
    custom: values.custom === "" ? undefined : checkCustom(parseYaml(await readCustom(values.custom))),
  };
  const failures: unknown[] = [];
  const targets = await resolveTargets(session, pairsOf(names), values);
  for (const { resource, name, object } of await fetchAll(session, targets, values, failures)) {
    try {
      const made = await make(session, resource, name, object, options, given);
      if (made.container === "" || !attach) continue;
      const { stdin, tty, quiet } = values;
      await attachWhenStarted(session, made.pod, { container: made.container, stdin, tty, quiet });
    } catch (error) {
      failures.push(error);
    }
  }
  throwFailures(failures.slice(0, 1));
}

/** A name by itself is a pod's. */
function pairsOf(names: readonly string[]): string[] {
  return names.map((name) => (name.includes("/") ? name : `pods/${name}`));
}

function check(session: Session, { flags: values, changed }: Given, names: readonly string[], args: readonly string[]) {
  if (values.attach && changed("attach") && values.image === "" && values.container === "") {
    throw new CommandError("you must specify --container or create a new container using --image in order to attach");
  }
  if (values["copy-to"] === "") checkInPlace(values);
  else checkCopy(values, args);
  if (names.length === 0 && values.filename.length === 0) {
    throw new CommandError("NAME or filename is required for debug");
  }
  pullPolicyOf(values["image-pull-policy"]);
  if (values.tty && !values.stdin) {
    throw new CommandError("-i/--stdin is required for containers with -t/--tty=true");
  }
  if (parseProfile(values.profile) === "legacy") {
    session.terminal.error(
      '--profile=legacy is deprecated and planned to be removed in v1.39. It is recommended to specify other profile, for example "--profile=general".\n',
    );
  }
}

function pullPolicyOf(text: string): DebugOptions["pullPolicy"] {
  if (text === "" || text === "Always" || text === "IfNotPresent" || text === "Never") return text;
  throw new CommandError(`invalid image pull policy: ${text}`);
}

function checkInPlace(values: Values): void {
  if (values.replace) throw new CommandError("--replace may only be used with --copy-to.");
  if (values["same-node"]) throw new CommandError("--same-node may only be used with --copy-to.");
  if (values["set-image"].length > 0) throw new CommandError("--set-image may only be used with --copy-to.");
  if (values.image === "") throw new CommandError("you must specify --image when not using --copy-to.");
}

function checkCopy(values: Values, args: readonly string[]): void {
  if (values.image === "" && values["set-image"].length === 0 && args.length === 0) {
    throw new CommandError("you must specify --image, --set-image or command arguments.");
  }
  if (args.length > 0 && values.container === "" && values.image === "") {
    throw new CommandError("you must specify an existing container or a new image when specifying args.");
  }
  if (values.target !== "") {
    throw new CommandError("--target is incompatible with --copy-to. Use --share-processes instead.");
  }
}

async function make(
  session: Session,
  { kind, group, version }: ApiResource,
  name: string,
  object: JsonObject,
  options: DebugOptions,
  given: Given,
): Promise<DebugPod> {
  if (kind === "Node" && group === "") return onNode(session, name, options, given.flags.quiet);
  if (kind !== "Pod" || group !== "") {
    throw new CommandError(`${JSON.stringify(`${group}/${version}, Kind=${kind}`)} not supported by debug`);
  }
  const pod = object as unknown as Pod;
  return given.flags["copy-to"] === ""
    ? inPod(session, pod, options, given.flags)
    : inCopy(session, pod, options, given);
}

async function onNode(session: Session, node: string, options: DebugOptions, quiet: boolean): Promise<DebugPod> {
  const { name: namespace } = await session.namespace();
  const made = nodePod(node, namespace, options, session.random);
  if (!quiet) {
    const { name = "" } = made.pod.metadata;
    await session.terminal.write(`Creating debugging pod ${name} with container ${made.container} on node ${node}.\n`);
  }
  return { ...made, pod: await create(session, made.pod) };
}

async function inPod(session: Session, pod: Pod, options: DebugOptions, values: Values): Promise<DebugPod> {
  const { name = "", namespace = "" } = pod.metadata;
  const { spec } = pod;
  const taken = [...(spec?.containers ?? []), ...(spec?.initContainers ?? []), ...(spec?.ephemeralContainers ?? [])];
  if (taken.some((each) => each.name === options.container)) {
    throw new CommandError(`container name ${options.container} already exists`);
  }
  const container = options.container || freeContainerName(pod, session.random);
  await announce(session, values, container);
  const added = ephemeralContainer(container, values.target, options);
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
  const api = await session.api();
  const changed = await api
    .json({
      method: "PATCH",
      path: `${path}/ephemeralcontainers`,
      body: {
        spec: {
          // The server puts what a patch adds first unless it is told the order.
          "$setElementOrder/ephemeralContainers": [...(spec?.ephemeralContainers ?? []), added].map((each) => ({
            name: each.name,
          })),
          ephemeralContainers: [added],
        },
      },
      contentType: "application/strategic-merge-patch+json",
    })
    .catch((error: unknown) => {
      if (error instanceof ApiError && error.code === 404 && error.status.details?.name === undefined) {
        throw new CommandError(
          `ephemeral containers are disabled for this cluster (error from server: ${JSON.stringify(error.message)})`,
          { cause: error },
        );
      }
      throw error;
    });
  return { pod: changed as unknown as Pod, container };
}

async function inCopy(session: Session, pod: Pod, options: DebugOptions, given: Given): Promise<DebugPod> {
  const { flags: values } = given;
  const copy = copiedPod(
    pod,
    {
      ...options,
      name: values["copy-to"],
      images: parseImages(values["set-image"]),
      sameNode: values["same-node"],
      shareProcesses: given.changed("share-processes") ? values["share-processes"] : undefined,
      keep: {
        labels: values["keep-labels"],
        annotations: values["keep-annotations"],
        liveness: values["keep-liveness"],
        readiness: values["keep-readiness"],
        startup: values["keep-startup"],
        initContainers: values["keep-init-containers"],
      },
    },
    session.random,
  );
  if (copy.container !== "") await announce(session, values, copy.container);
  if (values.replace) {
    const { name = "", namespace = "" } = pod.metadata;
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
    await (await session.api()).json({ method: "DELETE", path });
  }
  return { ...copy, pod: await create(session, copy.pod) };
}

async function announce(session: Session, { container, quiet, target }: Values, name: string): Promise<void> {
  if (quiet) return;
  if (target !== "") {
    await session.terminal.write(
      `Targeting container ${JSON.stringify(target)}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`,
    );
  }
  if (container === "") await session.terminal.write(`Defaulting debug container name to ${name}.\n`);
}

async function create(session: Session, pod: Pod): Promise<Pod> {
  const path = `/api/v1/namespaces/${encodeURIComponent(pod.metadata.namespace ?? "")}/pods`;
  const api = await session.api();
  return (await api.json({ method: "POST", path, body: pod })) as unknown as Pod;
}

async function readCustom(path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause: unknown) => {
    throw new CommandError(
      `must pass a container spec json file for custom profile: open ${path}: no such file or directory`,
      { cause },
    );
  });
}

function parseEnvironment(pairs: readonly string[]): EnvVar[] {
  return pairs.map((pair) => {
    const equals = pair.indexOf("=");
    if (equals < 1) throw new CommandError(`invalid env: ${pair}`);
    return { name: pair.slice(0, equals), value: pair.slice(equals + 1) };
  });
}

function parseImages(pairs: readonly string[]): Map<string, string> {
  return new Map(
    pairs.map((pair) => {
      const parts = pair.split("=");
      const [container = "", image = ""] = parts;
      if (parts.length !== 2 || container === "" || image === "") {
        throw new CommandError(`invalid image name ${JSON.stringify(pair)}: expected container=image`);
      }
      return [container, image] as const;
    }),
  );
}
