import { compileCel, type CelCompilation } from "./compile.ts";
import type { CelEnvironment } from "./environment.ts";

const maxExpressions = 1_000;

/** Compiled expressions of one environment, failures included; the least recently used are dropped. */
export class CompileCache {
  readonly #environment: CelEnvironment;
  readonly #compiled = new Map<string, CelCompilation>();

  constructor(environment: CelEnvironment) {
    this.#environment = environment;
  }

  compile(source: string): CelCompilation {
    const known = this.#compiled.get(source);
    const compiled = known ?? compileCel(source, this.#environment);
    if (known) this.#compiled.delete(source);
    this.#compiled.set(source, compiled);
    if (this.#compiled.size > maxExpressions) {
      const [oldest] = this.#compiled.keys();
      if (oldest !== undefined) this.#compiled.delete(oldest);
    }
    return compiled;
  }
}
