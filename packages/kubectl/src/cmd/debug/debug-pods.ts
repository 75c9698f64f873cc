import type { Container, EnvVar, EphemeralContainer, Pod } from "@kube-ts/api/core/v1";
import { applyStrategicMergePatch } from "@kube-ts/api/patch/strategic-merge-patch";
import { typeOf } from "@kube-ts/api/schema-registry";
import { isRecord } from "@kube-ts/std/config-schema";
import type { Random } from "@kube-ts/std/random";
import { CommandError } from "../../command-line/command-error.ts";
import type { JsonObject } from "../../session/api.ts";
import { mountsNode, nodeAccess, type Profile, withProfile } from "./profiles.ts";

/** What the command line asks for. */
export interface DebugOptions {
  /** Empty for a name that is made up. */
  readonly container: string;
  readonly image: string;
  /** Empty where the server decides. */
  readonly pullPolicy: NonNullable<Container["imagePullPolicy"]> | "";
  readonly args: readonly string[];
  readonly argumentsOnly: boolean;
  readonly env: readonly EnvVar[];
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly profile: Profile;
  /** A part of a container that is merged into the new one. */
  readonly custom: JsonObject | undefined;
}

export interface CopyOptions extends DebugOptions {
  readonly name: string;
  readonly images: ReadonlyMap<string, string>;
  readonly sameNode: boolean;
  /** Undefined where nobody said so. */
  readonly shareProcesses: boolean | undefined;
  readonly keep: {
    readonly labels: boolean;
    readonly annotations: boolean;
    readonly liveness: boolean;
    readonly readiness: boolean;
    readonly startup: boolean;
    readonly initContainers: boolean;
  };
}

/** The pod with the container that was added or changed; its name is empty where only images change. */
export interface DebugPod {
  readonly pod: Pod;
  readonly container: string;
}

const suffixLength = 5;
const suffixLetters = "bcdfghjklmnpqrstvwxz2456789";

export function nameSuffix(random: Random): string {
  return Array.from({ length: suffixLength }, () =>
    suffixLetters.charAt(Math.floor(random.next() * suffixLetters.length)),
  ).join("");
}

/** A name that no container of the pod has. */
export function freeContainerName(pod: Pod, random: Random): string {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = pod.spec ?? {};
  const taken = new Set([...containers, ...initContainers, ...ephemeralContainers].map(({ name }) => name));
  for (;;) {
    const name = `debugger-${nameSuffix(random)}`;
    if (!taken.has(name)) return name;
  }
}

function programOf({ args, argumentsOnly }: DebugOptions): Pick<Container, "args" | "command"> {
  if (args.length === 0) return {};
  return argumentsOnly ? { args: [...args] } : { command: [...args] };
}

function baseContainer(name: string, options: DebugOptions): Container {
  const { env, image, pullPolicy, stdin, tty } = options;
  return {
    name,
    image,
    ...programOf(options),
    ...(env.length > 0 && { env: [...env] }),
    ...(pullPolicy !== "" && { imagePullPolicy: pullPolicy }),
    ...(stdin && { stdin }),
    ...(tty && { tty }),
    terminationMessagePolicy: "File",
  };
}

/** The container to add to a running pod. */
export function ephemeralContainer(name: string, target: string, options: DebugOptions): EphemeralContainer {
  const container = {
    ...baseContainer(name, options),
    ...(target !== "" && { targetContainerName: target }),
  };
  return customized(withProfile(container, options.profile, "ephemeral"), options.custom);
}

/** A copy of a pod with a debugging container, or with changes to one that it has. Throws a CommandError. */
export function copiedPod(pod: Pod, options: CopyOptions, random: Random): DebugPod {
  const { profile, keep, images } = options;
  const { ephemeralContainers: _ephemeral, nodeName, ...spec } = pod.spec ?? { containers: [] };
  const original = spec.containers.map((container) => {
    const image = images.get(container.name) ?? images.get("*");
    return image === undefined ? container : { ...container, image };
  });
  const legacy = profile === "legacy";
  const containers = legacy ? original : original.map((container) => withoutProbes(container, keep));
  const known = containers.find(({ name }) => name === options.container);
  const { labels, annotations } = pod.metadata;
  const made = (list: Container[], container: string): DebugPod => ({
    container,
    pod: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: options.name,
        ...(pod.metadata.namespace !== undefined && { namespace: pod.metadata.namespace }),
        ...(labels && (keep.labels || container === "") && { labels }),
        ...(annotations && (keep.annotations || legacy || container === "") && { annotations }),
      },
      spec: {
        ...spec,
        ...(options.sameNode && nodeName !== undefined && { nodeName }),
        ...(!keep.initContainers && !legacy && container !== "" && { initContainers: [] }),
        ...sharing(options, container),
        containers: list,
      },
    },
  });
  if (known) {
    const changed = changedContainer(known, options);
    return made(
      containers.map((each) => (each === known ? changed : each)),
      known.name,
    );
  }
  if (options.image === "") {
    if (images.size > 0) return made(original, "");
    throw new CommandError("you must specify image when creating new container");
  }
  const name = options.container || freeContainerName(pod, random);
  const added = customized(withProfile(baseContainer(name, options), profile, "copy"), options.custom);
  return made([...containers, added], name);
}

