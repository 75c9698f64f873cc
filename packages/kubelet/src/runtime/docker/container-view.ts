import type { ContainerInfo, ContainerInspectInfo } from "dockerode";
import type { LinuxResources } from "../config.ts";
import type { ContainerState, ContainerStatus, ContainerSummary } from "../runtime.ts";
import { podOfLabels } from "../labels.ts";
import { dockerLabels, unpackLabels } from "./docker-labels.ts";
import { parseEngineTime } from "./engine-time.ts";
import { parseDockerName } from "./names.ts";

/** The container in our words; undefined when it is none of ours. */
export function containerSummary(info: ContainerInfo): ContainerSummary | undefined {
  const parsed = info.Names.map(parseDockerName).find((name) => name !== undefined);
  const pod = podOfLabels(info.Labels);
  if (!parsed || !pod) return undefined;
  return {
    id: info.Id,
    podSandboxId: info.Labels[dockerLabels.sandboxId] ?? "",
    pod,
    name: parsed.containerName,
    attempt: parsed.attempt,
    image: info.Labels[dockerLabels.userImage] ?? info.Image,
    imageId: info.ImageID,
    state: stateOf(info.State),
    createdAtMs: info.Created * 1000,
    ...unpackLabels(info.Labels),
  };
}

/** As `containerSummary`, with everything; `imageDigests` are the repository digests of its image, if known. */
export function containerStatus(
  info: ContainerInspectInfo,
  imageDigests: readonly string[],
): ContainerStatus | undefined {
  const parsed = parseDockerName(info.Name);
  const packed = info.Config.Labels;
  const pod = podOfLabels(packed);
  if (!parsed || !pod) return undefined;
  const createdAtMs = parseEngineTime(info.Created) ?? 0;
  return {
    id: info.Id,
    podSandboxId: packed[dockerLabels.sandboxId] ?? "",
    pod,
    name: parsed.containerName,
    attempt: parsed.attempt,
    image: packed[dockerLabels.userImage] ?? info.Config.Image,
    imageId: info.Image,
    imageRef: imageDigests[0] === undefined ? `docker://${info.Image}` : `docker-pullable://${imageDigests[0]}`,
    createdAtMs,
    ...outcome(info, createdAtMs),
    logPath: packed[dockerLabels.logPath] ?? info.LogPath,
    mounts: info.Mounts.map((mount) => ({
      containerPath: mount.Destination,
      hostPath: mount.Source,
      readOnly: !mount.RW,
    })),
    user: numericUser(info.Config.User, info.HostConfig.GroupAdd ?? []),
    resources: limitsOf(info),
    ...unpackLabels(packed),
  };
}

type Outcome = Pick<ContainerStatus, "state" | "startedAtMs" | "finishedAtMs" | "exitCode" | "reason" | "message">;

function outcome(info: ContainerInspectInfo, createdAtMs: number): Outcome {
  const { State: state } = info;
  const startedAtMs = parseEngineTime(state.StartedAt);
  const running = stateOf(state.Status) === "running";
  if (running) {
    return { state: "running", startedAtMs, finishedAtMs: undefined, exitCode: 0, reason: "", message: "" };
  }
  if (startedAtMs === undefined) {
    // The engine keeps a container whose start failed as created, with the error in it.
    if (state.ExitCode === 0 && state.Error === "") {
      return { state: "created", startedAtMs, finishedAtMs: undefined, exitCode: 0, reason: "", message: "" };
    }
    const { ExitCode: exitCode, Error: message } = state;
    const times = { startedAtMs: createdAtMs, finishedAtMs: createdAtMs };
    return { state: "exited", ...times, exitCode, reason: "ContainerCannotRun", message };
  }
  return {
    state: "exited",
    startedAtMs,
    finishedAtMs: parseEngineTime(state.FinishedAt) ?? startedAtMs,
    exitCode: state.ExitCode,
    reason: exitReason(state.OOMKilled, state.ExitCode),
    message: state.Error,
  };
}

function exitReason(oomKilled: boolean, exitCode: number): string {
  if (oomKilled) return "OOMKilled";
  return exitCode === 0 ? "Completed" : "Error";
}

/** The engine's states: created, running, paused, restarting, removing, exited, dead. */
export function stateOf(state: string): ContainerState {
  if (state === "created") return "created";
  if (state === "running" || state === "paused" || state === "restarting") return "running";
  if (state === "exited" || state === "dead" || state === "removing") return "exited";
  return "unknown";
}

function numericUser(user: string, groups: readonly string[]): ContainerStatus["user"] {
  const match = /^(\d+):(\d+)$/.exec(user === "" ? "0:0" : user);
  if (!match) return undefined;
  return {
    uid: Number(match[1]),
    gid: Number(match[2]),
    supplementalGroups: groups.map(Number).filter(Number.isInteger),
  };
}

function limitsOf(info: ContainerInspectInfo): LinuxResources {
  const host = info.HostConfig;
  return {
    ...(host.CpuShares ? { cpuShares: host.CpuShares } : {}),
    ...(host.CpuQuota ? { cpuQuotaUs: host.CpuQuota } : {}),
    ...(host.CpuPeriod ? { cpuPeriodUs: host.CpuPeriod } : {}),
    ...(host.Memory ? { memoryLimitBytes: host.Memory } : {}),
    ...(host.OomScoreAdj ? { oomScoreAdj: host.OomScoreAdj } : {}),
    ...(host.PidsLimit ? { pidsLimit: host.PidsLimit } : {}),
  };
}
