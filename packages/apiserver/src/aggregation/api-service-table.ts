import type { APIService } from "@kube-ts/api/apiregistration/v1";
import { apiServices } from "@kube-ts/api/resource-types";
import type { ObjectSource } from "../registry/object-source.ts";

/** The group of APIServices themselves: it is always this server's own, so that what is wrong with them can be mended. */
const ownGroup = "apiregistration.k8s.io";

/** The APIServices as they are now, looked up by their group and version. */
export class ApiServiceTable implements Disposable {
  readonly #source: ObjectSource;
  readonly #changes: Disposable;
  readonly #listeners: (() => void)[] = [];
  #all: readonly APIService[] | undefined;
  #remote: ReadonlyMap<string, APIService> = new Map();

  constructor(source: ObjectSource) {
    this.#source = source;
    this.#changes = source.onChange(apiServices, () => {
      this.#all = undefined;
      for (const listener of this.#listeners) listener();
    });
  }

  /** Calls back after every change. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  get all(): readonly APIService[] {
    if (!this.#all) {
      this.#all = this.#source.list(apiServices);
      const remote = this.#all.filter(({ spec }) => spec.service && spec.group !== ownGroup);
      this.#remote = new Map(remote.map((each) => [`${each.spec.group ?? ""}/${each.spec.version ?? ""}`, each]));
    }
    return this.#all;
  }

  /** Those that have a server behind them, by `group/version`: it answers even where this server could. */
  get remote(): ReadonlyMap<string, APIService> {
    return this.all && this.#remote;
  }

  [Symbol.dispose](): void {
    this.#changes[Symbol.dispose]();
  }
}
