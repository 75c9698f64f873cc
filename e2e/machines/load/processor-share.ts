import { existsSync, readFileSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

/** `user` and so on of /proc/stat count hundredths of a second. */
const tickMs = 10;

/**
 * How much slower things may be because of what else this computer does: limits of time are for a computer of one's
 * own. From its creation on it counts the processor time of everybody and of the laboratory's containers.
 */
export class ProcessorShare {
  readonly #containers: ReadonlyMap<string, number>;
  readonly #startedAt = performance.now();
  readonly #busyMs = busyMs();
  readonly #process = process.cpuUsage();

  /** Ids of the containers whose processor time is the laboratory's own. */
  constructor(containers: readonly string[]) {
    this.#containers = new Map(containers.map((id) => [id, containerMs(id)]));
  }

  /** 1 when nobody else took any time; 2 when others took half of what there was. At most 10. */
  get stretch(): number {
    const capacityMs = (performance.now() - this.#startedAt) * availableParallelism();
    const othersMs = busyMs() - this.#busyMs - this.#ownMs();
    const left = 1 - Math.max(0, othersMs) / capacityMs;
    return 1 / Math.max(0.1, Math.min(1, left));
  }

  #ownMs(): number {
    const { user, system } = process.cpuUsage(this.#process);
    let sum = (user + system) / 1000;
    for (const [id, before] of this.#containers) {
      const now = containerMs(id);
      // The count of one that was switched off meanwhile has begun anew.
      sum += now < before ? now : now - before;
    }
    return sum;
  }
}

/** Processor time that anything took, of all processors. */
function busyMs(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = readFileSync("/proc/stat", "utf8")
    .slice(4)
    .trimStart()
    .split(/\s+/, 8)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) * tickMs;
}

/** Processor time of a container and all that it contains; 0 for one that does not run. */
function containerMs(id: string): number {
  const legacy = ["cpuacct", ...readdirSync("/sys/fs/cgroup").filter((name) => name.includes("cpuacct"))]
    .map((controller) => join("/sys/fs/cgroup", controller, "docker", id, "cpuacct.usage"))
    .find((path) => existsSync(path));
  if (legacy !== undefined) return Number(readFileSync(legacy, "utf8")) / 1e6;
  const unified = ["docker/ID", "system.slice/docker-ID.scope"]
    .map((path) => join("/sys/fs/cgroup", path.replace("ID", id), "cpu.stat"))
    .find((path) => existsSync(path));
  if (unified === undefined) return 0;
  return Number(/^usage_usec (\d+)$/m.exec(readFileSync(unified, "utf8"))?.[1] ?? 0) / 1000;
}
