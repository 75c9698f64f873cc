import type { ResourceType } from "@kube-ts/api/resource-type";
import type { ObjectSource } from "../../registry/object-source.ts";
import { type Hook, HookIndex } from "./hook-index.ts";
import type { ServedForms } from "./served-forms.ts";

/** The hooks that configuration objects ask for, as the caches show them; read again when one of them changed. */
export class LiveHooks<H extends Hook> implements Disposable {
  readonly #index: HookIndex<H>;
  readonly #read: () => readonly H[];
  readonly #subscriptions: readonly Disposable[];
  #isStale = true;

  constructor(source: ObjectSource, forms: ServedForms, types: readonly ResourceType[], read: () => readonly H[]) {
    this.#index = new HookIndex(forms);
    this.#read = read;
    const invalidate = () => {
      this.#isStale = true;
    };
    this.#subscriptions = types.map((type) => source.onChange(type, invalidate));
  }

  get index(): HookIndex<H> {
    if (this.#isStale) {
      this.#index.replace(this.#read());
      this.#isStale = false;
    }
    return this.#index;
  }

  [Symbol.dispose](): void {
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
  }
}
