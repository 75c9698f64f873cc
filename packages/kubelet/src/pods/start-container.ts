import type { Container, EphemeralContainer, Pod, Service } from "@kube-ts/api/core/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import type { Clock } from "@kube-ts/std/clock";
import { ContainerConfigError, containerEnv, envFiles, envReferences } from "../env/container-env.ts";
import type { ContainerConfig } from "../runtime/config.ts";
import type { RuntimeImage } from "../runtime/image-service.ts";
import type { Runtime, SandboxStatus } from "../runtime/runtime.ts";
import type { ObjectSource } from "../volumes/object-source.ts";
import type { ImageVolume, ImageVolumes } from "../volumes/image-volumes.ts";
import { hasCode, openBeneath } from "../volumes/open-beneath.ts";
import { containerConfig } from "./container-config.ts";
import type { ContainerMounts } from "./container-mounts.ts";
import { verifyNonRoot } from "./container-security.ts";
import { type HookTarget, type LifecycleHooks, failedHook, fallbackEvent, hookTimeoutMs } from "./lifecycle-hook.ts";
import type { NodePolicy } from "./node-policy.ts";
import { type ObservedPod, instancesOf } from "./observed-pod.ts";
import type { StartContainer } from "./pod-action.ts";
import { type PodContainer, findContainer } from "./pod-containers.ts";
import type { PodEvents } from "./pod-events.ts";
import type { ImageProvider } from "./pod-machine.ts";
import { StartError } from "./start-error.ts";
import { minimumGraceSeconds } from "./stop-container.ts";

export interface ContainerStarterOptions {
  readonly runtime: Runtime;
  readonly images: ImageProvider;
  readonly imageVolumes: Pick<ImageVolumes, "ensure">;
  readonly objects: ObjectSource;
  readonly mounts: ContainerMounts;
  readonly hooks: LifecycleHooks;
  readonly events: PodEvents;
  readonly policy: NodePolicy;
  readonly clock: Clock;
  /** The services of the cluster, as far as they are known. */
  services(): readonly Service[];
}

/** What a start needs to know of its pod. */
export interface StartSituation {
  readonly pod: Pod;
  readonly observed: ObservedPod;
  /** Where the pod's volumes lie, by name. */
  readonly directories: ReadonlyMap<string, string>;
  /** Called once the process runs, before its postStart hook. */
  onRunning(): void;
}

/** Starts instances of containers: image, configuration, creation, start, postStart hook. */
export class ContainerStarter {
  readonly #options: ContainerStarterOptions;

  constructor(options: ContainerStarterOptions) {
    this.#options = options;
  }

