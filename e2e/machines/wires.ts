import { run, runWithInput } from "../../deploy/local/command.ts";
import { eventually } from "../harness/eventually.ts";
import type { Machine } from "./machine.ts";
import type { Segment } from "./wire-rules.ts";
import { wireRules } from "./wire-rules.ts";

/** The cables of a laboratory, and what is done to them. A fault outlasts a power cycle; healing takes it back. */
export class Wires {
  readonly #table: string;
  readonly #segments: readonly Segment[];
  readonly #cut = new Set<Machine>();
  readonly #lossy = new Map<Machine, number>();
  #partitions: (readonly [Machine, Machine])[] = [];

  constructor(table: string, segments: readonly Segment[]) {
    this.#table = table;
    this.#segments = segments;
  }

  /** Pulls the machine's cable: its interface has no carrier, as `ip link` on it shows. */
  async cut(machine: Machine): Promise<void> {
    this.#cut.add(machine);
    await this.apply();
    await setLink(machine, "down");
  }

  /** The two no longer hear each other; everybody else hears both. */
  async partition(one: Machine, other: Machine): Promise<void> {
    this.#partitions.push([one, other]);
    await this.apply();
  }

  /** Nobody of the one group hears anybody of the other. The computer that runs the tests hears all. */
  async partitionGroups(some: readonly Machine[], others: readonly Machine[]): Promise<void> {
    for (const one of some) for (const other of others) this.#partitions.push([one, other]);
    await this.apply();
  }

  /** Loses this share of the packets to and from the machine, at random. */
  async lose(machine: Machine, percent: number): Promise<void> {
    if (!Number.isInteger(percent) || percent < 0 || percent > 100) throw new Error(`${percent} is no percentage`);
    this.#lossy.set(machine, percent);
    await this.apply();
  }

  /** Repairs everything, or everything about one machine. */
  async heal(machine?: Machine): Promise<void> {
    const mended = [...this.#cut].filter((cut) => machine === undefined || cut === machine);
    for (const cut of mended) this.#cut.delete(cut);
    this.#partitions = machine === undefined ? [] : this.#partitions.filter((pair) => !pair.includes(machine));
    if (machine === undefined) this.#lossy.clear();
    else this.#lossy.delete(machine);
    await this.apply();
    for (const cut of mended) await setLink(cut, "up");
  }

  /** After a machine's start, which plugs in a new cable: one that was cut is cut. */
  async plugIn(machine: Machine): Promise<void> {
    if (this.#cut.has(machine)) await setLink(machine, "down");
  }

  /** Makes the packet filter agree with what is known to be wrong. */
  async apply(): Promise<void> {
    const rules = wireRules(this.#table, this.#segments, {
      cut: [...this.#cut],
      partitions: this.#partitions,
      lossy: [...this.#lossy].map(([plug, percent]) => ({ plug, percent })),
    });
    await runWithInput("nft", ["-f", "-"], rules);
  }
}

/** Switches the bridge's end of the cable. A machine that is off has none. */
async function setLink(machine: Machine, state: "up" | "down"): Promise<void> {
  if (!(await machine.isOn())) return;
  const index = (await machine.run("cat /sys/class/net/eth0/iflink")).trim();
  const links = await run("ip", ["-oneline", "link", "show"]);
  const link = new RegExp(`^${index}: ([^@:]+)`, "m").exec(links)?.[1];
  if (link === undefined) throw new Error(`${machine.name}: no interface has the index ${index}`);
  await run("ip", ["link", "set", link, state]);
  const carrier = state === "up" ? "1" : "0";
  await eventually(
    `${machine.name}: the carrier is ${state}`,
    () => machine.attempt("cat /sys/class/net/eth0/carrier"),
    ({ stdout }) => stdout.trim() === carrier,
    10_000,
  );
}
