import type { FlowSchema } from "@kube-ts/api/flowcontrol/v1";
import { nameOf } from "@kube-ts/api/object";
import { flowSchemas, priorityLevelConfigurations } from "@kube-ts/api/resource-types";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import { isAbort } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import { TaskGroup } from "@kube-ts/std/task-group";
import type { ObjectSource, ObjectWriter } from "../registry/object-source.ts";
import { withDangling } from "./dangling-condition.ts";
import type { FlowConfig } from "./flow-config.ts";
import { readFlowConfig } from "./flow-config.ts";
import type { FlowControl } from "./flow-control.ts";

export interface FlowConfigParts {
  readonly flow: FlowControl;
  readonly source: ObjectSource;
  readonly writer: ObjectWriter;
  readonly clock: Clock;
  readonly log: Logger;
}

const adjustmentMs = 10_000;
const retryMs = 1_000;
/** Servers that disagree about a schema must not write it by turns for ever. */
const maxWritesPerMinute = 6;
const minuteMs = 60_000;

/**
 * Keeps priority and fairness as the cluster's levels and schemas say, tells in each schema's status whether its level is
 * missing, and lends unused seats every ten seconds.
 */
export class FlowConfigController {
  readonly #parts: FlowConfigParts;
  /** When which schema was written, in the last minute. */
  readonly #writes = new Map<string, number[]>();
  #dirty = true;
  #wake: () => void = () => {};

  constructor(parts: FlowConfigParts) {
    this.#parts = parts;
    this.#configure();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { source } = this.#parts;
    const changed = () => this.#changed();
    using _levels = source.onChange(priorityLevelConfigurations, changed);
    using _schemas = source.onChange(flowSchemas, changed);
    this.#changed();
    const tasks = new TaskGroup(signal);
    tasks.start((inner) => this.#adjust(inner));
    tasks.start((inner) => this.#writeConditions(inner));
    await tasks.settled();
  }

  /** Several changes at once are one. */
  #changed(): void {
    this.#wake();
    if (this.#dirty) return;
    this.#dirty = true;
    queueMicrotask(() => this.#configure());
  }

  #configure(): void {
    this.#dirty = false;
    this.#parts.flow.configure(this.#read());
  }

  #read(): FlowConfig {
    const { source } = this.#parts;
    return readFlowConfig(source.list(priorityLevelConfigurations), source.list(flowSchemas));
  }

  async #adjust(signal: AbortSignal): Promise<void> {
    const { flow, clock } = this.#parts;
    while (!signal.aborted) {
      await clock.sleep(adjustmentMs, signal);
      flow.adjust();
    }
  }

  async #writeConditions(signal: AbortSignal): Promise<void> {
    const wake = () => this.#wake();
    signal.addEventListener("abort", wake, { once: true });
    while (!signal.aborted) {
      const { promise: woken, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const isDone = await this.#writeAll(signal);
      using _retry = isDone ? undefined : this.#parts.clock.setTimer(retryMs, resolve);
      if (!signal.aborted) await woken;
    }
    signal.removeEventListener("abort", wake);
  }

  /** Answers whether every schema says what it should. */
  async #writeAll(signal: AbortSignal): Promise<boolean> {
    const { source } = this.#parts;
    const { dangling } = this.#read();
    this.#forgetWrites();
    let isDone = true;
    for (const schema of source.list(flowSchemas)) {
      const isDangling = dangling.get(nameOf(schema)) ?? false;
      if (!withDangling(schema, isDangling, 0)) continue;
      isDone = (await this.#write(nameOf(schema), isDangling, signal)) && isDone;
    }
    return isDone;
  }

  async #write(name: string, isDangling: boolean, signal: AbortSignal): Promise<boolean> {
    const { writer, clock, log } = this.#parts;
    const writes = this.#writes.get(name) ?? [];
    if (writes.length >= maxWritesPerMinute) return false;
    this.#writes.set(name, [...writes, clock.monotonicMs()]);
    try {
      const change = (schema: FlowSchema) => withDangling(schema, isDangling, clock.now());
      await writer.update(flowSchemas, "", name, change, signal, "status");
      return true;
    } catch (error) {
      if (isNotFound(error) || isAbort(error, signal)) return true;
      if (!isConflict(error)) log.warn("the condition of a flow schema could not be written", { schema: name, error });
      return false;
    }
  }

  #forgetWrites(): void {
    const since = this.#parts.clock.monotonicMs() - minuteMs;
    for (const [name, times] of this.#writes) {
      const recent = times.filter((time) => time > since);
      if (recent.length > 0) this.#writes.set(name, recent);
      else this.#writes.delete(name);
    }
  }
}