  /** Throws a `StartError` that says how far it came. */
  async start(action: StartContainer, situation: StartSituation, signal: AbortSignal): Promise<void> {
    const { runtime, events } = this.#options;
    const { pod, observed } = situation;
    const container = findContainer(pod, action.name);
    const sandbox = observed.sandboxes.find(({ id }) => id === action.sandboxId);
    if (!container || !sandbox) throw new StartError("CreateContainerError", `nothing to start ${action.name} in`);
    const image = await this.#image(pod, container, signal);
    const shown = await this.#imageVolumes(pod, container, signal);
    const config = await this.#configure(action, container, { image, shown }, sandbox, situation, signal);
    const id = await this.#step(pod, container, "CreateContainerError", signal, () =>
      runtime.createContainer(action.sandboxId, config, signal),
    );
    events.container(pod, container.fieldPath, "Normal", "Created", "Container created");
    await this.#step(pod, container, "RunContainerError", signal, () => runtime.startContainer(id, signal));
    events.container(pod, container.fieldPath, "Normal", "Started", "Container started");
    situation.onRunning();
    await this.#postStart(pod, container, id, sandbox.ips[0] ?? "", signal);
  }

  /** Besides what the provider tells, the reason of a failure is told by itself. */
  async #image(pod: Pod, { spec, fieldPath }: PodContainer, signal: AbortSignal): Promise<RuntimeImage> {
    const { images, events } = this.#options;
    try {
      return await images.ensure(pod, spec, fieldPath, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof StartError) events.container(pod, fieldPath, "Warning", "Failed", `Error: ${error.reason}`);
      throw error;
    }
  }

  /** The volumes that show images, of those that the container mounts, by name. */
  async #imageVolumes(
    pod: Pod,
    container: PodContainer,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, ImageVolume>> {
    const { imageVolumes, events } = this.#options;
    const { spec, fieldPath } = container;
    const shown = new Map<string, ImageVolume>();
    for (const volume of pod.spec.volumes ?? []) {
      if (!volume.image || !spec.volumeMounts?.some(({ name }) => name === volume.name)) continue;
      try {
        shown.set(volume.name, await imageVolumes.ensure(pod, volume, signal));
      } catch (error) {
        signal.throwIfAborted();
        const known = error instanceof StartError;
        const why = known ? error.reason : error instanceof Error ? error.message : String(error);
        events.container(pod, fieldPath, "Warning", "Failed", `Error: ${why}`);
        throw known ? error : new StartError("CreateContainerError", why, { cause: error, reported: true });
      }
    }
    return shown;
  }

  async #configure(
    { attempt }: StartContainer,
    container: PodContainer,
    { image, shown }: { readonly image: RuntimeImage; readonly shown: ReadonlyMap<string, ImageVolume> },
    sandbox: SandboxStatus,
    { pod, observed, directories: prepared }: StartSituation,
    signal: AbortSignal,
  ): Promise<ContainerConfig> {
    const { policy, mounts } = this.#options;
    const directories = new Map([
      ...prepared,
      ...[...shown].map(([name, { directory }]) => [name, directory] as const),
    ]);
    const podIps = sandbox.hostNetwork ? policy.hostIps() : sandbox.ips;
    return this.#step(pod, container, "CreateContainerConfigError", signal, async () => {
      verifyNonRoot(pod, container.spec, image);
      const variables = await this.#environment(pod, container, podIps, directories, signal);
      const parts = { pod, container: container.spec, variables, podIps, directories };
      const pidTarget = targetOf(container.spec, observed);
      return containerConfig({
        pod,
        container: container.spec,
        attempt,
        image,
        variables,
        mounts: await mounts.make(parts, signal),
        policy,
        imageVolumes: new Map([...shown].map(([name, { imageRef }]) => [name, imageRef])),
        ...(pidTarget === undefined ? {} : { pidTargetContainerId: pidTarget }),
      });
    });
  }

  async #environment(
    pod: Pod,
    { spec, fieldPath }: PodContainer,
    podIps: readonly string[],
    directories: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ) {
    const { objects, policy, events, services } = this.#options;
    const namespace = pod.metadata.namespace ?? "";
    const configMaps = new Map<string, Awaited<ReturnType<ObjectSource["configMap"]>>>();
    const secrets = new Map<string, Awaited<ReturnType<ObjectSource["secret"]>>>();
    for (const { kind, name } of envReferences(spec)) {
      if (kind === "ConfigMap") configMaps.set(name, await objects.configMap(namespace, name, signal));
      else secrets.set(name, await objects.secret(namespace, name, signal));
    }
    const files = new Map<string, string | undefined>();
    for (const { volumeName, path } of envFiles(spec)) {
      files.set(`${volumeName}/${path}`, await readEnvFile(directories, volumeName, path));
    }
    const { variables, skipped } = containerEnv(spec, {
      pod,
      addresses: { podIps, hostIps: policy.hostIps() },
      services: services(),
      allocatable: policy.allocatable(),
      configMap: (name) => configMaps.get(name),
      secret: (name) => secrets.get(name),
      envFile: (volumeName, path) => files.get(`${volumeName}/${path}`),
    });
    for (const warning of skipped) {
      events.container(pod, fieldPath, "Warning", "InvalidEnvironmentVariableNames", warning);
    }
    return variables;
  }

  /** A container whose postStart hook fails is stopped again. */
  async #postStart(pod: Pod, container: PodContainer, id: string, podIp: string, signal: AbortSignal): Promise<void> {
    const handler = container.spec.lifecycle?.postStart;
    if (!handler) return;
    const { hooks, events } = this.#options;
    const onFallback = () => events.pod(pod, "Warning", ...fallbackEvent);
    const target = { container: container.spec, containerId: id, podIp, onFallback };
    await hooks.run(handler, target, hookTimeoutMs, signal).catch(async (error: unknown) => {
      signal.throwIfAborted();
      const reason = failedHook(handler, pod, container.spec.name, error);
      events.container(pod, container.fieldPath, "Warning", "FailedPostStartHook", "PostStartHook failed");
      events.container(pod, container.fieldPath, "Normal", "Killing", "FailedPostStartHook");
      await this.#stop(pod, container, target, signal);
      throw new StartError("PostStartHookError", reason, { cause: error, reported: true });
    });
  }

  /** As any other end of a container: its preStop hook runs first, within the grace period. */
  async #stop(pod: Pod, { spec, fieldPath }: PodContainer, target: HookTarget, signal: AbortSignal): Promise<void> {
    const { runtime, hooks, events, clock } = this.#options;
    const graceMs = (pod.spec.terminationGracePeriodSeconds ?? 30) * 1000;
    const beganMs = clock.monotonicMs();
    if (spec.lifecycle?.preStop) {
      const deadline = new AbortController();
      using _timer = clock.setTimer(graceMs, () => deadline.abort(new Error("the grace period is over")));
      const stop = AbortSignal.any([signal, deadline.signal]);
      await hooks.run(spec.lifecycle.preStop, target, graceMs, stop).catch(() => {
        signal.throwIfAborted();
        events.container(pod, fieldPath, "Warning", "FailedPreStopHook", "PreStopHook failed");
      });
    }
    const leftMs = graceMs - (clock.monotonicMs() - beganMs);
    await runtime.stopContainer(target.containerId, Math.max(minimumGraceSeconds, Math.ceil(leftMs / 1000)), signal);
  }

  /** Names the step at which a start failed, and tells users. */
  async #step<T>(
    pod: Pod,
    { fieldPath }: PodContainer,
    reason: string,
    signal: AbortSignal,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      const message = error instanceof Error ? error.message : String(error);
      this.#options.events.container(pod, fieldPath, "Warning", "Failed", `Error: ${message}`);
      throw new StartError(reason, message, { cause: error, reported: true });
    }
  }
}

