import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import type { Period } from "../machines/load/timeline.ts";
import { AnyApiServer } from "./cluster-state.ts";
import type { MachineCluster } from "./machine-cluster.ts";

/** From one look to the next, the addresses of who began to serve, and of who ended. */
export interface EndpointChange {
  readonly at: number;
  readonly came: readonly string[];
  readonly went: readonly string[];
}

/** Between two looks. */
const everyMs = 250;

/** Watches what the cluster says of who serves: when somebody does no longer, proxies have to follow. */
export class ReadyEndpoints implements AsyncDisposable {
  readonly #api: AnyApiServer;
  readonly #path: string;
  readonly #changes: EndpointChange[] = [];
  readonly #stop = new AbortController();
  readonly #watching: Promise<void>;

  constructor({ servers, access }: Pick<MachineCluster, "servers" | "access">, service: string) {
    this.#api = new AnyApiServer(servers, access);
    const selector = encodeURIComponent(`kubernetes.io/service-name=${service}`);
    this.#path = `/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=${selector}`;
    this.#watching = this.#watch();
  }

  /** When the last one was lost in the period; undefined when none was. */
  lastLoss(period: Period): number | undefined {
    return this.changes(period).findLast(({ went }) => went.length > 0)?.at;
  }

  changes({ from, to }: Period): readonly EndpointChange[] {
    return this.#changes.filter(({ at }) => at >= from && at <= to);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#watching;
    this.#api[Symbol.dispose]();
  }

  async #watch(): Promise<void> {
    let last: readonly string[] = [];
    while (!this.#stop.signal.aborted) {
      const ready = (await this.#ready().catch(() => undefined)) ?? last;
      const came = ready.filter((address) => !last.includes(address));
      const went = last.filter((address) => !ready.includes(address));
      if (came.length + went.length > 0) this.#changes.push({ at: performance.now(), came, went });
      last = ready;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }

  async #ready(): Promise<readonly string[]> {
    const { items } = await this.#api.json<{ items: EndpointSlice[] }>(this.#path);
    const ready = items.flatMap(({ endpoints }) => (endpoints ?? []).filter(({ conditions }) => conditions?.ready));
    return ready.flatMap(({ addresses }) => addresses);
  }
}
