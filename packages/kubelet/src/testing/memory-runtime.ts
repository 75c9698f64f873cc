import type { Clock } from "@kube-ts/std/clock";
import { BoundedQueue } from "@kube-ts/std/bounded-queue";
import type { ContainerConfig, LinuxResources, SandboxConfig } from "../runtime/config.ts";
import type { LogLine } from "../runtime/logs.ts";
import { RuntimeError } from "../runtime/runtime-error.ts";
import type {
  ContainerStatus,
  ContainerSummary,
  ExecResult,
  Runtime,
  RuntimeEvent,
  RuntimeFilter,
  RuntimeStatus,
  RuntimeVersion,
  SandboxStatus,
} from "../runtime/runtime.ts";
import { MemoryImages } from "./memory-images.ts";

/** How the main process of a container behaves. */
export interface Program {
  /** Ends by itself after this long; absent for never. */
  readonly exitAfterMs?: number;
  readonly exitCode?: number;
  /** How long it takes to end after SIGTERM; absent for at once, Infinity to ignore it. */
  readonly termDelayMs?: number;
  readonly termExitCode?: number;
  /** What it leaves as its output. */
  readonly output?: string;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Container = Mutable<ContainerStatus> & {
  readonly config: ContainerConfig;
  timer?: Disposable;
  ended: () => void;
  readonly end: Promise<void>;
};
type Sandbox = Mutable<SandboxStatus> & { readonly config: SandboxConfig };

/**
 * A container runtime that lives in memory, for tests: it keeps the rules of the real one (unique names, a ready
 * sandbox for every start, graceful stops on the given clock) and lets the test kill, remove and fail things.
 */
export class MemoryRuntime implements Runtime {
  readonly images = new MemoryImages();
  /** What containers of this name run, newest assignment first in effect. */
  readonly programs = new Map<string, Program>();
  /** Answers of exec, by the command joined with spaces. */
  readonly execAnswers = new Map<string, () => Promise<ExecResult> | ExecResult>();
  /** Every call that changed something, in order, as `verb subject`. */
  readonly journal: string[] = [];
  readonly #clock: Clock;
  readonly #sandboxes = new Map<string, Sandbox>();
  readonly #containers = new Map<string, Container>();
  readonly #listeners = new Set<BoundedQueue<RuntimeEvent>>();
  readonly #failures = new Map<string, RuntimeError[]>();
  #ids = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Makes the next call of this method fail. */
  failNext(method: keyof Runtime, error: RuntimeError): void {
    this.#failures.set(method, [...(this.#failures.get(method) ?? []), error]);
  }

