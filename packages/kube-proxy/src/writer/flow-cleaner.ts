import { isAbort } from "@kube-ts/std/abort";
import { errorFields } from "@kube-ts/std/log";
import type { Logger } from "@kube-ts/std/log";
import type { ProxiedPort } from "../model/proxied-ports.ts";
import { staleUdpFlows } from "../model/stale-flows.ts";
import type { Conntrack } from "./conntrack.ts";

/** Removals in one round; what is left is found by the next. */
const maxRemovals = 1_000;

/** Keeps clients of UDP Services from being sent to endpoints that are gone, for one family. */
export class FlowCleaner {
  readonly #conntrack: Conntrack;
  readonly #log: Logger;
  /** The UDP ports that the table was last compared with. */
  #compared: readonly ProxiedPort[] = [];
  #unavailable = false;

  constructor(conntrack: Conntrack, log: Logger) {
    this.#conntrack = conntrack;
    this.#log = log;
  }

  /**
   * Removes stale flows if the UDP endpoints have changed since the last call, or in any case when `always`.
   * Call it once the rules are in place. Answers the number of removals; a failure is logged and tried again.
   */
  async clean(
    ports: readonly ProxiedPort[],
    nodeAddresses: readonly string[],
    always: boolean,
    signal: AbortSignal,
  ): Promise<number> {
    const udp = ports.filter(({ port }) => port.protocol === "udp");
    if (this.#unavailable || udp.length === 0 || (!always && samePorts(udp, this.#compared))) return 0;
    try {
      const flows = await this.#conntrack.listUdp(signal);
      const stale = staleUdpFlows(flows, udp, nodeAddresses).slice(0, maxRemovals);
      for (const flow of stale) await this.#conntrack.deleteUdp(flow, signal);
      this.#compared = udp;
      if (stale.length > 0) this.#log.info("removed stale UDP flows", { count: stale.length });
      return stale.length;
    } catch (error) {
      if (isAbort(error, signal)) throw error;
      this.#unavailable = isNotInstalled(error);
      this.#log.warn("stale UDP flows were not removed", { error: errorFields(error) });
      return 0;
    }
  }
}

function isNotInstalled(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "not-installed";
}

function samePorts(a: readonly ProxiedPort[], b: readonly ProxiedPort[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ port, endpoints }, index) => port === b[index]?.port && endpoints === b[index]?.endpoints)
  );
}
