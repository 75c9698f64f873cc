import { isAbort } from "@kube-ts/std/abort";
import { type Clock, systemClock } from "@kube-ts/std/clock";
import { runProgram } from "@kube-ts/std/run-program";
import { type GroupProvider, type NamedMachine, OutOfMachinesError, RequestError } from "../group-provider.ts";
import { wakeOnLan } from "../wake-on-lan.ts";
import type { Inventory, InventoryGroup, InventoryMachine } from "./inventory.ts";
import { WokenMachines } from "./woken-machines.ts";

const commandTimeoutMs = 60_000;
/** How long a machine may need to draw power after it was woken. */
const wakeMs = 3 * 60_000;
/** How long a machine may need to lose it. */
const offMs = 60_000;
const offCheckMs = 2_000;

/** Unknown when the machine's controller does not answer, or nobody can tell. */
type Power = "on" | "off" | "unknown";

/** Machines that stand there already: starting and stopping them is adding and removing them. */
export class BareMetalProvider implements GroupProvider {
  readonly #inventory: Inventory;
  readonly #woken: WokenMachines;
  readonly #clock: Clock;

  constructor(inventory: Inventory, clock: Clock = systemClock) {
    this.#inventory = inventory;
    this.#woken = new WokenMachines(inventory.stateDirectory);
    this.#clock = clock;
  }

  async list(signal: AbortSignal): Promise<object> {
    const woken = await this.#woken.all();
    const groups = this.#inventory.groups.map(async ({ machines, ...group }) => {
      const states = await Promise.all(machines.map(async (machine) => this.#stateOf(machine, woken, signal)));
      const present = machines.flatMap(({ id, name }, index) => {
        const state = states[index];
        return state ? [{ id, nodeName: name, ...state }] : [];
      });
      return { ...group, machines: present };
    });
    return { groups: await Promise.all(groups) };
  }

  async increase(groupName: string, count: number, signal: AbortSignal): Promise<void> {
    const { machines } = this.#group(groupName);
    const woken = await this.#woken.all();
    let left = count;
    for (const machine of machines) {
      if (left === 0) return;
      if (woken.has(machine.name) || !(await this.#isStartable(machine, signal))) continue;
      await this.#start(machine, signal);
      left -= 1;
    }
    if (left > 0) throw new OutOfMachinesError(`group ${groupName}: ${left} of ${count} machines are not there`);
  }

  async delete(groupName: string, named: readonly NamedMachine[], signal: AbortSignal): Promise<void> {
    const { machines } = this.#group(groupName);
    const ids = new Set(named.map(({ id }) => id));
    const chosen = machines.filter(({ id }) => ids.has(id));
    await Promise.all(chosen.map((machine) => this.#turnOff(machine, signal)));
    for (const { name } of chosen) await this.#woken.remove(name);
  }

  async fence(node: string, providerId: string, signal: AbortSignal): Promise<void> {
    const all = this.#inventory.groups.flatMap(({ machines }) => machines);
    const machine = all.find(({ id }) => id === providerId) ?? all.find(({ name }) => name === node);
    if (!machine) throw new RequestError(`node ${node} is no machine of the inventory`);
    await this.#turnOff(machine, signal);
  }

  #group(name: string): InventoryGroup {
    const group = this.#inventory.groups.find((candidate) => candidate.name === name);
    if (!group) throw new RequestError(`there is no group ${JSON.stringify(name)}`);
    return group;
  }

  /** Undefined for a machine that is off and is to be. */
  async #stateOf(machine: InventoryMachine, woken: ReadonlyMap<string, number>, signal: AbortSignal) {
    const wokenMs = woken.get(machine.name);
    const power = await this.#power(machine, signal);
    if (power === "on") return { state: "Running" };
    if (wokenMs === undefined) return undefined;
    if (power === "unknown") return { state: "Running" };
    if (this.#clock.now() - wokenMs < wakeMs) return { state: "Creating" };
    const message = `${machine.name} was started and is off`;
    return { state: "Failed", error: { class: "Other", message } };
  }

  /** Without a way to ask, a machine that was not started is taken to be off. */
  async #isStartable(machine: InventoryMachine, signal: AbortSignal): Promise<boolean> {
    return this.#inventory.powerState.length === 0 || (await this.#power(machine, signal)) === "off";
  }

  async #start(machine: InventoryMachine, signal: AbortSignal): Promise<void> {
    // Known as started before it is: a machine that was started and not noted would be asked for twice.
    await this.#woken.add(machine.name, this.#clock.now());
    try {
      if (machine.powerOn.length > 0) await this.#run(machine.powerOn, machine, signal);
      else await wakeOnLan(machine.mac, machine.broadcast, machine.port);
    } catch (error) {
      await this.#woken.remove(machine.name);
      throw error;
    }
  }

  async #turnOff(machine: InventoryMachine, signal: AbortSignal): Promise<void> {
    await this.#run(this.#inventory.powerOff, machine, signal);
    if (this.#inventory.powerState.length === 0) return;
    const deadlineMs = this.#clock.monotonicMs() + offMs;
    while ((await this.#power(machine, signal)) !== "off") {
      if (this.#clock.monotonicMs() >= deadlineMs) throw new Error(`${machine.name} was turned off and is not off`);
      await this.#clock.sleep(offCheckMs, signal);
    }
  }

  async #power(machine: InventoryMachine, signal: AbortSignal): Promise<Power> {
    if (this.#inventory.powerState.length === 0) return "unknown";
    try {
      const said = (await this.#run(this.#inventory.powerState, machine, signal)).trim().toLowerCase();
      return said === "on" || said === "off" ? said : "unknown";
    } catch (error) {
      if (isAbort(error, signal)) throw error;
      return "unknown";
    }
  }

  async #run(command: readonly string[], machine: InventoryMachine, signal: AbortSignal): Promise<string> {
    const { name, id, mac, environment } = machine;
    const own = { ...environment, MACHINE: name, MACHINE_ID: id, MAC: mac };
    const { stdout } = await runProgram({ command, environment: own, timeoutMs: commandTimeoutMs }, signal);
    return stdout;
  }
}
