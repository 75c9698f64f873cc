import type { KubeObject } from "@kube-ts/api/object";
import type { AdmissionAttributes } from "../admission.ts";

/** What is remembered of a write between the two rounds of mutating admission. */
class Rounds {
  /** Whether somebody changed the object, so that others have to see it again. */
  isAskedFor = false;
  isSecond = false;
  readonly plugins = new Map<string, HookRounds>();
}

/** Which hooks of one plugin have to see the object once more. */
export class HookRounds {
  readonly #rounds: Rounds;
  readonly #again = new Set<string>();
  readonly #seen = new Set<string>();
  #lastOutput: string | undefined;

  constructor(rounds: Rounds) {
    this.#rounds = rounds;
  }

  /** 0 for the first round, 1 for the second. */
  get round(): number {
    return this.#rounds.isSecond ? 1 : 0;
  }

  /** Called before the hooks of the plugin, and `end` after them. */
  begin(object: KubeObject | undefined): void {
    if (this.#rounds.isSecond && this.#lastOutput !== JSON.stringify(object)) this.#seenAgain();
  }

  end(object: KubeObject | undefined): void {
    if (!this.#rounds.isSecond) this.#lastOutput = JSON.stringify(object);
  }

  /** Whether the hook is to be left out of this round. */
  skips(hook: string): boolean {
    return this.#rounds.isSecond && !this.#again.has(hook);
  }

  /** Notes that the hook saw the object, and whether it changed it. */
  saw(hook: string, outcome: { readonly changed: boolean; readonly wantsAgain: boolean }): void {
    if (outcome.changed) {
      this.#seenAgain();
      this.#rounds.isAskedFor = true;
    }
    if (outcome.wantsAgain) this.#seen.add(hook);
  }

  #seenAgain(): void {
    for (const hook of this.#seen) this.#again.add(hook);
    this.#seen.clear();
  }
}

/** Two rounds of mutating admission: those who ask for it see again what others changed after them. */
export class Reinvocations {
  readonly #rounds = new WeakMap<AdmissionAttributes, Rounds>();

  /** What a plugin remembers of the write. */
  of(plugin: string, write: AdmissionAttributes): HookRounds {
    let rounds = this.#rounds.get(write);
    if (!rounds) this.#rounds.set(write, (rounds = new Rounds()));
    let hooks = rounds.plugins.get(plugin);
    if (!hooks) rounds.plugins.set(plugin, (hooks = new HookRounds(rounds)));
    return hooks;
  }

  /** Whether there has to be a second round, which begins if so. */
  beginSecond(write: AdmissionAttributes): boolean {
    const rounds = this.#rounds.get(write);
    if (!rounds?.isAskedFor || rounds.isSecond) return false;
    rounds.isSecond = true;
    return true;
  }
}
