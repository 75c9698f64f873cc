import type { ValidatingAdmissionPolicy } from "@kube-ts/api/admissionregistration/v1";
import { validatingAdmissionPolicies } from "@kube-ts/api/resource-types";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import { isAbort } from "@kube-ts/std/abort";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { ObjectSource, ObjectWriter } from "../../registry/object-source.ts";
import { type CheckedKinds, typeWarnings } from "./type-checking.ts";

export interface TypeCheckParts {
  readonly source: ObjectSource;
  readonly writer: ObjectWriter;
  readonly kinds: CheckedKinds;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How long until a policy is looked at again whose status could not be written. */
const retryMs = 1_000;

/** Checks every generation of every validating policy against the types that it is about, one policy at a time. */
export class TypeCheckController {
  readonly #parts: TypeCheckParts;
  readonly #pending = new Set<string>();
  #wake: () => void = () => {};

  constructor(parts: TypeCheckParts) {
    this.#parts = parts;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { source } = this.#parts;
    const touch = () => this.#wake();
    using _changes = source.onChange(validatingAdmissionPolicies, ({ type, name }) => {
      if (type !== "DELETED") this.#pending.add(name);
      touch();
    });
    signal.addEventListener("abort", touch, { once: true });
    for (const { metadata } of source.list(validatingAdmissionPolicies)) this.#pending.add(metadata.name ?? "");
    while (!signal.aborted) {
      const [name] = this.#pending;
      if (name === undefined) await this.#touched();
      else {
        this.#pending.delete(name);
        await this.#check(name, signal);
      }
    }
    signal.removeEventListener("abort", touch);
  }

  #touched(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    return promise;
  }

  async #check(name: string, signal: AbortSignal): Promise<void> {
    const { source, writer, kinds, clock, log } = this.#parts;
    const cached = source.get(validatingAdmissionPolicies, "", name);
    if (!cached || isChecked(cached)) return;
    const change = (policy: ValidatingAdmissionPolicy) =>
      isChecked(policy) ? undefined : withTypeChecking(policy, kinds);
    try {
      await writer.update(validatingAdmissionPolicies, "", name, change, signal, "status");
    } catch (error) {
      if (isAbort(error, signal) || isNotFound(error)) return;
      if (!isConflict(error)) log.warn("the types of a policy could not be checked", { policy: name, error });
      await clock.sleep(retryMs, signal).catch(() => {});
      this.#pending.add(name);
    }
  }
}

function isChecked({ metadata, status }: ValidatingAdmissionPolicy): boolean {
  return (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
}

function withTypeChecking(policy: ValidatingAdmissionPolicy, kinds: CheckedKinds): ValidatingAdmissionPolicy {
  const expressionWarnings = typeWarnings(policy, kinds);
  const status: ValidatingAdmissionPolicy["status"] = {
    ...policy.status,
    typeChecking: expressionWarnings.length > 0 ? { expressionWarnings } : {},
    ...(policy.metadata.generation !== undefined && { observedGeneration: policy.metadata.generation }),
  };
  return { ...policy, status };
}
