import type { ResourceQuota } from "@kube-ts/api/core/v1";
import type { ResourceAmounts } from "@kube-ts/api/resource-amounts";
import { resourceQuotas } from "@kube-ts/api/resource-types";
import type { ObjectSource, ObjectWriter } from "../../registry/object-source.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "../admission.ts";
import { admissionForbidden } from "../forbidden.ts";
import { type LimitedResource, uncoveredProblem } from "./limited-resources.ts";
import { charge, measure } from "./quota-charge.ts";
import { QuotaLedger } from "./quota-ledger.ts";
import { changesUsage } from "./usage-changes.ts";

/**
 * Holds namespaces to their quotas. What a write uses is booked on every quota it falls under before the write is
 * stored; what is booked for a write that fails later is taken back by the quota controller.
 */
export class ResourceQuotaAdmission implements AdmissionPlugin {
  readonly name = "ResourceQuota";
  readonly #source: ObjectSource;
  readonly #ledger: QuotaLedger;
  readonly #limited: readonly LimitedResource[];

  constructor(source: ObjectSource, writer: ObjectWriter, limited: readonly LimitedResource[] = []) {
    this.#source = source;
    this.#limited = limited;
    this.#ledger = new QuotaLedger(writer);
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE" || operation === "UPDATE";
  }

  validate(attributes: AdmissionAttributes): Promise<void> | undefined {
    const { namespace, type } = attributes;
    if (namespace === "" || !type.namespaced || type.plural === "events" || !changesUsage(attributes)) return undefined;
    const quotas = this.#source.list(resourceQuotas, namespace);
    return quotas.length === 0 && this.#limited.length === 0 ? undefined : this.#charge(quotas, attributes);
  }

  async #charge(quotas: readonly ResourceQuota[], attributes: AdmissionAttributes): Promise<void> {
    const usage = measure(attributes);
    if ("problem" in usage) throw admissionForbidden(attributes, usage.problem);
    const concerned: ResourceQuota[] = [];
    for (const quota of quotas) {
      const result = charge(quota, attributes, usage);
      if (result.kind !== "none") concerned.push(quota);
      if (result.kind === "refused" && attributes.dryRun) throw admissionForbidden(attributes, result.problem);
    }
    this.#requireQuotas(quotas, attributes, usage);
    if (!attributes.dryRun) await this.#book(concerned, attributes, usage);
  }

  #requireQuotas(
    quotas: readonly ResourceQuota[],
    attributes: AdmissionAttributes,
    { full, added }: { readonly full: ResourceAmounts; readonly added: ResourceAmounts },
  ): void {
    const { type, object } = attributes;
    if (!object || added.size === 0) return;
    const problem = uncoveredProblem(this.#limited, quotas, type, object, full);
    if (problem !== undefined) throw admissionForbidden(attributes, problem);
  }

  /** Books on one quota after the other; when one refuses, the others get back what they were charged. */
  async #book(
    quotas: readonly ResourceQuota[],
    attributes: AdmissionAttributes,
    usage: { readonly full: ResourceAmounts; readonly added: ResourceAmounts },
  ): Promise<void> {
    const booked: { readonly quota: ResourceQuota; readonly amounts: ResourceAmounts }[] = [];
    try {
      for (const quota of quotas) {
        const booking = await this.#ledger.book(quota, attributes, usage);
        if (booking.kind === "refused") throw admissionForbidden(attributes, booking.problem);
        if (booking.kind === "booked") booked.push({ quota, amounts: booking.amounts });
      }
    } catch (error) {
      await Promise.all(booked.map(({ quota, amounts }) => this.#ledger.takeBack(quota, amounts)));
      throw error;
    }
  }
}
