import { createIptables } from "@kube-ts/iptables/iptables";
import type { Iptables } from "@kube-ts/iptables/iptables";
import type { ToolRunner } from "@kube-ts/iptables/tool-process";
import type { IpFamily } from "@kube-ts/std/ip-address";
import { planFilterChanges } from "../plan/filter-changes.ts";
import type { PacketRules } from "../plan/packet-rules.ts";

/** Keeps our chains in the packet filter. One call at a time. */
export class PacketFilter {
  readonly #iptables: Readonly<Record<IpFamily, Iptables>>;

  constructor(runner?: ToolRunner) {
    this.#iptables = {
      IPv4: createIptables({ family: "IPv4" }, runner),
      IPv6: createIptables({ family: "IPv6" }, runner),
    };
  }

  /** Repairs whatever differs; answers the chains that were written. Rejects with an `IptablesError`. */
  async write(rules: readonly PacketRules[], signal: AbortSignal): Promise<readonly string[]> {
    const written: string[] = [];
    for (const { family, chains } of rules) {
      const iptables = this.#iptables[family];
      const changes = planFilterChanges(await iptables.save(signal), chains);
      await iptables.restore(changes, signal);
      for (const { table, replace, append } of changes) {
        for (const name of replace?.keys() ?? []) written.push(`${family}/${table}/${name}`);
        for (const { chain } of append ?? []) written.push(`${family}/${table}/${chain}`);
      }
    }
    return written;
  }
}
