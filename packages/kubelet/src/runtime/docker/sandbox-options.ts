import type { ContainerCreateOptions, HostConfig } from "dockerode";
import type { SandboxConfig, StringMap } from "../config.ts";
import { RuntimeError } from "../runtime-error.ts";
import { dockerLabels, packLabels } from "./docker-labels.ts";
import { cgroupParentFor, privilegedOptions, resourceOptions, securityOptions, userOption } from "./host-config.ts";
import type { EngineTraits, ProfileTexts } from "./host-config.ts";
import { dockerName, sandboxContainerName } from "./names.ts";

/** Below every pod's own processes: the sandbox is the last to be killed. */
const sandboxOomScoreAdj = -998;
const sandboxCpuShares = 2;

/** What to ask the engine for to get the pause container of a sandbox. */
export function sandboxOptions(
  config: SandboxConfig,
  image: string,
  profiles: ProfileTexts,
  traits: EngineTraits,
): ContainerCreateOptions {
  const onHostNetwork = config.namespaces.network === "node";
  const user = userOption(config.security);
  const ownLabels: StringMap = {
    ...(config.logDirectory === undefined ? {} : { [dockerLabels.logDirectory]: config.logDirectory }),
    ...(config.namespaces.pid === "pod" ? { [dockerLabels.sharePid]: "true" } : {}),
  };
  return {
    name: dockerName(sandboxContainerName, config.pod, config.attempt),
    Image: image,
    Labels: packLabels("podsandbox", config.labels, config.annotations, ownLabels),
    ...(onHostNetwork ? {} : { Hostname: config.hostname }),
    ...(user === undefined ? {} : { User: user }),
    HostConfig: hostConfig(config, onHostNetwork, profiles, traits),
  };
}

/** Throws for a handler that the engine does not have. */
function runtimeOption(handler: string | undefined, { runtimes }: EngineTraits): HostConfig {
  if (handler === undefined || handler === "") return {};
  if (!runtimes.includes(handler)) {
    throw new RuntimeError("InvalidArgument", `no runtime for "${handler}" is configured`);
  }
  return { Runtime: handler };
}

function hostConfig(
  config: SandboxConfig,
  onHostNetwork: boolean,
  profiles: ProfileTexts,
  traits: EngineTraits,
): HostConfig {
  const { security, namespaces } = config;
  const privileged = security.privileged ? privilegedOptions(traits) : {};
  const confinement = security.privileged ? [] : securityOptions(security, profiles, traits);
  return {
    ...resourceOptions({ ...config.resources, oomScoreAdj: sandboxOomScoreAdj }, traits),
    CpuShares: sandboxCpuShares,
    ...privileged,
    NetworkMode: onHostNetwork ? "host" : "none",
    // The engine lets nobody set a host name in the machine's own UTS namespace.
    ...(onHostNetwork ? { UTSMode: "host" } : {}),
    IpcMode: namespaces.ipc === "node" ? "host" : "shareable",
    ...(namespaces.pid === "node" ? { PidMode: "host" } : {}),
    ...(config.cgroupParent === "" ? {} : { CgroupParent: cgroupParentFor(config.cgroupParent, traits) }),
    ...(Object.keys(config.sysctls).length === 0 ? {} : { Sysctls: { ...config.sysctls } }),
    GroupAdd: security.supplementalGroups.map(String),
    SecurityOpt: [...((privileged.SecurityOpt as string[] | undefined) ?? []), "no-new-privileges", ...confinement],
    RestartPolicy: { Name: "no" },
    LogConfig: { Type: "json-file", Config: { "max-size": "1m", "max-file": "1" } },
    ReadonlyRootfs: true,
    ...runtimeOption(config.runtimeHandler, traits),
  };
}
