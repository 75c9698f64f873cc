import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import type { Period } from "../machines/load/timeline.ts";
import { AnyApiServer } from "./cluster-state.ts";
import type { MachineCluster } from "./machine-cluster.ts";

/** Between two looks. */
const everyMs = 250;

/** Watches what the cluster says of who serves: when somebody does no longer, proxies have to follow. */
export class ReadyEndpoints implements AsyncDisposable {
  readonly #api: AnyApiServer;
  readonly #path: string;
  readonly #losses: number[] = [];
  readonly #stop = new AbortController();
  readonly #watching: Promise<void>;

  constructor({ servers, access }: Pick<MachineCluster, "servers" | "access">, service: string) {
    this.#api = new AnyApiServer(servers, access);
    const selector = encodeURIComponent(`kubernetes.io/service-name=${service}`);
    this.#path = `/apis/discovery.k8s.io/v1/namespaces/default/endpointslices?labelSelector=${selector}`;
    this.#watching = this.#watch();
  }

  /** When the last one was lost in the period; undefined when none was. */
  lastLoss({ from, to }: Period): number | undefined {
    return this.#losses.findLast((time) => time >= from && time <= to);
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
      if (last.some((address) => !ready.includes(address))) this.#losses.push(performance.now());
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
