import type { Duplex } from "node:stream";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { Random } from "@kube-ts/std/random";
import type { ContainerConfig, LinuxResources, SandboxConfig } from "../config.ts";
import type { LogLine, LogOptions } from "../logs.ts";
import type { PodNetwork } from "../pod-network.ts";
import type {
  ExecOptions,
  ProcessStreams,
  Runtime,
  RuntimeCondition,
  RuntimeEvent,
  RuntimeFilter,
  RuntimeStatus,
  RuntimeVersion,
} from "../runtime.ts";
import { RuntimeError } from "../runtime-error.ts";
import { attach } from "./attach.ts";
import { CgroupMonitor } from "./cgroup-monitor.ts";
import type { LogRotation } from "./container-options.ts";
import { ContainerService } from "./container-service.ts";
import { DockerImages } from "./docker-images.ts";
import { DockerEngine } from "./engine.ts";
import { engineEvents } from "./engine-events.ts";
import { EngineTraitsReader } from "./engine-traits.ts";
import { ExecService } from "./exec-service.ts";
import { LayerSizes } from "./layer-sizes.ts";
import { checkLogPath } from "./logs/log-files.ts";
import { readLogs } from "./logs/read-logs.ts";
import { NetnsDialer } from "./netns-dialer.ts";
import { portForward } from "./port-forward.ts";
import { SandboxService } from "./sandbox-service.ts";
import { StatsService } from "./stats-service.ts";

export interface DockerRuntimeOptions {
  /** `unix:///var/run/docker.sock` */
  readonly endpoint: string;
  readonly pauseImage: string;
  readonly network: PodNetwork;
  /** Deadline of one request (`--runtime-request-timeout`). */
  readonly requestTimeoutMs: number;
  readonly imagePullProgressTimeoutMs: number;
  readonly logRotation: LogRotation;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

const statusTimeoutMs = 10_000;

/** A Docker Engine as the kubelet's container runtime. */
export class DockerRuntime implements Runtime, AsyncDisposable {
  readonly images: DockerImages;
  readonly #options: DockerRuntimeOptions;
  readonly #engine: DockerEngine;
  readonly #traits: EngineTraitsReader;
  readonly #sandboxes: SandboxService;
  readonly #containers: ContainerService;
  readonly #execs: ExecService;
  readonly #layers: LayerSizes;
  readonly #stats: StatsService;
  readonly #monitor: CgroupMonitor;
  readonly #dialer = new NetnsDialer();

  constructor(options: DockerRuntimeOptions) {
    const { clock, log, pauseImage, network } = options;
    const engine = new DockerEngine(options.endpoint, options.requestTimeoutMs);
    const traits = new EngineTraitsReader(engine, log);
    const progressTimeoutMs = options.imagePullProgressTimeoutMs;
    this.#options = options;
    this.#engine = engine;
    this.#traits = traits;
    this.images = new DockerImages({ engine, traits, clock, pauseImage, progressTimeoutMs });
    this.#sandboxes = new SandboxService({ engine, traits, images: this.images, network, log, pauseImage });
    this.#containers = new ContainerService({ engine, traits, rotation: options.logRotation });
    this.#execs = new ExecService(engine, clock);
    this.#layers = new LayerSizes(engine, clock, log);
    this.#stats = new StatsService(this.#containers, this.#sandboxes, this.#layers, clock);
    this.#monitor = new CgroupMonitor({
      containers: this.#containers,
      sandboxes: this.#sandboxes,
      layers: this.#layers,
      engineDirectory: async (signal) => (await traits.read(signal)).rootDirectory,
      pauseImage,
      clock,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dialer[Symbol.asyncDispose]();
    await this.#layers.settled();
  }

  async version(signal: AbortSignal): Promise<RuntimeVersion> {
    const version = await this.#engine.call((docker) => docker.version(), signal);
    return {
      runtimeName: "docker",
      runtimeVersion: version.Version,
      runtimeApiVersion: version.ApiVersion,
    };
  }

