import { isAbort } from "@kube-ts/std/abort";
import { errorFields } from "@kube-ts/std/log";
import type { Logger } from "@kube-ts/std/log";
import type { ProxiedPort } from "../model/proxied-ports.ts";
import { hasLostServer, staleTcpAttempts, staleUdpFlows } from "../model/stale-flows.ts";
import type { TrackedFlow } from "../model/stale-flows.ts";
import type { Conntrack, FlowKind } from "./conntrack.ts";

/** Removals of one kind in one round; what is left is found by the next. */
const maxRemovals = 1_000;

/** Chooses what is stale. */
type Stale = (flows: readonly TrackedFlow[]) => readonly TrackedFlow[];

/** Keeps clients of Services from being sent to endpoints that are gone, for one family. */
export class FlowCleaner {
  readonly #conntrack: Conntrack;
  readonly #log: Logger;
  /** The UDP ports that the table was last compared with. */
  #udp: readonly ProxiedPort[] = [];
  /** The TCP ports that no attempt contradicts; undefined until the table was first looked at. */
  #tcp: readonly ProxiedPort[] | undefined;
  #unavailable = false;

  constructor(conntrack: Conntrack, log: Logger) {
    this.#conntrack = conntrack;
    this.#log = log;
  }

  /**
   * Removes stale UDP flows if the UDP endpoints have changed since the last call, or in any case when `always`; and
   * stale attempts to connect by TCP at first, and whenever an endpoint serves no longer. Call it once the rules are
   * in place. Answers the number of removals; a failure is logged and tried again.
   */
  async clean(
    ports: readonly ProxiedPort[],
    nodeAddresses: readonly string[],
    always: boolean,
    signal: AbortSignal,
  ): Promise<number> {
    if (this.#unavailable) return 0;
    try {
      const removedUdp = await this.#cleanUdp(withProtocol(ports, "udp"), nodeAddresses, always, signal);
      return removedUdp + (await this.#cleanTcp(withProtocol(ports, "tcp"), nodeAddresses, signal));
    } catch (error) {
      if (isAbort(error, signal)) throw error;
      this.#unavailable = isNotInstalled(error);
      this.#log.warn("stale flows were not removed", { error: errorFields(error) });
      return 0;
    }
  }

  async #cleanUdp(
    udp: readonly ProxiedPort[],
    nodeAddresses: readonly string[],
    always: boolean,
    signal: AbortSignal,
  ): Promise<number> {
    if (udp.length === 0 || (!always && samePorts(udp, this.#udp))) return 0;
    const count = await this.#remove("udp", (flows) => staleUdpFlows(flows, udp, nodeAddresses), signal);
    this.#udp = udp;
    return count;
  }

  async #cleanTcp(tcp: readonly ProxiedPort[], nodeAddresses: readonly string[], signal: AbortSignal): Promise<number> {
    const before = this.#tcp;
    const mayBeStale = before ? !samePorts(tcp, before) && hasLostServer(before, tcp) : tcp.length > 0;
    let count = 0;
    if (mayBeStale)
      count = await this.#remove("tcpAttempt", (flows) => staleTcpAttempts(flows, tcp, nodeAddresses), signal);
    if (count < maxRemovals) this.#tcp = tcp;
    return count;
  }

  async #remove(kind: FlowKind, select: Stale, signal: AbortSignal): Promise<number> {
    const stale = select(await this.#conntrack.list(kind, signal)).slice(0, maxRemovals);
    for (const flow of stale) await this.#conntrack.delete(kind, flow, signal);
    if (stale.length > 0) this.#log.info("removed stale flows", { kind, count: stale.length });
    return stale.length;
  }
}

function withProtocol(ports: readonly ProxiedPort[], protocol: "tcp" | "udp"): readonly ProxiedPort[] {
  return ports.filter(({ port }) => port.protocol === protocol);
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
