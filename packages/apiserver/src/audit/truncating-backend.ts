import type { AuditBackend, LossReport } from "./audit-backend.ts";
import { type AuditEvent, eventJson } from "./audit-event.ts";

/** Leaves the bodies out of events that are too large, and says so in an annotation. */
export class TruncatingBackend implements AuditBackend {
  readonly #delegate: AuditBackend;
  readonly #maxEventBytes: number;
  readonly #report: LossReport;

  constructor(delegate: AuditBackend, maxEventBytes: number, report: LossReport) {
    this.#delegate = delegate;
    this.#maxEventBytes = maxEventBytes;
    this.#report = report;
  }

  process(event: AuditEvent): boolean | Promise<boolean> {
    if (sizeOf(event) <= this.#maxEventBytes) return this.#delegate.process(event);
    const annotations = { ...event.annotations, "audit.k8s.io/truncated": "true" };
    const small = { ...event, requestObject: undefined, responseObject: undefined, annotations };
    if (sizeOf(small) <= this.#maxEventBytes) return this.#delegate.process(small);
    this.#report.lost("truncate", 1, new Error("event is too large even after truncating"));
    return false;
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#delegate[Symbol.asyncDispose]();
  }
}

function sizeOf(event: AuditEvent): number {
  return Buffer.byteLength(eventJson(event));
}
