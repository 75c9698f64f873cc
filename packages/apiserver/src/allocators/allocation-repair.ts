import type { Service } from "@kube-ts/api/core/v1";
import { nameOf, namespaceOf } from "@kube-ts/api/object";
import { services } from "@kube-ts/api/resource-types";
import { timeMs } from "@kube-ts/api/rfc3339";
import { isAbort, withTimeout } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import { formatIpAddress, parseIpAddress } from "@kube-ts/std/ip-address";
import type { Logger } from "@kube-ts/std/log";
import type { ObjectSource } from "../registry/object-source.ts";
import { LongWork } from "../storage/long-work.ts";
import type { Store, StoredValue } from "../storage/store.ts";
import { AllocationError } from "./allocation-error.ts";
import type { ClusterIpAllocator } from "./cluster-ip-allocator.ts";
import { type ServiceName, decodeIpAddress } from "./ip-address-object.ts";
import type { PortAllocator } from "./port-allocator.ts";
import { clusterIpsOf, nodePortsOf } from "./service-claims.ts";

const passIntervalMs = 60_000;
const firstPassRetryMs = 500;
const passTimeoutMs = 60_000;
const pageSize = 500;

/** An address that no service has may belong to a write under way, which no request outlives by this much. */
const addressGraceMs = 120_000;

/** A port is freed when so many passes in a row find it unused. */
const passesBeforeRelease = 3;

export interface RepairParts {
  readonly store: Store;
  readonly storageRoot: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What services have. */
class Usage {
  readonly owners = new Map<string, ServiceName[]>();
  readonly ports = new Set<number>();

  add(service: Service): void {
    const owner = { namespace: namespaceOf(service), name: nameOf(service) };
    for (const text of clusterIpsOf(service)) {
      const parsed = parseIpAddress(text);
      const address = parsed ? formatIpAddress(parsed) : text;
      const known = this.owners.get(address);
      if (known) known.push(owner);
      else this.owners.set(address, [owner]);
    }
    for (const port of nodePortsOf(service)) this.ports.add(port);
  }
}

/** Brings allocations in line with services: adds those that are missing and frees those that nobody has. */
export class AllocationRepair {
  readonly #ips: readonly ClusterIpAllocator[];
  readonly #ports: PortAllocator;
  readonly #parts: RepairParts;
  /** Taken ports that no service has, with the number of passes that found them so. */
  #unusedPorts = new Map<number, number>();

  constructor(ips: readonly ClusterIpAllocator[], ports: PortAllocator, parts: RepairParts) {
    this.#ips = ips;
    this.#ports = ports;
    this.#parts = parts;
  }

  /** Calls `onFirstPass` when the first pass has succeeded. */
  async run(source: ObjectSource, onFirstPass: () => void, signal: AbortSignal): Promise<void> {
    try {
      while (!(await this.#tryPass(source, signal))) await this.#parts.clock.sleep(firstPassRetryMs, signal);
      onFirstPass();
      for (;;) {
        await this.#parts.clock.sleep(passIntervalMs, signal);
        await this.#tryPass(source, signal);
      }
    } catch (error) {
      if (!isAbort(error, signal)) throw error;
    }
  }

  /** One pass; throws when the store fails. */
  async pass(source: ObjectSource, signal: AbortSignal): Promise<void> {
    const usage = new Usage();
    await source.visit(services, (service) => usage.add(service), signal);
    for (const allocator of this.#ips) await this.#repairIps(allocator, usage, signal);
    await this.#repairPorts(usage, signal);
  }

  async #tryPass(source: ObjectSource, signal: AbortSignal): Promise<boolean> {
    try {
      await this.pass(source, withTimeout(signal, passTimeoutMs));
      return true;
    } catch (error) {
      signal.throwIfAborted();
      this.#parts.log.warn("repair of service addresses and ports failed, will be retried", { error });
      return false;
    }
  }

  async #repairIps(allocator: ClusterIpAllocator, usage: Usage, signal: AbortSignal): Promise<void> {
    const taken = new Map<string, StoredValue>();
    for await (const { address, value } of allocator.taken(signal)) taken.set(address, value);
    for (const [address, owners] of usage.owners) {
      if (parseIpAddress(address)?.family !== allocator.family) continue;
      const [owner] = owners;
      if (owners.length > 1) this.#parts.log.error("services share a cluster IP", { address, services: owners });
      const value = taken.get(address);
      if (owner && !value && allocator.offers(address)) await this.#adopt(allocator, address, owner, signal);
      if (owner && value) await this.#correctOwner(allocator, address, value, owners, signal);
    }
    const unused = [...taken].filter(([address, value]) => !usage.owners.has(address) && this.#isRipe(value));
    if (unused.length === 0) return;
    const { owners } = await this.#usageInStore(signal);
    for (const [address, value] of unused) {
      if (owners.has(address)) continue;
      this.#parts.log.info("freeing a cluster IP that no service has", { address });
      await allocator.remove(value, signal);
    }
  }

  async #adopt(allocator: ClusterIpAllocator, address: string, owner: ServiceName, signal: AbortSignal): Promise<void> {
    try {
      await allocator.reserve(address, owner, signal);
    } catch (error) {
      // Another server was quicker.
      if (!(error instanceof AllocationError)) throw error;
    }
  }

  async #correctOwner(
    allocator: ClusterIpAllocator,
    address: string,
    value: StoredValue,
    owners: readonly ServiceName[],
    signal: AbortSignal,
  ): Promise<void> {
    const record = decodeIpAddress(value.bytes);
    const [first] = owners;
    const isRight = owners.some((each) => each.name === record.owner.name && each.namespace === record.owner.namespace);
    if (!isRight && first && record.isManaged) await allocator.setOwner(address, value, first, signal);
  }

  #isRipe(value: StoredValue): boolean {
    const { isManaged, createdAt } = decodeIpAddress(value.bytes);
    return isManaged && this.#parts.clock.now() - timeMs(createdAt) > addressGraceMs;
  }

  async #repairPorts(usage: Usage, signal: AbortSignal): Promise<void> {
    const taken = new Set(await this.#ports.taken(signal));
    await this.#ports.adopt(
      [...usage.ports].filter((port) => !taken.has(port)),
      signal,
    );
    const unused = new Map<number, number>();
    for (const port of taken) if (!usage.ports.has(port)) unused.set(port, (this.#unusedPorts.get(port) ?? 0) + 1);
    this.#unusedPorts = unused;
    const ripe = [...unused].filter(([, passes]) => passes > passesBeforeRelease).map(([port]) => port);
    if (ripe.length === 0) return;
    const { ports } = await this.#usageInStore(signal);
    const leaked = ripe.filter((port) => !ports.has(port));
    if (leaked.length > 0) this.#parts.log.info("freeing node ports that no service has", { ports: leaked });
    await this.#ports.release(leaked, signal);
  }

  /** What services have according to the store itself: the caches may be behind. */
  async #usageInStore(signal: AbortSignal): Promise<Usage> {
    const prefix = `${this.#parts.storageRoot}/services/specs/`;
    const usage = new Usage();
    const work = new LongWork();
    let startKey = prefix;
    for (;;) {
      const page = await this.#parts.store.list({ prefix, startKey, limit: pageSize }, signal);
      for (const { bytes } of page.values) {
        usage.add(JSON.parse(bytes.toString("utf8")) as Service);
        if (work.step()) await work.pause(signal);
      }
      const last = page.values.at(-1);
      if (page.remaining === 0 || !last) return usage;
      startKey = `${last.key}\0`;
    }
  }
}
