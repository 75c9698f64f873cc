import type { Service } from "@kube-ts/api/core/v1";
import { invalidField } from "@kube-ts/api/field-error";
import type { ServiceCIDR } from "@kube-ts/api/networking/v1";
import { type KubeObject, nameOf, namespaceOf } from "@kube-ts/api/object";
import { serviceCidrs } from "@kube-ts/api/resource-types";
import { type ApiError, internal, invalid } from "@kube-ts/api/status-error";
import { abortable } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import { type IpFamily, parseIpAddress } from "@kube-ts/std/ip-address";
import type { Logger } from "@kube-ts/std/log";
import type { Random } from "@kube-ts/std/random";
import type { ObjectSource } from "../registry/object-source.ts";
import type { RegistryHooks, Reservation } from "../registry/write-request.ts";
import type { Store } from "../storage/store.ts";
import { AddressRange } from "./address-range.ts";
import { AllocationError } from "./allocation-error.ts";
import { extraRanges } from "./extra-ranges.ts";
import { AllocationRepair } from "./allocation-repair.ts";
import { ClusterIpAllocator } from "./cluster-ip-allocator.ts";
import type { ServiceName } from "./ip-address-object.ts";
import { PortAllocator, type PortRange } from "./port-allocator.ts";
import { type PortStep, planNodePorts } from "./port-assignment.ts";
import { clusterIpsOf, nodePortsOf, requestedIps, usesClusterIps, usesHealthCheckPort } from "./service-claims.ts";
import { TakenForWrite } from "./taken-for-write.ts";

export interface ServiceAllocatorParts {
  readonly store: Store;
  /** What all keys begin with, such as `/registry`. */
  readonly storageRoot: string;
  /**
   * `--service-cluster-ip-range`: one range, or one of each family; the first is the default. ServiceCIDRs add others
   * of the same families.
   */
  readonly ipRanges: readonly string[];
  /** `--service-node-port-range`. */
  readonly nodePorts: PortRange;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** How one write wants its allocations. */
export interface AllocationRequest {
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

/**
 * Gives services their addresses and node ports. Allocations begin once `run` has made its first pass over what
 * existing services have.
 */
export class ServiceAllocators {
  /** The families of the ranges, the default one first. */
  readonly families: readonly IpFamily[];
  readonly #ips: ReadonlyMap<IpFamily, ClusterIpAllocator>;
  readonly #ports: PortAllocator;
  readonly #repair: AllocationRepair;
  readonly #log: Logger;
  readonly #ready = Promise.withResolvers<void>();

  /** Throws an Error that shows the range that is wrong. */
  constructor(parts: ServiceAllocatorParts) {
    const ranges = parts.ipRanges.map((text) => new AddressRange(text));
    this.families = ranges.map(({ family }) => family);
    if (ranges.length === 0) throw new Error("at least one service cluster IP range is needed");
    if (new Set(this.families).size < ranges.length) {
      throw new Error(`service cluster IP ranges ${parts.ipRanges.join(",")} must be of different families`);
    }
    this.#ips = new Map(ranges.map((range) => [range.family, new ClusterIpAllocator({ ...parts, range })]));
    this.#ports = new PortAllocator({ ...parts, range: parts.nodePorts });
    this.#repair = new AllocationRepair([...this.#ips.values()], this.#ports, parts);
    this.#log = parts.log;
  }

