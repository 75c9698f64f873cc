import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { FakeClock } from "@kube-ts/std/clock";
import { aesGcm } from "../local-transformers.ts";
import { decodeEncryptedObject, encodeEncryptedObject } from "./encrypted-object.ts";
import { type EnvelopeObserver, EnvelopeTransformer } from "./envelope-transformer.ts";
import type { EncryptedKey, Kms } from "./kms-client.ts";

const { signal } = new AbortController();
const path = "/registry/secrets/default/s";
const observer: EnvelopeObserver = {
  keyUsed: () => undefined,
  keyInStatus: () => undefined,
  badStatus: () => undefined,
  cacheMissed: () => undefined,
  cacheSize: () => undefined,
  seedMade: () => undefined,
};

/** A KMS that keeps keys as they are. */
class OpenKms implements Kms {
  keyId = "key-1";
  problem: Error | undefined;
  decrypts = 0;

  status() {
    return this.#answer({ version: "v2", healthz: "ok", keyId: this.keyId });
  }

  encrypt(_uid: string, plaintext: Buffer) {
    return this.#answer({
      ciphertext: plaintext,
      keyId: this.keyId,
      annotations: new Map([["a.b", Buffer.from("c")]]),
    });
  }

  decrypt(_uid: string, { ciphertext }: EncryptedKey) {
    this.decrypts += 1;
    return this.#answer(ciphertext);
  }

  close(): void {}

  #answer<T>(answer: T): Promise<T> {
    return this.problem ? Promise.reject(this.problem) : Promise.resolve(answer);
  }
}

function bench(kms = new OpenKms(), clock = new FakeClock(1_000)) {
  return { kms, clock, envelope: new EnvelopeTransformer({ name: "vault", kms, clock, observer }) };
}

describe("values whose keys a KMS has", () => {
  it("are read back, by another server with one call for each seed", async () => {
    const { kms, envelope } = bench();
    await envelope.probe(signal);
    assert.equal(envelope.problem, undefined);
    const stored: Buffer[] = [];
    for (const text of ["one", "two", "three"]) stored.push(await envelope.encrypt(Buffer.from(text), path, signal));
    const other = bench(kms).envelope;
    await other.probe(signal);
    for (const value of stored) await other.decrypt(value, path, signal);
    assert.equal(kms.decrypts, 1);
    await assert.rejects(async () => other.decrypt(stored[0] as Buffer, "/elsewhere", signal), /authentication failed/);
  });

  it("are stale once the KMS has another key", async () => {
    const { kms, envelope } = bench();
    await envelope.probe(signal);
    const stored = await envelope.encrypt(Buffer.from("one"), path, signal);
    assert.equal((await envelope.decrypt(stored, path, signal)).isStale, false);
    kms.keyId = "key-2";
    await envelope.probe(signal);
    assert.equal((await envelope.decrypt(stored, path, signal)).isStale, true);
    assert.equal(decodeEncryptedObject(await envelope.encrypt(Buffer.from("two"), path, signal)).keyId, "key-2");
  });

  it("are written for three minutes after the KMS was last well", async () => {
    const { kms, clock, envelope } = bench();
    await assert.rejects(envelope.encrypt(Buffer.from("one"), path, signal), /not ready/);
    await envelope.probe(signal);
    kms.problem = new Error("gone");
    await clock.advance(180_000);
    await envelope.probe(signal);
    assert.match(envelope.problem?.message ?? "", /gone/);
    await envelope.encrypt(Buffer.from("one"), path, signal);
    await clock.advance(1);
    await assert.rejects(envelope.encrypt(Buffer.from("two"), path, signal), /expired/);
  });

  it("are asked for again some time after the KMS failed", async () => {
    const { kms, envelope } = bench();
    await envelope.probe(signal);
    const stored = await envelope.encrypt(Buffer.from("one"), path, signal);
    const other = bench(kms);
    kms.problem = new Error("gone");
    for (let turn = 0; turn < 3; turn += 1) {
      await assert.rejects(other.envelope.decrypt(stored, path, signal), /failed to decrypt DEK, error: gone/);
    }
    assert.equal(kms.decrypts, 1);
    kms.problem = undefined;
    await other.clock.advance(1_001);
    assert.equal((await other.envelope.decrypt(stored, path, signal)).bytes.toString(), "one");
  });

  it("that have a whole key of their own are read, and are stale", async () => {
    const { envelope } = bench();
    const key = Buffer.alloc(32, 3);
    const encryptedData = aesGcm(key).encrypt(Buffer.from("old"), path, signal) as Buffer;
    const annotations = new Map<string, Buffer>();
    const object = { encryptedData, keyId: "k", encryptedSource: key, annotations, sourceType: 0 };
    const read = await envelope.decrypt(encodeEncryptedObject(object), path, signal);
    assert.deepEqual([read.bytes.toString(), read.isStale], ["old", true]);
  });
});

test("a KMS that says it is not well is not", async () => {
  const { kms, envelope } = bench();
  kms.status = () => Promise.resolve({ version: "v1", healthz: "ok", keyId: "k" });
  await envelope.probe(signal);
  assert.match(envelope.problem?.message ?? "", /expected KMS version v2/);
});

test("the stored object has upstream's fields", () => {
  const object = {
    encryptedData: Buffer.from("d"),
    keyId: "k",
    encryptedSource: Buffer.from("s"),
    annotations: new Map([["a", Buffer.from("v")]]),
    sourceType: 1,
  };
  const stored = encodeEncryptedObject(object);
  assert.equal(stored.toString("hex"), "0a016412016b1a017322060a01611201762801");
  assert.deepEqual(decodeEncryptedObject(stored), object);
  for (const wrong of [{ keyId: "" }, { encryptedData: Buffer.alloc(0) }, { encryptedSource: Buffer.alloc(2_000) }]) {
    assert.throws(() => encodeEncryptedObject({ ...object, ...wrong }));
  }
  assert.throws(() => decodeEncryptedObject(Buffer.from("not a message")));
});