  async status(signal: AbortSignal): Promise<RuntimeStatus> {
    const conditions = await Promise.all([this.#engineCondition(signal), this.#networkCondition(signal)]);
    const traits = await this.#traits
      .read(signal)
      .then((info) => info.traits)
      .catch(() => undefined);
    return {
      conditions,
      features: {
        userNamespaces: false,
        supplementalGroupsPolicyStrict: false,
        recursiveReadOnlyMounts: false,
        apparmor: traits?.apparmor ?? false,
        seccomp: traits?.seccomp ?? false,
        handlers: traits?.runtimes ?? [],
        negativeOomScoreAdj: traits?.limits.negativeOomScoreAdj ?? false,
        allCapabilities: traits?.limits.allCapabilities ?? false,
      },
      cgroupDriver: traits?.cgroupDriver ?? "cgroupfs",
      cgroupVersion: traits?.cgroupVersion ?? 2,
    };
  }

  updatePodCidrs(podCidrs: readonly string[], _signal: AbortSignal): Promise<void> {
    return this.#options.network.updatePodCidrs(podCidrs);
  }

  runPodSandbox(config: SandboxConfig, signal: AbortSignal) {
    return this.#sandboxes.run(config, signal);
  }

  stopPodSandbox(sandboxId: string, signal: AbortSignal) {
    return this.#sandboxes.stop(sandboxId, signal);
  }

  removePodSandbox(sandboxId: string, signal: AbortSignal) {
    return this.#sandboxes.remove(sandboxId, signal);
  }

  podSandboxStatus(sandboxId: string, signal: AbortSignal) {
    return this.#sandboxes.status(sandboxId, signal);
  }

  listPodSandboxes(filter: RuntimeFilter, signal: AbortSignal) {
    return this.#sandboxes.list(filter, signal);
  }

  createContainer(sandboxId: string, config: ContainerConfig, signal: AbortSignal) {
    return this.#containers.create(sandboxId, config, signal);
  }

  startContainer(containerId: string, signal: AbortSignal) {
    return this.#containers.start(containerId, signal);
  }

  stopContainer(containerId: string, graceSeconds: number, signal: AbortSignal) {
    return this.#containers.stop(containerId, graceSeconds, signal);
  }

  removeContainer(containerId: string, signal: AbortSignal) {
    return this.#containers.remove(containerId, signal);
  }

  updateContainerResources(containerId: string, resources: LinuxResources, signal: AbortSignal) {
    return this.#containers.updateResources(containerId, resources, signal);
  }

  containerStatus(containerId: string, signal: AbortSignal) {
    return this.#containers.status(containerId, signal);
  }

  listContainers(filter: RuntimeFilter, signal: AbortSignal) {
    return this.#containers.list(filter, signal);
  }

  execSync(containerId: string, command: readonly string[], timeoutMs: number, signal: AbortSignal) {
    return this.#execs.execSync(containerId, command, timeoutMs, signal);
  }

  exec(containerId: string, options: ExecOptions, streams: ProcessStreams, signal: AbortSignal) {
    return this.#execs.exec(containerId, options, streams, signal);
  }

  attach(containerId: string, streams: ProcessStreams, signal: AbortSignal) {
    return attach(this.#engine, containerId, streams, signal);
  }

  async portForward(sandboxId: string, port: number, stream: Duplex, signal: AbortSignal): Promise<void> {
    const sandbox = await this.#containers.inspect(sandboxId, signal);
    await portForward(this.#dialer, sandbox, port, stream, signal);
  }

  async *logs(containerId: string, options: LogOptions, signal: AbortSignal): AsyncIterable<LogLine> {
    const { LogPath: path } = await this.#containers.inspect(containerId, signal);
    // A container that never started has none.
    if (path === "") return;
    const { rootDirectory } = await this.#traits.read(signal);
    await checkLogPath(path, rootDirectory);
    const isRunning = async () => (await this.#containers.find(containerId, signal))?.State.Running ?? false;
    yield* readLogs({ path, isRunning, clock: this.#options.clock }, options, signal);
  }

  listContainerStats(filter: RuntimeFilter, signal: AbortSignal) {
    return this.#stats.containers(filter, signal);
  }

  listPodSandboxStats(filter: RuntimeFilter, signal: AbortSignal) {
    return this.#stats.sandboxes(filter, signal);
  }

  listPodSandboxMetrics(signal: AbortSignal) {
    return this.#monitor.list(signal);
  }

  async *events(signal: AbortSignal): AsyncIterable<RuntimeEvent> {
    const { clock, random, log } = this.#options;
    const onDisconnect = () => this.#traits.forget();
    for await (const event of engineEvents({ engine: this.#engine, clock, random, log, onDisconnect }, signal)) {
      if (event.type === "resync") await this.#releaseOrphans(signal);
      yield event;
    }
  }

  /** Gives back the addresses of sandboxes that were removed behind our back while nobody watched. */
  async #releaseOrphans(signal: AbortSignal): Promise<void> {
    const { network, log } = this.#options;
    try {
      // In this order: a sandbox that is made meanwhile is either not attached yet or in the list.
      const attached = await network.attached();
      const present = new Set((await this.#sandboxes.list({}, signal)).map((sandbox) => sandbox.id));
      for (const id of attached.filter((each) => !present.has(each))) await network.remove(id, undefined, signal);
    } catch (error) {
      if (!signal.aborted) log.warn("networks of removed sandboxes are left behind", { error });
    }
  }

  async #engineCondition(signal: AbortSignal): Promise<RuntimeCondition> {
    try {
      await this.#engine.call((docker) => docker.ping(), signal, statusTimeoutMs);
      return { type: "RuntimeReady", status: true, reason: "", message: "" };
    } catch (error) {
      signal.throwIfAborted();
      const message = error instanceof RuntimeError ? error.message : String(error);
      return { type: "RuntimeReady", status: false, reason: "DockerDaemonNotReady", message };
    }
  }

  async #networkCondition(signal: AbortSignal): Promise<RuntimeCondition> {
    const { ready, reason, message } = await this.#options.network.status(signal);
    return { type: "NetworkReady", status: ready, reason, message };
  }
}