/** Larger files of variables are refused. */
const maxEnvFileBytes = 1024 * 1024;

/** Reads a file that containers have written: links do not lead out of the volume, and what is no file is not read. */
async function readEnvFile(
  directories: ReadonlyMap<string, string>,
  volumeName: string,
  path: string,
): Promise<string | undefined> {
  const directory = directories.get(volumeName);
  if (directory === undefined) {
    throw new ContainerConfigError(`cannot find the volume ${goQuote(volumeName)} referenced by FileKeyRef`);
  }
  try {
    await using held = await openBeneath(directory, path);
    const info = await held.handle.stat();
    if (!info.isFile() || info.size > maxEnvFileBytes) throw new Error("not a file, or too large");
    const content = Buffer.alloc(info.size);
    const { bytesRead } = await held.handle.read(content, 0, info.size, 0);
    return content.toString("utf8", 0, bytesRead);
  } catch (cause) {
    if (hasCode(cause, "ENOENT")) return undefined;
    throw new ContainerConfigError("couldn't parse env file", { cause });
  }
}

/** The running instance whose process namespace an ephemeral container joins. */
function targetOf(spec: Container | EphemeralContainer, observed: ObservedPod): string | undefined {
  const name = "targetContainerName" in spec ? spec.targetContainerName : undefined;
  if (!name) return undefined;
  const target = instancesOf(observed, name).find(({ state }) => state === "running");
  if (!target) throw new ContainerConfigError(`unable to find target container ${name}`);
  return target.id;
}
