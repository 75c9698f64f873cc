import { findCondition } from "@kube-ts/api/conditions";
import type { ServiceCIDR } from "@kube-ts/api/networking/v1";
import { serviceCidrs } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import type { Clock } from "@kube-ts/std/clock";
import { formatCidr, parseCidr } from "@kube-ts/std/ip-address";
import type { Logger } from "@kube-ts/std/log";
import { type BootstrapObjects, ensureObject } from "./ensure-object.ts";

const name = "kubernetes";

/**
 * Shows the ranges of `--service-cluster-ip-range` as the ServiceCIDR `kubernetes`, and says that it is ready. One that
 * says something else is for an administrator to look at: it is reported once, and left alone.
 */
export class DefaultServiceCidr {
  readonly #objects: BootstrapObjects;
  readonly #cidrs: readonly string[];
  readonly #clock: Clock;
  readonly #log: Logger;
  #isReported = false;

  constructor(objects: BootstrapObjects, ranges: readonly string[], clock: Clock, log: Logger) {
    this.#objects = objects;
    this.#cidrs = ranges.map(canonical);
    this.#clock = clock;
    this.#log = log;
  }

  async ensure(signal: AbortSignal): Promise<void> {
    const expected: ServiceCIDR = { metadata: { name }, spec: { cidrs: [...this.#cidrs] } };
    await ensureObject(this.#objects, serviceCidrs, expected, (current) => this.#withSecondFamily(current), signal);
    const current = await this.#objects.source.getLatest(serviceCidrs, "", name, signal);
    if (!current || current.metadata.deletionTimestamp !== undefined) return;
    const ready = findCondition(current.status?.conditions, "Ready")?.status;
    const isSame = sameList(current.spec.cidrs, this.#cidrs);
    if (isSame && ready !== "True" && ready !== "False") {
      await this.#objects.writer.update(serviceCidrs, "", name, (latest) => this.#ready(latest), signal, "status");
    } else if ((!isSame || ready === "False") && !this.#isReported) {
      this.#isReported = true;
      const fields = { configured: this.#cidrs, stored: current.spec.cidrs, ready };
      this.#log.warn("the default ServiceCIDR is not what this server is configured with, or is not ready", fields);
    }
  }

  /** A range of the other family may join the one that is there. */
  #withSecondFamily(current: ServiceCIDR): ServiceCIDR | undefined {
    const { cidrs = [] } = current.spec;
    const joins = this.#cidrs.length === 2 && cidrs.length === 1 && cidrs[0] === this.#cidrs[0];
    return joins ? { ...current, spec: { cidrs: [...this.#cidrs] } } : undefined;
  }

  #ready(latest: ServiceCIDR): ServiceCIDR {
    const others = (latest.status?.conditions ?? []).filter(({ type }) => type !== "Ready");
    const condition = {
      type: "Ready",
      status: "True" as const,
      lastTransitionTime: formatTime(this.#clock.now()),
      reason: "",
      message: "Kubernetes default Service CIDR is ready",
    };
    return { ...latest, status: { ...latest.status, conditions: [...others, condition] } };
  }
}

function canonical(range: string): string {
  const cidr = parseCidr(range);
  if (!cidr) throw new Error(`invalid service range ${range}`);
  return formatCidr(cidr);
}

function sameList(a: readonly string[] = [], b: readonly string[] = []): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