  /** The newest instance of a container of any pod. */
  container(name: string): ContainerStatus | undefined {
    return [...this.#containers.values()].findLast((container) => container.name === name);
  }

  /** What the newest instance of a container was made from. */
  configOf(name: string): ContainerConfig | undefined {
    return [...this.#containers.values()].findLast((container) => container.name === name)?.config;
  }

  sandboxes(): readonly SandboxStatus[] {
    return [...this.#sandboxes.values()];
  }

  /** What the sandboxes were made from. */
  sandboxConfigs(): readonly SandboxConfig[] {
    return [...this.#sandboxes.values()].map(({ config }) => config);
  }

  containers(): readonly ContainerStatus[] {
    return [...this.#containers.values()];
  }

  /** Ends the process as from outside. */
  kill(containerId: string, exitCode = 137): void {
    const container = this.#containers.get(containerId);
    if (container?.state === "running") this.#end(container, exitCode);
  }

  /** Ends the sandbox's own process; its containers run on, as with a shared network namespace. */
  killSandbox(sandboxId: string): void {
    const sandbox = this.#sandboxes.get(sandboxId);
    if (!sandbox) return;
    sandbox.state = "notready";
    sandbox.ips = [];
    this.#emit({ type: "sandbox", change: "exited", id: sandbox.id, pod: sandbox.pod });
  }

  async version(): Promise<RuntimeVersion> {
    return { runtimeName: "docker", runtimeVersion: "20.10.24", runtimeApiVersion: "1.41" };
  }

  async status(): Promise<RuntimeStatus> {
    return {
      conditions: [
        { type: "RuntimeReady", status: true, reason: "", message: "" },
        { type: "NetworkReady", status: true, reason: "", message: "" },
      ],
      features: {
        userNamespaces: false,
        supplementalGroupsPolicyStrict: false,
        recursiveReadOnlyMounts: false,
        handlers: ["runc"],
        apparmor: false,
        seccomp: true,
        negativeOomScoreAdj: true,
        allCapabilities: true,
      },
      cgroupDriver: "cgroupfs",
      cgroupVersion: 1,
    };
  }

  async updatePodCidrs(): Promise<void> {}

  async runPodSandbox(config: SandboxConfig, signal: AbortSignal): Promise<string> {
    await this.#call("runPodSandbox", signal);
    const clash = [...this.#sandboxes.values()].some(
      (sandbox) => sandbox.pod.uid === config.pod.uid && sandbox.attempt === config.attempt,
    );
    if (clash) throw new RuntimeError("Conflict", `sandbox attempt ${config.attempt} exists`);
    const id = this.#newId("sandbox");
    const hostNetwork = config.namespaces.network === "node";
    this.#sandboxes.set(id, {
      id,
      pod: config.pod,
      attempt: config.attempt,
      state: "ready",
      createdAtMs: this.#clock.now(),
      labels: config.labels,
      annotations: config.annotations,
      ips: [],
      hostNetwork,
      hostPid: config.namespaces.pid === "node",
      hostIpc: config.namespaces.ipc === "node",
      sharePid: config.namespaces.pid === "pod",
      config,
    });
    const sandbox = this.#sandboxes.get(id);
    // As with the real one, the sandbox is there before its network is.
    this.#emit({ type: "sandbox", change: "created", id, pod: config.pod });
    await new Promise((resolve) => setTimeout(resolve, 2));
    signal.throwIfAborted();
    if (sandbox && !hostNetwork) sandbox.ips = [`10.244.0.${this.#ids}`];
    this.journal.push(`runPodSandbox ${config.pod.name}`);
    this.#emit({ type: "sandbox", change: "started", id, pod: config.pod });
    return id;
  }

  async stopPodSandbox(sandboxId: string, signal: AbortSignal): Promise<void> {
    await this.#call("stopPodSandbox", signal);
    const sandbox = this.#sandboxes.get(sandboxId);
    if (!sandbox) return;
    for (const container of this.#of(sandboxId)) if (container.state === "running") this.#end(container, 137);
    this.journal.push(`stopPodSandbox ${sandbox.pod.name}`);
    this.killSandbox(sandboxId);
  }

  async removePodSandbox(sandboxId: string, signal: AbortSignal): Promise<void> {
    await this.stopPodSandbox(sandboxId, signal);
    const sandbox = this.#sandboxes.get(sandboxId);
    if (!sandbox) return;
    for (const container of this.#of(sandboxId)) this.#drop(container);
    this.#sandboxes.delete(sandboxId);
    this.journal.push(`removePodSandbox ${sandbox.pod.name}`);
    this.#emit({ type: "sandbox", change: "removed", id: sandboxId, pod: sandbox.pod });
  }

  async podSandboxStatus(sandboxId: string): Promise<SandboxStatus | undefined> {
    const sandbox = this.#sandboxes.get(sandboxId);
    return sandbox && { ...sandbox };
  }

  async listPodSandboxes(filter: RuntimeFilter, signal: AbortSignal): Promise<readonly SandboxStatus[]> {
    await this.#call("listPodSandboxes", signal);
    return [...this.#sandboxes.values()]
      .filter((sandbox) => selects(filter, sandbox))
      .map((sandbox) => ({ ...sandbox }));
  }

  async createContainer(sandboxId: string, config: ContainerConfig, signal: AbortSignal): Promise<string> {
    await this.#call("createContainer", signal);
    const sandbox = this.#sandboxes.get(sandboxId);
    if (sandbox?.state !== "ready") throw new RuntimeError("NotFound", `sandbox ${sandboxId} is not ready`);
    const clash = [...this.#containers.values()].some(
      ({ pod, name, attempt }) => pod.uid === sandbox.pod.uid && name === config.name && attempt === config.attempt,
    );
    if (clash) throw new RuntimeError("Conflict", `container ${config.name} attempt ${config.attempt} exists`);
    const id = this.#newId(config.name);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#containers.set(id, {
      id,
      podSandboxId: sandboxId,
      pod: sandbox.pod,
      name: config.name,
      attempt: config.attempt,
      image: config.userImage,
      imageId: config.image,
      imageRef: `docker://${config.image}`,
      state: "created",
      createdAtMs: this.#clock.now(),
      labels: config.labels,
      annotations: config.annotations,
      startedAtMs: undefined,
      finishedAtMs: undefined,
      exitCode: 0,
      reason: "",
      message: "",
      logPath: "",
      mounts: config.mounts,
      user: undefined,
      resources: config.resources,
      config,
      end: promise,
      ended: resolve,
    });
    this.journal.push(`createContainer ${config.name}`);
    this.#emit({ type: "container", change: "created", id, pod: sandbox.pod });
    return id;
  }

  async startContainer(containerId: string, signal: AbortSignal): Promise<void> {
    await this.#call("startContainer", signal);
    const container = this.#find(containerId);
    if (container.state !== "created") throw new RuntimeError("Conflict", `container is ${container.state}`);
    if (this.#sandboxes.get(container.podSandboxId)?.state !== "ready") {
      throw new RuntimeError("Conflict", "the sandbox is not ready");
    }
    container.state = "running";
    container.startedAtMs = this.#clock.now();
    this.journal.push(`startContainer ${container.name}`);
    this.#emit({ type: "container", change: "started", id: containerId, pod: container.pod });
    const { exitAfterMs, exitCode = 0 } = this.#programOf(container);
    if (exitAfterMs !== undefined) this.#endLater(container, exitAfterMs, exitCode);
  }

  async stopContainer(containerId: string, graceSeconds: number, signal: AbortSignal): Promise<void> {
    await this.#call("stopContainer", signal);
    const container = this.#containers.get(containerId);
    if (container?.state !== "running") return;
    this.journal.push(`stopContainer ${container.name} ${graceSeconds}`);
    const { termDelayMs = 0, termExitCode = 143 } = this.#programOf(container);
    const graceMs = graceSeconds * 1000;
    if (termDelayMs <= graceMs) this.#endLater(container, termDelayMs, termExitCode);
    else this.#endLater(container, graceMs, 137);
    await Promise.race([container.end, aborted(signal)]);
    signal.throwIfAborted();
  }

  async removeContainer(containerId: string, signal: AbortSignal): Promise<void> {
    await this.#call("removeContainer", signal);
    const container = this.#containers.get(containerId);
    if (container) this.#drop(container);
  }

  async updateContainerResources(containerId: string, resources: LinuxResources, signal: AbortSignal): Promise<void> {
    await this.#call("updateContainerResources", signal);
    const container = this.#find(containerId);
    container.resources = { ...container.resources, ...resources };
  }

  async containerStatus(containerId: string): Promise<ContainerStatus | undefined> {
    const container = this.#containers.get(containerId);
    return container && { ...container };
  }

  async listContainers(filter: RuntimeFilter, signal: AbortSignal): Promise<readonly ContainerSummary[]> {
    await this.#call("listContainers", signal);
    return [...this.#containers.values()]
      .filter((container) => selects(filter, container))
      .map((container) => ({ ...container }));
  }

  async execSync(containerId: string, command: readonly string[]): Promise<ExecResult> {
    const container = this.#find(containerId);
    if (container.state !== "running") throw new RuntimeError("Conflict", "the container does not run");
    this.journal.push(`exec ${container.name} ${command.join(" ")}`);
    const answer = this.execAnswers.get(command.join(" "));
    return answer ? answer() : { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0), exitCode: 0 };
  }

  async exec(): Promise<number> {
    throw new RuntimeError("Unsupported", "no streams in memory");
  }

  async attach(): Promise<void> {
    throw new RuntimeError("Unsupported", "no streams in memory");
  }

  async portForward(): Promise<void> {
    throw new RuntimeError("Unsupported", "no streams in memory");
  }

  async *logs(containerId: string): AsyncIterable<LogLine> {
    const { output } = this.#programOf(this.#find(containerId));
    for (const line of output?.split(/(?<=\n)/) ?? []) {
      yield { stream: "stdout", timestamp: new Date(this.#clock.now()).toISOString(), content: Buffer.from(line) };
    }
  }

  async listContainerStats(): Promise<readonly []> {
    return [];
  }

  async listPodSandboxMetrics(): Promise<readonly []> {
    return [];
  }

  async listPodSandboxStats(): Promise<readonly []> {
    return [];
  }

  async *events(signal: AbortSignal): AsyncIterable<RuntimeEvent> {
    const queue = new BoundedQueue<RuntimeEvent>(10_000);
    this.#listeners.add(queue);
    try {
      yield { type: "resync" };
      while (!signal.aborted) {
        const event = await queue.shift(signal).catch(() => undefined);
        if (!event) return;
        yield event;
      }
    } finally {
      this.#listeners.delete(queue);
    }
  }

  async #call(method: keyof Runtime, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const [error, ...rest] = this.#failures.get(method) ?? [];
    this.#failures.set(method, rest);
    if (error) throw error;
  }

  #programOf(container: Container): Program {
    return this.programs.get(container.name) ?? {};
  }

  #endLater(container: Container, afterMs: number, exitCode: number): void {
    container.timer?.[Symbol.dispose]();
    if (afterMs <= 0) this.#end(container, exitCode);
    else container.timer = this.#clock.setTimer(afterMs, () => this.#end(container, exitCode));
  }

  #end(container: Container, exitCode: number): void {
    container.timer?.[Symbol.dispose]();
    if (container.state !== "running") return;
    container.state = "exited";
    container.finishedAtMs = this.#clock.now();
    container.exitCode = exitCode;
    container.reason = exitCode === 0 ? "Completed" : "Error";
    this.journal.push(`exit ${container.name} ${exitCode}`);
    this.#emit({ type: "container", change: "exited", id: container.id, pod: container.pod });
    container.ended();
  }

  #drop(container: Container): void {
    if (container.state === "running") this.#end(container, 137);
    this.#containers.delete(container.id);
    this.journal.push(`removeContainer ${container.name}`);
    this.#emit({ type: "container", change: "removed", id: container.id, pod: container.pod });
  }

  #find(containerId: string): Container {
    const container = this.#containers.get(containerId);
    if (!container) throw new RuntimeError("NotFound", `no container ${containerId}`);
    return container;
  }

  #of(sandboxId: string): Container[] {
    return [...this.#containers.values()].filter((container) => container.podSandboxId === sandboxId);
  }

  #newId(prefix: string): string {
    this.#ids += 1;
    return `${prefix}-${this.#ids}`;
  }

  #emit(event: RuntimeEvent): void {
    for (const listener of this.#listeners) listener.push(event);
  }
}

interface Selectable {
  readonly id: string;
  readonly podSandboxId?: string;
  readonly labels: Readonly<Record<string, string>>;
}

function selects(filter: RuntimeFilter, item: Selectable): boolean {
  if (filter.id !== undefined && filter.id !== item.id) return false;
  if (filter.podSandboxId !== undefined && filter.podSandboxId !== item.podSandboxId) return false;
  return Object.entries(filter.labels ?? {}).every(([name, value]) => item.labels[name] === value);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
