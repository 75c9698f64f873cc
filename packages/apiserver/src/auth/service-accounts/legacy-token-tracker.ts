import type { Secret } from "@kube-ts/api/core/v1";
import { nameOf, namespaceOf } from "@kube-ts/api/object";
import { secrets } from "@kube-ts/api/resource-types";
import { isNotFound } from "@kube-ts/api/status-error";
import { legacyTokenLastUsedLabel } from "@kube-ts/api/well-known-labels";
import { isAbort } from "@kube-ts/std/abort";
import { BoundedQueue } from "@kube-ts/std/bounded-queue";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { ObjectWriter } from "../../registry/object-source.ts";

const maxWaiting = 256;

/**
 * Notes on the secret on which day its token was last used. A use that finds the queue full is not noted: the
 * next one will be.
 */
export class LegacyTokenTracker {
  readonly #writer: ObjectWriter;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #queue = new BoundedQueue<Secret>(maxWaiting);
  readonly #waiting = new Set<string>();

  constructor(writer: ObjectWriter, clock: Clock, log: Logger) {
    this.#writer = writer;
    this.#clock = clock;
    this.#log = log;
  }

  used(secret: Secret): void {
    const key = `${namespaceOf(secret)}/${nameOf(secret)}`;
    if (secret.metadata.labels?.[legacyTokenLastUsedLabel] === this.#today() || this.#waiting.has(key)) return;
    if (this.#queue.push(secret)) this.#waiting.add(key);
  }

  async run(signal: AbortSignal): Promise<void> {
    try {
      for (;;) {
        const secret = await this.#queue.shift(signal);
        if (!secret) return;
        await this.#note(secret, signal);
      }
    } catch (error) {
      if (!isAbort(error, signal)) throw error;
    }
  }

  async #note(secret: Secret, signal: AbortSignal): Promise<void> {
    const [namespace, name] = [namespaceOf(secret), nameOf(secret)];
    const today = this.#today();
    try {
      await this.#writer.update(
        secrets,
        namespace,
        name,
        (current) =>
          current.metadata.labels?.[legacyTokenLastUsedLabel] === today
            ? undefined
            : {
                ...current,
                metadata: {
                  ...current.metadata,
                  labels: { ...current.metadata.labels, [legacyTokenLastUsedLabel]: today },
                },
              },
        signal,
      );
    } catch (error) {
      signal.throwIfAborted();
      if (!isNotFound(error)) this.#log.warn("use of a service account token not noted", { namespace, name, error });
    } finally {
      this.#waiting.delete(`${namespace}/${name}`);
    }
  }

  #today(): string {
    return new Date(this.#clock.now()).toISOString().slice(0, 10);
  }
}
