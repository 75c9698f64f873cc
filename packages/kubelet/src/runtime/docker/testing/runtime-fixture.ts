import { systemClock } from "@kube-ts/std/clock";
import { silentLogger } from "@kube-ts/std/log";
import { systemRandom } from "@kube-ts/std/random";
import type { ContainerConfig, SandboxConfig } from "../../config.ts";
import { containerLabels, podLabels } from "../../labels.ts";
import type { PodNetwork } from "../../pod-network.ts";
import type { ContainerStatus, PodIdentity, Runtime } from "../../runtime.ts";
import { DockerRuntime } from "../docker-runtime.ts";
import type { EngineFixture } from "./engine-fixture.ts";

export function createRuntime(engine: EngineFixture, network: PodNetwork): DockerRuntime {
  return new DockerRuntime({
    endpoint: engine.endpoint,
    pauseImage: engine.pauseImage,
    network,
    requestTimeoutMs: 60_000,
    imagePullProgressTimeoutMs: 20_000,
    logRotation: { maxSizeBytes: 10 * 1024 * 1024, maxFiles: 2 },
    clock: systemClock,
    random: systemRandom,
    log: silentLogger,
  });
}

export function podNamed(engine: EngineFixture, name: string): PodIdentity {
  return { name: `${engine.prefix}-${name}`, namespace: "default", uid: systemRandom.uuid() };
}

export function sandboxFor(pod: PodIdentity, changes: Partial<SandboxConfig> = {}): SandboxConfig {
  return {
    pod,
    attempt: 0,
    hostname: pod.name,
    dns: { servers: ["10.96.0.10"], searches: ["default.svc.cluster.local"], options: ["ndots:5"] },
    portMappings: [],
    labels: podLabels(pod),
    annotations: { "example.com/note": "sandbox" },
    cgroupParent: "",
    sysctls: {},
    namespaces: { network: "pod", pid: "container", ipc: "pod" },
    security: { supplementalGroups: [], seccomp: { type: "RuntimeDefault" }, privileged: false },
    resources: {},
    ...changes,
  };
}

export function containerFor(
  pod: PodIdentity,
  image: string,
  command: readonly string[],
  changes: Partial<Omit<ContainerConfig, "security">> & {
    readonly security?: Partial<ContainerConfig["security"]>;
  } = {},
): ContainerConfig {
  const name = changes.name ?? "main";
  return {
    name,
    attempt: 0,
    image,
    userImage: image,
    command,
    env: [],
    mounts: [],
    labels: containerLabels(pod, name),
    annotations: { "io.kubernetes.container.hash": "abc" },
    stdin: false,
    stdinOnce: false,
    tty: false,
    resources: {},
    ...changes,
    security: {
      privileged: false,
      capabilities: { add: [], drop: [] },
      supplementalGroups: [],
      readonlyRootFilesystem: false,
      noNewPrivileges: false,
      seccomp: { type: "RuntimeDefault" },
      apparmor: { type: "RuntimeDefault" },
      procMount: "Default",
      pid: "container",
      ...changes.security,
    },
  };
}

/** Polls until the container has ended. */
export async function untilExited(runtime: Runtime, id: string, signal: AbortSignal): Promise<ContainerStatus> {
  return await until(async () => {
    const status = await runtime.containerStatus(id, signal);
    return status?.state === "exited" ? status : undefined;
  });
}

/** Polls until `look` answers something; fails with what it last saw. */
export async function until<T>(look: () => Promise<T | undefined>, timeoutMs = 20_000): Promise<T> {
  const deadlineMs = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > deadlineMs) throw new Error(`not seen within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
