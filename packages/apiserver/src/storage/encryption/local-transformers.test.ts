import assert from "node:assert/strict";
import { createCipheriv, createHmac } from "node:crypto";
import { describe, it, test } from "node:test";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import fc from "fast-check";
import { seedCipher } from "./kms/seed-cipher.ts";
import { type RandomBytes, aesCbc, aesGcm, identity, secretbox } from "./local-transformers.ts";
import { type Decrypted, type Transformer, TransformerList } from "./transformer.ts";

const { signal } = new AbortController();
const path = "/registry/secrets/default/s";
const secret = Buffer.alloc(32, 7);

function encrypt(transformer: Transformer, bytes: Buffer, key = path): Buffer {
  return transformer.encrypt(bytes, key, signal) as Buffer;
}

function decrypt(transformer: Transformer, stored: Buffer, key = path): Buffer {
  return (transformer.decrypt(stored, key, signal) as Decrypted).bytes;
}

const ciphers: readonly [name: string, make: (secret: Buffer, random?: RandomBytes) => Transformer, binds: boolean][] =
  [
    ["aescbc", aesCbc, false],
    ["aesgcm", aesGcm, true],
    ["secretbox", secretbox, false],
    ["seed", seedCipher, true],
  ];

for (const [name, make, bindsKey] of ciphers) {
  describe(name, () => {
    it("gives back what it was given", () => {
      const transformer = make(secret);
      const property = fc.property(fc.uint8Array({ maxLength: 4_096 }), (bytes) => {
        const value = Buffer.from(bytes);
        assert.ok(decrypt(transformer, encrypt(transformer, value)).equals(value));
      });
      checkProperty(property);
    });

    it("never writes the same twice", () => {
      const transformer = make(secret);
      const value = Buffer.from("value");
      assert.ok(!encrypt(transformer, value).equals(encrypt(transformer, value)));
    });

    it("refuses what is too short", () => {
      for (const length of [0, 1, 11, 15]) assert.throws(() => decrypt(make(secret), Buffer.alloc(length)));
    });

    if (name !== "aescbc") {
      it("refuses another key, and any bit that is not as it was", () => {
        const stored = encrypt(make(secret), Buffer.from("value"));
        assert.throws(() => decrypt(make(Buffer.alloc(32, 8)), stored), /authentication failed/);
        const property = fc.property(fc.nat({ max: stored.length * 8 - 1 }), (bit) => {
          const changed = Buffer.from(stored);
          changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          assert.throws(() => decrypt(make(secret), changed), /authentication failed/);
        });
        checkProperty(property);
      });
    }

    it(bindsKey ? "refuses a value that was moved" : "cannot tell that a value was moved", () => {
      const stored = encrypt(make(secret), Buffer.from("value"));
      const moved = () => decrypt(make(secret), stored, "/registry/secrets/default/t");
      if (bindsKey) assert.throws(moved, /authentication failed/);
      else assert.equal(moved().toString(), "value");
    });
  });
}

test("aescbc: the vector, then whole blocks", () => {
  const vector = Buffer.alloc(16, 1);
  const cipher = createCipheriv("aes-256-cbc", secret, vector);
  const expected = Buffer.concat([vector, cipher.update("0123456789abcdef"), cipher.final()]);
  const stored = encrypt(
    aesCbc(secret, () => vector),
    Buffer.from("0123456789abcdef"),
  );
  assert.ok(stored.equals(expected));
  assert.equal(stored.length, 48, "a full block is padded with another one");
});

test("aesgcm: the nonce, the ciphertext, the tag", () => {
  // Test case 14 of the GCM specification: a key and a nonce of zeros, one block of zeros.
  const transformer = aesGcm(Buffer.alloc(32), (length) => Buffer.alloc(length));
  const stored = encrypt(transformer, Buffer.alloc(16), "");
  assert.equal(
    stored.toString("hex"),
    `${"00".repeat(12)}cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919`,
  );
});

test("secretbox: the nonce, the tag, the ciphertext, as NaCl's own test has them", () => {
  const key = Buffer.from("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389", "hex");
  const nonce = Buffer.from("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37", "hex");
  const message = Buffer.from(
    "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f4" +
      "1db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52" +
      "f0a089bc76897040e082f937763848645e0705",
    "hex",
  );
  const stored = encrypt(
    secretbox(key, () => nonce),
    message,
  );
  assert.ok(stored.subarray(0, 24).equals(nonce));
  const tagAndFirst = "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce";
  assert.equal(stored.subarray(24, 56).toString("hex"), tagAndFirst);
});

test("seed: random bytes from which the key is expanded, then as aesgcm", () => {
  const random: RandomBytes = (length) => Buffer.alloc(length, 9);
  const stored = encrypt(seedCipher(secret, random), Buffer.from("value"));
  assert.ok(stored.subarray(0, 32).equals(Buffer.alloc(32, 9)));
  const key = createHmac("sha256", secret)
    .update(Buffer.concat([Buffer.alloc(32, 9), Buffer.from([1])]))
    .digest();
  assert.equal(decrypt(aesGcm(key), stored.subarray(32)).toString(), "value");
});

describe("several keys and providers", () => {
  const list = (...names: readonly string[]) =>
    new TransformerList(
      names.map((name) => ({ prefix: `${name}:`, transformer: aesGcm(Buffer.alloc(32, name)) })),
      "no matching key was found for the provided AES transformer",
    );

  it("write with the first, read with all, and tell what is stale", async () => {
    const before = await list("a").encrypt(Buffer.from("value"), path, signal);
    assert.match(before.toString("latin1"), /^a:/);
    const read = await list("b", "a").decrypt(before, path, signal);
    assert.deepEqual([read.bytes.toString(), read.isStale], ["value", true]);
    assert.equal((await list("a", "b").decrypt(before, path, signal)).isStale, false);
    await assert.rejects(list("b").decrypt(before, path, signal), /no matching key was found/);
  });

  it("plain values are read as they are, encrypted ones never", async () => {
    const all = new TransformerList(
      [
        { prefix: "", transformer: identity },
        { prefix: "k8s:enc:aesgcm:v1:", transformer: list("a") },
      ],
      "no matching prefix found",
    );
    const stored = Buffer.concat([
      Buffer.from("k8s:enc:aesgcm:v1:"),
      await list("a").encrypt(Buffer.from("value"), path, signal),
    ]);
    const read = await all.decrypt(stored, path, signal);
    assert.deepEqual([read.bytes.toString(), read.isStale], ["value", true]);
    assert.equal((await all.decrypt(Buffer.from("{}"), path, signal)).isStale, false);
    const unknown = Buffer.from("k8s:enc:other:v1:x");
    await assert.rejects(all.decrypt(unknown, path, signal), /no matching prefix found/);
  });
});
