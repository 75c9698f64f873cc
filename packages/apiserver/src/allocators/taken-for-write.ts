import { ApiError } from "@kube-ts/api/status-error";
import { withTimeout } from "@kube-ts/std/abort";
import type { Logger } from "@kube-ts/std/log";
import type { Reservation } from "../registry/write-request.ts";

type Undo = (signal: AbortSignal) => Promise<void>;

const cleanUpTimeoutMs = 5_000;

/**
 * What was taken for one write, and what the write frees. Neither commit nor rollback fails: what cannot be given
 * back now is found by the repair.
 */
export class TakenForWrite implements Reservation {
  readonly #log: Logger;
  readonly #ifFailed: Undo[] = [];
  readonly #ifStored: Undo[] = [];

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Runs when nothing was stored: gives back what was taken. */
  onRollback(undo: Undo): void {
    this.#ifFailed.push(undo);
  }

  /** Runs once the write is stored: frees what the service had before. */
  onCommit(release: Undo): void {
    this.#ifStored.push(release);
  }

  async commit(): Promise<void> {
    await this.#runAll(this.#ifStored);
  }

  async rollback(cause?: unknown): Promise<void> {
    // A write whose outcome is unknown may yet be stored, with what was taken for it.
    if (isCertain(cause)) await this.#runAll(this.#ifFailed);
  }

  async #runAll(undos: readonly Undo[]): Promise<void> {
    for (const undo of undos) {
      try {
        await undo(withTimeout(new AbortController().signal, cleanUpTimeoutMs));
      } catch (error) {
        this.#log.warn("an address or port of a service was not given back and is left to the repair", { error });
      }
    }
  }
}

/** Whether the cause shows that nothing was stored: a refusal of the request does, a failure of the store does not. */
function isCertain(cause: unknown): boolean {
  return cause === undefined || (cause instanceof ApiError && cause.code < 500);
}
