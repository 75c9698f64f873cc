import type { ContainerCreateOptions, HostConfig } from "dockerode";
import type { ContainerConfig, Mount } from "../config.ts";
import type { PodIdentity } from "../runtime.ts";
import { RuntimeError } from "../runtime-error.ts";
import { dockerLabels, packLabels } from "./docker-labels.ts";
import {
  capabilityOptions,
  cgroupParentFor,
  privilegedOptions,
  resourceOptions,
  securityOptions,
  userOption,
} from "./host-config.ts";
import type { EngineTraits, ProfileTexts } from "./host-config.ts";
import { dockerName } from "./names.ts";

/** Size options of the engine's json-file log driver. */
export interface LogRotation {
  /** Bytes at which a log file is rotated. */
  readonly maxSizeBytes: number;
  readonly maxFiles: number;
}

/** What a container takes over from its sandbox. */
export interface JoinedSandbox {
  readonly id: string;
  readonly pod: PodIdentity;
  readonly hostNetwork: boolean;
  readonly hostIpc: boolean;
  readonly cgroupParent: string;
  readonly logDirectory: string | undefined;
  /** The engine's runtime; absent for its default. */
  readonly runtime?: string;
}

/** What to ask the engine for to get a container. Throws RuntimeError for what the engine cannot do. */
export function containerOptions(
  sandbox: JoinedSandbox,
  config: ContainerConfig,
  rotation: LogRotation,
  profiles: ProfileTexts,
  traits: EngineTraits,
): ContainerCreateOptions {
  const user = userOption(config.security);
  return {
    name: dockerName(config.name, sandbox.pod, config.attempt),
    Image: config.image,
    ...(config.command === undefined ? {} : { Entrypoint: [...config.command] }),
    ...(config.args === undefined ? {} : { Cmd: [...config.args] }),
    ...(config.workingDir === undefined ? {} : { WorkingDir: config.workingDir }),
    ...(user === undefined ? {} : { User: user }),
    ...(config.stopSignal === undefined ? {} : { StopSignal: config.stopSignal }),
    Env: config.env.map(({ name, value }) => `${name}=${value}`),
    Labels: packLabels("container", config.labels, config.annotations, {
      [dockerLabels.sandboxId]: sandbox.id,
      [dockerLabels.userImage]: config.userImage,
      ...(config.logPath === undefined || sandbox.logDirectory === undefined
        ? {}
        : { [dockerLabels.logPath]: `${sandbox.logDirectory}/${config.logPath}` }),
    }),
    OpenStdin: config.stdin,
    StdinOnce: config.stdinOnce,
    Tty: config.tty,
    // The kubelet probes; the image's own health check would only cost.
    Healthcheck: { Test: ["NONE"] },
    HostConfig: hostConfig(sandbox, config, rotation, profiles, traits),
  };
}

function hostConfig(
  sandbox: JoinedSandbox,
  config: ContainerConfig,
  rotation: LogRotation,
  profiles: ProfileTexts,
  traits: EngineTraits,
): HostConfig {
  const relabelled = config.mounts.filter((mount) => mount.selinuxRelabel && traits.selinux);
  const plain = config.mounts.filter((mount) => !relabelled.includes(mount));
  return {
    ...resourceOptions(config.resources, traits),
    ...(sandbox.runtime === undefined ? {} : { Runtime: sandbox.runtime }),
    ...namespaceOptions(sandbox, config),
    ...confinementOptions(config, profiles, traits),
    ...(sandbox.cgroupParent === "" ? {} : { CgroupParent: cgroupParentFor(sandbox.cgroupParent, traits) }),
    GroupAdd: config.security.supplementalGroups.map(String),
    ReadonlyRootfs: config.security.readonlyRootFilesystem,
    RestartPolicy: { Name: "no" },
    LogConfig: {
      Type: "json-file",
      Config: { "max-size": String(rotation.maxSizeBytes), "max-file": String(rotation.maxFiles) },
    },
    Mounts: plain.map(bindMount),
    ...(relabelled.length === 0 ? {} : { Binds: relabelled.map(bindText) }),
  };
}

function namespaceOptions(sandbox: JoinedSandbox, config: ContainerConfig): HostConfig {
  const join = `container:${sandbox.id}`;
  const { pid, pidTargetContainerId } = config.security;
  const pidMode = { pod: join, node: "host", container: undefined }[pid];
  const joinedPid = pidTargetContainerId === undefined ? pidMode : `container:${pidTargetContainerId}`;
  return {
    NetworkMode: join,
    // The machine's own cannot be joined through a container.
    IpcMode: sandbox.hostIpc ? "host" : join,
    ...(sandbox.hostNetwork ? { UTSMode: "host" } : {}),
    ...(joinedPid === undefined ? {} : { PidMode: joinedPid }),
  };
}

function confinementOptions(config: ContainerConfig, profiles: ProfileTexts, traits: EngineTraits): HostConfig {
  const { security } = config;
  const privileges = security.noNewPrivileges ? ["no-new-privileges"] : [];
  if (security.privileged) {
    const options = privilegedOptions(traits);
    return { ...options, SecurityOpt: [...((options.SecurityOpt as string[] | undefined) ?? []), ...privileges] };
  }
  return {
    CapAdd: capabilityOptions(security.capabilities.add, traits),
    CapDrop: security.capabilities.drop.map((name) => name.toUpperCase().replace(/^CAP_/, "")),
    SecurityOpt: [...privileges, ...securityOptions(security, profiles, traits)],
    ...(security.procMount === "Unmasked" ? { MaskedPaths: [], ReadonlyPaths: [] } : {}),
  };
}

const propagations = { private: "rprivate", hostToContainer: "rslave", bidirectional: "rshared" } as const;

function bindMount(mount: Mount) {
  refuseRecursive(mount);
  return {
    Type: "bind" as const,
    Source: mount.hostPath,
    Target: mount.containerPath,
    ReadOnly: mount.readOnly,
    BindOptions: { Propagation: propagations[mount.propagation] },
  };
}

/** The older form, the only one that can ask for a label. */
function bindText(mount: Mount): string {
  refuseRecursive(mount);
  const options = [mount.readOnly ? "ro" : "rw", propagations[mount.propagation], "Z"];
  return `${mount.hostPath}:${mount.containerPath}:${options.join(",")}`;
}

function refuseRecursive(mount: Mount): void {
  if (mount.recursiveReadOnly) {
    throw new RuntimeError("Unsupported", `recursive read-only mounts are not supported (${mount.containerPath})`);
  }
}
