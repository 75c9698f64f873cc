import { Counter, type Registry } from "@kube-ts/std/metrics";

/**
 * Counts outcomes. Every request is counted, so that is plain arithmetic; the metric is made of it when somebody reads
 * it. Outcomes that have not happened are not shown.
 */
export class OutcomeCounter<const L extends string> {
  readonly #counts = new Map<string, { readonly labels: Record<L, string>; count: number }>();

  constructor(name: string, help: string, labelNames: readonly L[], registry: Registry) {
    const counts = this.#counts;
    void new Counter<L>({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        for (const { labels, count } of counts.values()) this.inc(labels as never, count);
      },
    });
  }

  /** `key` stands for the labels, which are made once; there must be few of them. */
  add(key: string, labels: () => Record<L, string>): void {
    const known = this.#counts.get(key);
    if (known) known.count += 1;
    else this.#counts.set(key, { labels: labels(), count: 1 });
  }
}