  /**
   * Keeps allocations and services in line, and follows the ServiceCIDRs, until the signal aborts. Call it when the
   * caches are ready.
   */
  async run(source: ObjectSource, signal: AbortSignal): Promise<void> {
    using _changes = source.onChange(serviceCidrs, () => this.#useRanges(source.list(serviceCidrs)));
    this.#useRanges(source.list(serviceCidrs));
    await this.#repair.run(source, () => this.#ready.resolve(), signal);
  }

  #useRanges(objects: readonly ServiceCIDR[]): void {
    const { ranges, problems } = extraRanges(objects);
    for (const problem of problems) this.#log.warn("a range of a ServiceCIDR cannot be used", { problem });
    for (const [family, allocator] of this.#ips) allocator.use(ranges.filter((range) => range.family === family));
  }

  /** Resolves when allocations can begin. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** The hooks of the service registry. */
  hooks(): RegistryHooks<KubeObject> {
    return {
      beforeWrite: (object, old, { context, signal }) =>
        this.allocateForService(object as Service, old as Service | undefined, { dryRun: context.dryRun, signal }),
      afterDelete: (object, signal) => this.releaseForService(object as Service, signal),
    };
  }

  /**
   * Fills in the addresses and ports that the service needs and does not have, and takes those it asks for. What
   * the old service had and the new one has not is freed when the reservation is committed. Throws ApiErrors.
   */
  async allocateForService(
    service: Service,
    old: Service | undefined,
    request: AllocationRequest,
  ): Promise<Reservation> {
    await abortable(this.#ready.promise, request.signal);
    const taken = new TakenForWrite(this.#log);
    try {
      await this.#allocateIps(service, old, request, taken);
      await this.#allocatePorts(service, old, request, taken);
      await this.#allocateHealthCheckPort(service, old, request, taken);
    } catch (error) {
      await taken.rollback();
      throw error;
    }
    if (old && !request.dryRun) this.#releaseUnused(service, old, taken);
    return taken;
  }

  /** Frees what a service had that is gone. What fails is left to the repair. */
  async releaseForService(service: Service, _signal: AbortSignal): Promise<void> {
    const taken = new TakenForWrite(this.#log);
    this.#releaseAll(serviceName(service), clusterIpsOf(service), nodePortsOf(service), taken);
    await taken.commit();
  }

  async #allocateIps(
    service: Service,
    old: Service | undefined,
    request: AllocationRequest,
    taken: TakenForWrite,
  ): Promise<void> {
    if (!usesClusterIps(service)) return;
    const held = new Set(old ? clusterIpsOf(old) : []);
    const addresses: string[] = [];
    for (const { family, address } of requestedIps(service, this.families[0] ?? "IPv4")) {
      const allocator = this.#ips.get(family);
      // What cannot be right is for validation to say.
      if (!allocator || (address !== "" && parseIpAddress(address)?.family !== family)) return;
      addresses.push(held.has(address) ? address : await this.#takeIp(allocator, address, service, request, taken));
    }
    service.spec.clusterIPs = addresses;
    if (addresses[0] !== undefined) service.spec.clusterIP = addresses[0];
  }

  async #takeIp(
    allocator: ClusterIpAllocator,
    address: string,
    service: Service,
    { dryRun, signal }: AllocationRequest,
    taken: TakenForWrite,
  ): Promise<string> {
    const owner = serviceName(service);
    try {
      if (dryRun) {
        if (address === "") return await allocator.findFree(signal);
        await allocator.check(address, signal);
        return address;
      }
      const got =
        address === "" ? await allocator.reserveNext(owner, signal) : await allocator.reserve(address, owner, signal);
      taken.onRollback((inner) => allocator.giveBack(got, inner));
      return address === "" ? got.address : address;
    } catch (error) {
      if (!(error instanceof AllocationError)) throw error;
      if (address === "")
        throw internal(new Error(`failed to allocate a serviceIP: ${error.message}`, { cause: error }));
      const problem = `failed to allocate IP ${address}: ${error.message}`;
      throw invalidService(service, "spec.clusterIPs", service.spec.clusterIPs ?? [], problem);
    }
  }

  async #allocatePorts(
    service: Service,
    old: Service | undefined,
    request: AllocationRequest,
    taken: TakenForWrite,
  ): Promise<void> {
    const ports = service.spec.ports ?? [];
    const steps = planNodePorts(service, old);
    for (const step of steps) {
      const port = ports[step.index];
      if (!port || step.kind === "share") continue;
      port.nodePort = await this.#takePort(step, service, request, taken);
    }
    for (const step of steps) {
      const port = ports[step.index];
      const shared = step.kind === "share" ? ports[step.from]?.nodePort : undefined;
      if (port && shared !== undefined) port.nodePort = shared;
    }
  }

  async #takePort(
    step: PortStep & { kind: "take" | "pick" },
    service: Service,
    request: AllocationRequest,
    taken: TakenForWrite,
  ): Promise<number> {
    try {
      return await this.#reservePort(step.kind === "take" ? step.nodePort : undefined, service, request, taken);
    } catch (error) {
      if (!(error instanceof AllocationError)) throw error;
      if (step.kind === "pick")
        throw internal(new Error(`failed to allocate a nodePort: ${error.message}`, { cause: error }));
      throw invalidService(service, `spec.ports[${step.index}].nodePort`, step.nodePort, error.message);
    }
  }

  async #allocateHealthCheckPort(
    service: Service,
    old: Service | undefined,
    request: AllocationRequest,
    taken: TakenForWrite,
  ): Promise<void> {
    if (!usesHealthCheckPort(service)) return;
    const wanted = service.spec.healthCheckNodePort || undefined;
    if (wanted !== undefined && old && nodePortsOf(old).includes(wanted)) return;
    try {
      service.spec.healthCheckNodePort = await this.#reservePort(wanted, service, request, taken);
    } catch (error) {
      if (!(error instanceof AllocationError)) throw error;
      const what = wanted === undefined ? "a HealthCheck NodePort" : `requested HealthCheck NodePort ${wanted}`;
      throw internal(new Error(`failed to allocate ${what}: ${error.message}`, { cause: error }));
    }
  }

  /** Takes the port wanted, or any. */
  async #reservePort(
    wanted: number | undefined,
    service: Service,
    { dryRun, signal }: AllocationRequest,
    taken: TakenForWrite,
  ): Promise<number> {
    // Ports that this very write names further on must not be picked before their turn.
    const named = new Set(nodePortsOf(service));
    if (dryRun) {
      if (wanted === undefined) return this.#ports.findFree(named, signal);
      await this.#ports.check(wanted, signal);
      return wanted;
    }
    const port = wanted ?? (await this.#ports.reserveNext(named, signal));
    if (wanted !== undefined) await this.#ports.reserve(wanted, signal);
    taken.onRollback((inner) => this.#ports.release([port], inner));
    return port;
  }

  #releaseUnused(service: Service, old: Service, taken: TakenForWrite): void {
    const [ips, ports] = [new Set(clusterIpsOf(service)), new Set(nodePortsOf(service))];
    const unusedIps = clusterIpsOf(old).filter((address) => !ips.has(address));
    const unusedPorts = nodePortsOf(old).filter((port) => !ports.has(port));
    this.#releaseAll(serviceName(old), unusedIps, unusedPorts, taken);
  }

  #releaseAll(owner: ServiceName, ips: readonly string[], ports: readonly number[], taken: TakenForWrite): void {
    for (const address of ips) {
      const allocator = this.#ips.get(parseIpAddress(address)?.family ?? "IPv4");
      if (allocator) taken.onCommit((signal) => allocator.release(address, owner, signal));
    }
    if (ports.length > 0) taken.onCommit((signal) => this.#ports.release(ports, signal));
  }
}

function serviceName(service: Service): ServiceName {
  return { namespace: namespaceOf(service), name: nameOf(service) };
}

function invalidService(service: Service, path: string, value: unknown, problem: string): ApiError {
  return invalid({ group: "", kind: "Service" }, nameOf(service), [invalidField(path, value, problem)]);
}
