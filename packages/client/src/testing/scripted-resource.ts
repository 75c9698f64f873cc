import type { KubeList, KubeObject, WatchEvent } from "@kube-ts/api/object";
import type { ListOptions, ResourceClient, WatchOptions } from "../client.ts";

/** One watch that a test feeds by hand. */
export class ScriptedWatch<T extends KubeObject> {
  readonly options: WatchOptions;
  readonly #events: WatchEvent<T>[] = [];
  #end: { readonly error?: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(options: WatchOptions) {
    this.options = options;
    options.signal.addEventListener("abort", () => this.end(), { once: true });
  }

  send(...events: readonly WatchEvent<T>[]): void {
    this.#events.push(...events);
    this.#wake?.();
  }

  /** Ends the stream, with an error if one is given. */
  end(error?: unknown): void {
    this.#end ??= error === undefined ? {} : { error };
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WatchEvent<T>> {
    for (;;) {
      const event = this.#events.shift();
      if (event) {
        yield event;
        continue;
      }
      if (this.#end) {
        if (this.#end.error !== undefined) throw this.#end.error;
        return;
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

/** List and watch of a resource as a test scripts them: what a reflector needs of a client. */
export class ScriptedResource<T extends KubeObject> {
  readonly lists: ListOptions[] = [];
  readonly watches: ScriptedWatch<T>[] = [];
  readonly #answer: (options: ListOptions) => KubeList<T>;

  /** `answer` throws to refuse a list. */
  constructor(answer: (options: ListOptions) => KubeList<T>) {
    this.#answer = answer;
  }

  get lastWatch(): ScriptedWatch<T> {
    const watch = this.watches.at(-1);
    if (!watch) throw new Error("nobody watches");
    return watch;
  }

  asClient(): ResourceClient<T> {
    const partial: Pick<ResourceClient<T>, "list" | "watch"> = {
      list: async (options = {}) => {
        const { signal: _signal, ...asked } = options;
        this.lists.push(asked);
        return this.#answer(options);
      },
      watch: (options) => {
        const watch = new ScriptedWatch<T>(options);
        this.watches.push(watch);
        return watch;
      },
    };
    return partial as ResourceClient<T>;
  }
}
