import type { ResourceQuota } from "@kube-ts/api/core/v1";
import type { ResourceAmounts } from "@kube-ts/api/resource-amounts";
import { resourceQuotas } from "@kube-ts/api/resource-types";
import type { ObjectSource, ObjectWriter } from "../../registry/object-source.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "../admission.ts";
import { admissionForbidden } from "../forbidden.ts";
import { charge, measure } from "./quota-charge.ts";
import { QuotaLedger } from "./quota-ledger.ts";
import { changesUsage } from "./quota-usage.ts";

/**
 * Holds namespaces to their quotas. What a write uses is booked on every quota it falls under before the write is
 * stored; what is booked for a write that fails later is taken back by the quota controller.
 */
export class ResourceQuotaAdmission implements AdmissionPlugin {
  readonly name = "ResourceQuota";
  readonly #source: ObjectSource;
  readonly #ledger: QuotaLedger;

  constructor(source: ObjectSource, writer: ObjectWriter) {
    this.#source = source;
    this.#ledger = new QuotaLedger(writer);
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE" || operation === "UPDATE";
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    const { namespace, type } = attributes;
    if (namespace === "" || !type.namespaced || type.plural === "events" || !changesUsage(attributes)) return;
    const quotas = this.#source.list(resourceQuotas, namespace);
    if (quotas.length === 0) return;
    const usage = measure(attributes);
    if ("problem" in usage) throw admissionForbidden(attributes, usage.problem);
    if (usage.added.size === 0) return;
    const concerned: ResourceQuota[] = [];
    for (const quota of quotas) {
      const result = charge(quota, attributes, usage);
      if (result.kind !== "none") concerned.push(quota);
      if (result.kind === "refused" && attributes.dryRun) throw admissionForbidden(attributes, result.problem);
    }
    if (!attributes.dryRun) await this.#book(concerned, attributes, usage);
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
