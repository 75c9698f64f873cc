import type { EtcdEndpoints } from "./endpoints.ts";
import { decodeLeaseGrant, decodeStatus, encodeCompaction, encodeLeaseGrant } from "./admin-messages.ts";
import type { MemberStatus } from "./admin-messages.ts";
import { decodeRange, decodeTxn, encodeRange, encodeTxn } from "./messages.ts";
import type { RangeRequest, RangeResponse, TxnRequest, TxnResponse } from "./messages.ts";
import { StoreError } from "../store.ts";
import type { Revision } from "../store.ts";

export interface EtcdTimeouts {
  readonly requestTimeoutMs: number;
  readonly listTimeoutMs: number;
}

/** What members take over the wire by default; upstream's client refuses more by itself, in words that its users match. */
const maxSentBytes = 2 * 1024 * 1024;

function tooLargeToSend(sizeBytes: number): StoreError {
  const details = `trying to send message larger than max (${sizeBytes} vs. ${maxSentBytes})`;
  return new StoreError("too-large", `rpc error: code = ResourceExhausted desc = ${details}`);
}

/** The calls to etcd that the store is made of. All reads are linearizable; failures are StoreErrors. */
export class EtcdKv {
  readonly #endpoints: EtcdEndpoints;
  readonly #timeouts: EtcdTimeouts;

  constructor(endpoints: EtcdEndpoints, timeouts: EtcdTimeouts) {
    this.#endpoints = endpoints;
    this.#timeouts = timeouts;
  }

  range(request: RangeRequest, signal: AbortSignal): Promise<RangeResponse> {
    return this.#range(request, this.#timeouts.requestTimeoutMs, signal);
  }

  /** A range that may be large. */
  rangeList(request: RangeRequest, signal: AbortSignal): Promise<RangeResponse> {
    return this.#range(request, this.#timeouts.listTimeoutMs, signal);
  }

  async #range(request: RangeRequest, timeoutMs: number, signal: AbortSignal): Promise<RangeResponse> {
    return decodeRange(
      await this.#endpoints.call("KV", "Range", encodeRange(request), { signal, timeoutMs, kind: "read" }),
    );
  }

  async txn(request: TxnRequest, signal: AbortSignal): Promise<TxnResponse> {
    const { requestTimeoutMs: timeoutMs } = this.#timeouts;
    const message = encodeTxn(request);
    if (message.length > maxSentBytes) throw tooLargeToSend(message.length);
    return decodeTxn(await this.#endpoints.call("KV", "Txn", message, { signal, timeoutMs, kind: "write" }));
  }

  async compact(revision: Revision, signal: AbortSignal): Promise<void> {
    const { listTimeoutMs: timeoutMs } = this.#timeouts;
    await this.#endpoints.call("KV", "Compact", encodeCompaction(revision), { signal, timeoutMs, kind: "write" });
  }

  /** The new lease's id. */
  async grantLease(ttlSeconds: number, signal: AbortSignal): Promise<bigint> {
    const { requestTimeoutMs: timeoutMs } = this.#timeouts;
    const request = encodeLeaseGrant(ttlSeconds);
    return decodeLeaseGrant(
      await this.#endpoints.call("Lease", "LeaseGrant", request, { signal, timeoutMs, kind: "read" }),
    );
  }

  /** The preferred member's own state. */
  async status(signal: AbortSignal): Promise<MemberStatus> {
    const { requestTimeoutMs: timeoutMs } = this.#timeouts;
    const empty = Buffer.alloc(0);
    return decodeStatus(
      await this.#endpoints.call("Maintenance", "Status", empty, { signal, timeoutMs, kind: "read" }),
    );
  }
}
