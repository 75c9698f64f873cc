import { run } from "../../deploy/local/command.ts";
import type { Machine } from "./machine.ts";
import { containerGroups, environmentOf, processOf } from "./running-containers.ts";
import type { ContainerGroup } from "./running-containers.ts";

/** A container that was seen, and when; milliseconds of the monotonic clock. */
export interface Sighting {
  /** Who it is: what its environment has as `identityVariable`. */
  readonly identity: string;
  readonly machine: string;
  readonly container: string;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
}

/** The variable by which a container says who it is. */
export const identityVariable = "WATCHED_IDENTITY";

/** Between two looks; what lives shorter may be missed. */
const everyMs = 200;

/**
 * Watches which containers really run on machines, whatever the cluster thinks of them: on machines that are cut off or
 * hang, too. Only containers with `identityVariable` in their environment are of interest.
 */
export class PodSightings implements Disposable {
  readonly #machines: ReadonlyMap<string, string>;
  readonly #sightings = new Map<string, Sighting>();
  /** Containers without an identity. */
  readonly #others = new Set<string>();
  readonly #together = new Set<string>();
  readonly #timer: NodeJS.Timeout;

  private constructor(machines: ReadonlyMap<string, string>) {
    this.#machines = machines;
    this.#timer = setInterval(() => this.#look(), everyMs);
  }

  static async start(machines: readonly Machine[]): Promise<PodSightings> {
    const ids = machines.map(async ({ name, container }) => {
      const id = await run("docker", ["inspect", "--format", "{{.Id}}", container]);
      return [name, id.trim()] as const;
    });
    return new PodSightings(new Map(await Promise.all(ids)));
  }

  /** In the order in which they were first seen. */
  of(identity: string): readonly Sighting[] {
    return [...this.#sightings.values()].filter((sighting) => sighting.identity === identity);
  }

  get identities(): readonly string[] {
    return [...new Set([...this.#sightings.values()].map(({ identity }) => identity))].toSorted();
  }

  /** Which identities ran twice at a time, and where; nothing when all is well. */
  get twice(): readonly string[] {
    return [...this.#together].toSorted();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const seen = new Map<string, Sighting>();
    for (const [machine, id] of this.#machines) {
      for (const group of containerGroups(id)) {
        const sighting = this.#recognize(machine, group);
        if (sighting === undefined) continue;
        const other = seen.get(sighting.identity);
        if (other) this.#together.add(describeTwo(other, sighting));
        seen.set(sighting.identity, sighting);
      }
    }
  }

  #recognize(machine: string, group: ContainerGroup): Sighting | undefined {
    const { container } = group;
    const process = this.#others.has(container) ? undefined : processOf(group);
    if (process === undefined) return undefined;
    const known = this.#sightings.get(container);
    const identity = known?.identity ?? this.#identityOf(container, process);
    if (identity === undefined) return undefined;
    const lastSeenAt = performance.now();
    const sighting = { identity, machine, container, firstSeenAt: lastSeenAt, ...known, lastSeenAt };
    this.#sightings.set(container, sighting);
    return sighting;
  }

  #identityOf(container: string, process: number): string | undefined {
    const environment = environmentOf(process);
    const identity = environment?.get(identityVariable);
    if (environment && identity === undefined) this.#others.add(container);
    return identity;
  }
}

function describeTwo(one: Sighting, other: Sighting): string {
  const where = [one, other].map(({ machine, container }) => `${container.slice(0, 12)} on ${machine}`);
  return `${one.identity} ran as ${where.join(" and as ")}`;
}
