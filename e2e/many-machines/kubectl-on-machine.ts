import type { Machine } from "../machines/machine.ts";

/** kubectl as the administrator runs it on a control-plane machine. */
export class MachineKubectl {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** `words` are quoted for the shell. */
  run(words: readonly string[], input?: string): Promise<string> {
    const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    const command = `KUBECONFIG=/etc/kubernetes/admin.conf kubectl ${quoted}`;
    return this.#machine.run(command, input === undefined ? {} : { input });
  }

  async json<T>(words: readonly string[]): Promise<T> {
    return JSON.parse(await this.run([...words, "-o", "json"])) as T;
  }
}
