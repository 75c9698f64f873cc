import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { StoreErrorCode } from "../store.ts";
import { isAnswer, isOutcomeUnknown, neverSent, toStoreError } from "./errors.ts";

function grpcError(code: number, details: string): Error {
  return Object.assign(new Error(`${code}: ${details}`), { code, details });
}

const cases: readonly {
  readonly code: number;
  readonly details: string;
  readonly means: StoreErrorCode;
  readonly answered: boolean;
  readonly unsent: boolean;
}[] = [
  {
    code: 11,
    details: "etcdserver: mvcc: required revision has been compacted",
    means: "compacted",
    answered: true,
    unsent: false,
  },
  {
    code: 11,
    details: "etcdserver: mvcc: required revision is a future revision",
    means: "future-revision",
    answered: true,
    unsent: false,
  },
  {
    code: 8,
    details: "etcdserver: mvcc: database space exceeded",
    means: "no-space",
    answered: true,
    unsent: false,
  },
  { code: 3, details: "etcdserver: request is too large", means: "too-large", answered: true, unsent: false },
  {
    code: 8,
    details: "grpc: received message larger than max (4194338 vs. 2097152)",
    means: "too-large",
    answered: true,
    unsent: false,
  },
  { code: 8, details: "etcdserver: too many requests", means: "unavailable", answered: false, unsent: true },
  { code: 14, details: "etcdserver: no leader", means: "unavailable", answered: false, unsent: false },
  { code: 14, details: "etcdserver: request timed out", means: "unavailable", answered: false, unsent: false },
  { code: 14, details: "Connection dropped", means: "unavailable", answered: false, unsent: false },
  {
    code: 14,
    details: "No connection established. Last error: Error: connect ECONNREFUSED",
    means: "unavailable",
    answered: false,
    unsent: true,
  },
  { code: 4, details: "Deadline exceeded after 10s", means: "unavailable", answered: false, unsent: false },
  { code: 7, details: "etcdserver: permission denied", means: "unavailable", answered: true, unsent: false },
];

describe("errors of etcd", () => {
  for (const { code, details, means, answered, unsent } of cases) {
    it(`${details}: ${means}`, () => {
      const error = grpcError(code, details);
      assert.equal(toStoreError(error).code, means);
      assert.equal(toStoreError(error).cause, error);
      assert.equal(isAnswer(error), answered);
      assert.equal(neverSent(error), unsent);
    });
  }

  const unknown: readonly (readonly [code: number, details: string, isUnknown: boolean])[] = [
    [14, "Connection dropped: read ECONNRESET", true],
    [14, "Connection dropped: the stream ended without a status", true],
    [14, "etcdserver: request timed out, possibly due to previous leader failure", true],
    [14, "etcdserver: server stopped", true],
    [14, "Connection dropped: keepalive timed out", false],
    [14, "Connection dropped: the client is closed", false],
    [14, "No connection established: connect ECONNREFUSED", false],
    [4, "timed out", false],
    [8, "etcdserver: mvcc: database space exceeded", false],
  ];
  for (const [code, details, isUnknown] of unknown) {
    it(`${details}: ${isUnknown ? "may have been carried out by one that is gone" : "is no reason to try again"}`, () => {
      assert.equal(isOutcomeUnknown(grpcError(code, details)), isUnknown);
      assert.equal(isOutcomeUnknown(toStoreError(grpcError(code, details))), isUnknown);
    });
  }
});