function sharing({ profile, shareProcesses }: CopyOptions, container: string): { shareProcessNamespace?: boolean } {
  if (shareProcesses !== undefined) return { shareProcessNamespace: shareProcesses };
  return profile === "legacy" || container === "" ? {} : { shareProcessNamespace: true };
}

function changedContainer(container: Container, options: CopyOptions): Container {
  const { args, env, image, pullPolicy, stdin, tty } = options;
  const { args: ownArgs, stdin: _stdin, tty: _tty, ...rest } = container;
  const changed: Container = {
    ...rest,
    ...(args.length === 0 && ownArgs && { args: ownArgs }),
    ...programOf(options),
    ...(env.length > 0 && { env: [...env] }),
    ...(image !== "" && { image }),
    ...(pullPolicy !== "" && { imagePullPolicy: pullPolicy }),
    ...(stdin && { stdin }),
    ...(tty && { tty }),
  };
  return customized(withProfile(changed, options.profile, "copy"), options.custom);
}

function withoutProbes(container: Container, keep: CopyOptions["keep"]): Container {
  const { livenessProbe, readinessProbe, startupProbe, ...rest } = container;
  return {
    ...rest,
    ...(keep.liveness && livenessProbe && { livenessProbe }),
    ...(keep.readiness && readinessProbe && { readinessProbe }),
    ...(keep.startup && startupProbe && { startupProbe }),
  };
}

/** A pod that looks at a node from its inside, whatever keeps other pods away. */
export function nodePod(node: string, namespace: string, options: DebugOptions, random: Random): DebugPod {
  const name = options.container || "debugger";
  const mounts = mountsNode(options.profile);
  const container: Container = {
    ...baseContainer(name, options),
    ...(mounts && { volumeMounts: [{ mountPath: "/host", name: "host-root" }] }),
  };
  const pod: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `node-debugger-${node}-${nameSuffix(random)}`,
      namespace,
      labels: { "app.kubernetes.io/managed-by": "kubectl-debug" },
    },
    spec: {
      containers: [customized(withProfile(container, options.profile, "node"), options.custom)],
      ...nodeAccess(options.profile),
      nodeName: node,
      restartPolicy: "Never",
      tolerations: [{ operator: "Exists" }],
      ...(mounts && { volumes: [{ name: "host-root", hostPath: { path: "/" } }] }),
    },
  };
  return { pod, container: name };
}

const fixedFields = ["name", "command", "image", "lifecycle", "volumeDevices"];

function customized<C extends Container | EphemeralContainer>(container: C, custom: JsonObject | undefined): C {
  if (!custom) return container;
  const type = typeOf("", "v1", "Pod")?.fields.get("spec")?.type;
  const containers = type?.kind === "object" ? type.fields.get("containers")?.type : undefined;
  const schema = containers?.kind === "list" && containers.items.kind === "object" ? containers.items : undefined;
  if (!schema) throw new Error("the type of containers is not known");
  const { targetContainerName, ...plain } = container as C & { targetContainerName?: string };
  const merged = applyStrategicMergePatch(schema, plain, custom);
  return { ...(merged as unknown as C), ...(targetContainerName !== undefined && { targetContainerName }) };
}

/** What may be changed of a debugging container. Throws a CommandError. */
export function checkCustom(custom: unknown): JsonObject {
  if (!isRecord(custom)) throw new CommandError("unable to parse the custom profile: it is not a part of a container");
  const fixed = fixedFields.filter((field) => custom[field] !== undefined && custom[field] !== "");
  if (fixed.length > 0) {
    throw new CommandError("name, command, image, lifecycle and volume devices are not modifiable via custom profile");
  }
  return { ...custom };
}
