import { type Clock, systemClock } from "@kube-ts/std/clock";
import { ProgramError, runProgram } from "@kube-ts/std/run-program";
import { type GroupProvider, type NamedMachine, OutOfMachinesError, RequestError } from "../group-provider.ts";
import type { ContainerConfig } from "./container-config.ts";

const groupLabel = "io.kube-ts.node-group";
const dockerTimeoutMs = 60_000;
const joinTimeoutMs = 60_000;
const bootMs = 90_000;
const bootCheckMs = 500;
const joinScript = "/root/join-cluster.sh";

interface Container {
  readonly name: string;
  readonly state: string;
}

/** Machines that are containers: each runs systemd and joins the cluster by a token. */
export class ContainerProvider implements GroupProvider {
  readonly #config: ContainerConfig;
  readonly #clock: Clock;

  constructor(config: ContainerConfig, clock: Clock = systemClock) {
    this.#config = config;
    this.#clock = clock;
  }

  async list(signal: AbortSignal): Promise<object> {
    const machines = (await this.#containers(signal)).map(({ name, state }) => ({
      id: name,
      nodeName: name,
      ...stateOf(state),
    }));
    return { groups: [{ ...this.#config.group, machines }] };
  }

  async increase(group: string, count: number, signal: AbortSignal): Promise<void> {
    this.#check(group);
    const names = new Set((await this.#containers(signal)).map(({ name }) => name));
    const { maxSize } = this.#config.group;
    if (names.size + count > maxSize) throw new OutOfMachinesError(`group ${group} has at most ${maxSize} machines`);
    const join = await this.#joinLine(signal);
    let number = this.#config.firstNumber;
    for (let left = count; left > 0; number += 1) {
      const name = `${this.#config.namePrefix}${number}`;
      if (names.has(name)) continue;
      await this.#start(name, number, join, signal);
      left -= 1;
    }
  }

  async delete(group: string, machines: readonly NamedMachine[], signal: AbortSignal): Promise<void> {
    this.#check(group);
    const ids = new Set(machines.map(({ id }) => id));
    for (const { name } of await this.#containers(signal)) {
      if (ids.has(name)) await this.#remove(name, signal);
    }
  }

  /** A container that is killed stays so until somebody starts it. */
  async fence(node: string, providerId: string, signal: AbortSignal): Promise<void> {
    const containers = await this.#containers(signal);
    const found = containers.find(({ name }) => name === providerId || name === node);
    if (!found) throw new RequestError(`node ${node} is no machine of group ${this.#config.group.name}`);
    if (found.state !== "running" && found.state !== "paused") return;
    await this.#docker(["kill", found.name], signal);
    const state = (await this.#docker(["inspect", "--format={{.State.Running}}", found.name], signal)).trim();
    if (state !== "false") throw new Error(`container ${found.name} was killed and runs`);
  }

  async #containers(signal: AbortSignal): Promise<readonly Container[]> {
    const filter = `--filter=label=${groupLabel}=${this.#config.group.name}`;
    const text = await this.#docker(["ps", "--all", filter, "--format={{.Names}} {{.State}}"], signal);
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const [name = "", state = ""] = line.split(" ");
        return { name, state };
      });
  }

  /** Boots a machine and tells it how to join; the joining goes on in it. What does not boot is removed. */
  async #start(name: string, number: number, join: string, signal: AbortSignal): Promise<void> {
    const { image, runArguments, setup, group } = this.#config;
    const own = runArguments.map((text) => text.replaceAll("{name}", name).replaceAll("{number}", String(number)));
    const volume = `--volume=${name}:/var/lib/docker`;
    const label = `--label=${groupLabel}=${group.name}`;
    try {
      await this.#docker(
        ["run", "--detach", `--name=${name}`, `--hostname=${name}`, label, volume, ...own, image],
        signal,
      );
      await this.#untilBooted(name, signal);
      const script = ["set -eux", ...setup, join].join("\n");
      await this.#docker(["exec", "--interactive", name, "sh", "-c", `umask 077; cat >${joinScript}`], signal, script);
      const unit = ["systemd-run", "--unit=join-cluster", "--no-block", "sh", joinScript];
      await this.#docker(["exec", name, ...unit], signal);
    } catch (error) {
      // Told to stop or not: half a machine is of no use to anybody.
      await this.#remove(name, AbortSignal.timeout(dockerTimeoutMs)).catch(() => undefined);
      throw error;
    }
  }

  async #untilBooted(name: string, signal: AbortSignal): Promise<void> {
    const deadlineMs = this.#clock.monotonicMs() + bootMs;
    for (;;) {
      const state = await this.#docker(["exec", name, "systemctl", "is-system-running"], signal).catch(
        (error: unknown) => {
          // Every state but "running" is a failure to systemctl; a degraded machine works well enough to join.
          if (error instanceof ProgramError) return error.stdout;
          throw error;
        },
      );
      if (["running", "degraded"].includes(state.trim())) return;
      if (this.#clock.monotonicMs() >= deadlineMs) throw new Error(`machine ${name} did not boot: ${state.trim()}`);
      await this.#clock.sleep(bootCheckMs, signal);
    }
  }

  async #joinLine(signal: AbortSignal): Promise<string> {
    const { joinCommand, environment } = this.#config;
    if (joinCommand.length === 0) return "";
    const { stdout } = await runProgram({ command: joinCommand, environment, timeoutMs: joinTimeoutMs }, signal);
    const line = stdout.split("\n").findLast((candidate) => candidate.includes("kube-ts join "));
    if (line === undefined) throw new Error(`${joinCommand.join(" ")} has printed no line with "kube-ts join"`);
    return line.trim();
  }

  async #remove(name: string, signal: AbortSignal): Promise<void> {
    await this.#docker(["rm", "--force", "--volumes", name], signal);
    await this.#docker(["volume", "rm", "--force", name], signal);
  }

  #check(group: string): void {
    if (group !== this.#config.group.name) throw new RequestError(`there is no group ${JSON.stringify(group)}`);
  }

  async #docker(args: readonly string[], signal: AbortSignal, input = ""): Promise<string> {
    const { environment } = this.#config;
    const call = { command: ["docker", ...args], environment, input, timeoutMs: dockerTimeoutMs };
    return (await runProgram(call, signal)).stdout;
  }
}

function stateOf(state: string) {
  if (state === "running" || state === "paused") return { state: "Running" };
  if (state === "created" || state === "restarting") return { state: "Creating" };
  if (state === "removing") return { state: "Deleting" };
  return { state: "Failed", error: { class: "Other", message: `the container is ${state}` } };
}
