import { randomBytes } from "node:crypto";
import { run } from "../../deploy/local/command.ts";
import { labLabel, useLabEngine } from "./lab-engine.ts";
import type { LabSegment } from "./lab-network.ts";
import { createSegment } from "./lab-network.ts";
import { removeLab, removeLeftovers, tableOf } from "./leftovers.ts";
import { machineArguments, routerArguments } from "./machine-container.ts";
import type { Disk } from "./machine-container.ts";
import { ensureMachineImage } from "./machine-image.ts";
import { Machine } from "./machine.ts";
import { ownIdentity, ownerLabel } from "./owner.ts";
import { Wires } from "./wires.ts";

export interface MachineSpec {
  /** Its host name. */
  readonly name: string;
  /** Which segment its cable goes to, from 0. */
  readonly segment?: number;
  /** Directories with a small disk of their own, which can be filled. */
  readonly disks?: readonly Disk[];
  readonly memoryMb?: number;
}

export interface LabSpec {
  readonly machines: readonly MachineSpec[];
  readonly network?: {
    /** Whether machines have addresses of both families. */
    readonly ipv6?: boolean;
    /** With two, a router joins them that knows the machines' addresses and nothing of pods. */
    readonly segments?: 1 | 2;
  };
}

/** Numbers of addresses in a segment: 1 is the bridge. */
const routerNumber = 2;
const firstMachineNumber = 11;

/** Machines on a network of their own, for the time of a test. */
export class Lab implements AsyncDisposable {
  readonly id: string;
  readonly wires: Wires;
  readonly segments: readonly LabSegment[];
  readonly #machines: Machine[] = [];
  readonly #engine: AsyncDisposable;

  private constructor(id: string, segments: readonly LabSegment[], engine: AsyncDisposable) {
    this.id = id;
    this.segments = segments;
    this.#engine = engine;
    this.wires = new Wires(tableOf(id), segments);
  }

  /** Boots the machines at the same time. What killed laboratories left is removed before. */
  static async start({ machines, network = {} }: LabSpec): Promise<Lab> {
    const engine = await useLabEngine();
    await removeLeftovers();
    await ensureMachineImage();
    const id = randomBytes(3).toString("hex");
    try {
      const segments: LabSegment[] = [];
      for (let index = 0; index < (network.segments ?? 1); index += 1) {
        segments.push(await createSegment(id, index, network.ipv6 ?? false));
      }
      const lab = new Lab(id, segments, engine);
      await lab.wires.apply();
      if (segments.length > 1) await lab.#startRouter();
      await lab.#boot(machines);
      return lab;
    } catch (error) {
      await removeLab(id);
      await engine[Symbol.asyncDispose]();
      throw error;
    }
  }

  get machines(): readonly Machine[] {
    return this.#machines;
  }

  machine(name: string): Machine {
    const machine = this.#machines.find((machine) => machine.name === name);
    if (machine === undefined) throw new Error(`the laboratory has no machine ${JSON.stringify(name)}`);
    return machine;
  }

  /** The engine's ids of the machines that are on. */
  async containerIds(): Promise<readonly string[]> {
    const filter = `label=${labLabel}=${this.id}`;
    return (await run("docker", ["ps", "--no-trunc", "--quiet", "--filter", filter])).split("\n").filter(Boolean);
  }

  /** Adds a machine to those that run. They find it by address; their /etc/hosts does not know it. */
  async add(spec: MachineSpec): Promise<Machine> {
    await this.#boot([spec]);
    return this.machine(spec.name);
  }

  /** Takes the machine and its disks away for good. */
  async remove(machine: Machine): Promise<void> {
    await run("docker", ["rm", "--force", "--volumes", machine.container]);
    await run("docker", ["volume", "rm", `${machine.container}-engine`]);
    this.#machines.splice(this.#machines.indexOf(machine), 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await removeLab(this.id);
    await this.#engine[Symbol.asyncDispose]();
  }

  get #labels(): Readonly<Record<string, string>> {
    return { [labLabel]: this.id, [ownerLabel]: ownIdentity() };
  }

  async #boot(specs: readonly MachineSpec[]): Promise<void> {
    const first = firstMachineNumber + this.#machines.length;
    const numbered = specs.map((spec, index) => ({ spec, number: first + index, segment: this.#segment(spec) }));
    const hosts = [
      ...this.#machines,
      ...numbered.map(({ spec: { name }, number, segment }) => ({ name, addresses: segment.address(number) })),
    ];
    const started = numbered.map(async ({ spec, number, segment }) => {
      const container = `kube-ts-lab-${this.id}-${spec.name}`;
      const addresses = segment.address(number);
      const mac = `02:6b:${this.id.replaceAll(/(..)(?=.)/g, "$1:")}:${number.toString(16).padStart(2, "0")}`;
      const machine = new Machine({ name: spec.name, addresses, container, mac }, () => this.wires.plugIn(machine));
      this.#machines.push(machine);
      const engineVolume = `${container}-engine`;
      const labels = Object.entries(this.#labels).map(([key, value]) => `--label=${key}=${value}`);
      await run("docker", ["volume", "create", ...labels, engineVolume]);
      const gateways = this.segments.length > 1 ? segment.address(routerNumber) : [];
      const disks = spec.disks ?? [];
      const memory = spec.memoryMb === undefined ? {} : { memoryMb: spec.memoryMb };
      const identity = { container, name: spec.name, labels: this.#labels, mac, addresses, hosts };
      await run(
        "docker",
        machineArguments({ ...identity, network: segment.name, gateways, engineVolume, disks, ...memory }),
      );
      await machine.waitUntilBooted();
    });
    // All end before anything is removed, whatever one of them says.
    for (const outcome of await Promise.allSettled(started)) if (outcome.status === "rejected") throw outcome.reason;
  }

  #segment({ name, segment = 0 }: MachineSpec): LabSegment {
    const found = this.segments[segment];
    if (found === undefined) throw new Error(`machine ${name}: there is no segment ${segment}`);
    return found;
  }

  async #startRouter(): Promise<void> {
    const [near, ...far] = this.segments;
    if (near === undefined) return;
    const container = `kube-ts-lab-${this.id}-router`;
    const addresses = near.address(routerNumber);
    await run("docker", routerArguments({ container, labels: this.#labels, network: near.name, addresses }));
    for (const segment of far) {
      const [ipv4 = "", ipv6] = segment.address(routerNumber);
      const ips = [`--ip=${ipv4}`, ...(ipv6 === undefined ? [] : [`--ip6=${ipv6}`])];
      await run("docker", ["network", "connect", ...ips, segment.name, container]);
    }
  }
}

/** Feeds a machine's engine an image of this computer's, as `docker save | docker load` does. */
export async function loadImage(machine: Machine, image: string): Promise<void> {
  await run(
    "sh",
    ["-c", 'docker save "$0" | docker exec --interactive "$1" docker load', image, machine.container],
    300_000,
  );
}
