import assert from "node:assert/strict";
import { createCipheriv } from "node:crypto";
import { test } from "node:test";
import { decrypt, encrypt, newCertificateKey, parseCertificateKey } from "./certificate-key.ts";
import { type SharedFileContents, filesOfSecret, secretOfFiles, sharedFiles } from "./certificates-secret.ts";

const key = Buffer.alloc(32, 7);
const owner = { name: "bootstrap-token-abcdef", uid: "1-2-3" };
const files = Object.fromEntries(
  Object.keys(sharedFiles).map((name) => [name, `content of ${name}`]),
) as SharedFileContents;

test("a key has 32 bytes in hexadecimal", () => {
  assert.equal(parseCertificateKey(newCertificateKey()).length, 32);
  assert.throws(() => parseCertificateKey("00ff"), /2 bytes instead of 32/);
  assert.throws(() => parseCertificateKey("not hexadecimal"), /not hexadecimal/);
});

test("what is sealed is opened with its key only, and unchanged only", () => {
  const sealed = encrypt(key, Buffer.from("secret"));
  assert.equal(decrypt(key, sealed).toString(), "secret");
  assert.notDeepEqual(encrypt(key, Buffer.from("secret")), sealed);
  assert.throws(() => decrypt(Buffer.alloc(32, 8), sealed), /message authentication failed/);
  for (const at of [0, 12, sealed.length - 1]) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.throws(() => decrypt(key, changed), /message authentication failed/);
  }
  assert.throws(() => decrypt(key, sealed.subarray(0, 20)), /shorter/);
});

test("the layout is that of Go's GCM: nonce, ciphertext, tag", () => {
  const nonce = Buffer.alloc(12, 3);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const body = Buffer.concat([cipher.update("secret"), cipher.final()]);
  assert.equal(decrypt(key, Buffer.concat([nonce, body, cipher.getAuthTag()])).toString(), "secret");
});

test("the secret has every file, those of kubeadm under its names, and ends with its owner", () => {
  const secret = secretOfFiles(files, key, owner);
  assert.deepEqual(Object.keys(secret.data ?? {}).toSorted(), [
    "ca.crt",
    "ca.key",
    "encryption.yaml",
    "etcd-ca.crt",
    "etcd-ca.key",
    "front-proxy-ca.crt",
    "front-proxy-ca.key",
    "sa.key",
    "sa.pub",
  ]);
  assert.equal(secret.metadata.ownerReferences?.[0]?.uid, owner.uid);
  assert.doesNotMatch(Buffer.from(secret.data?.["ca.key"] ?? "", "base64").toString("latin1"), /content/);
  assert.deepEqual(filesOfSecret(secret, key), files);
  assert.throws(() => filesOfSecret(secret, Buffer.alloc(32)), /error decoding secret data with provided key: ca\.crt/);
  const { "encryption.yaml": _key, ...unencrypted } = files;
  const without = secretOfFiles(unencrypted, key, owner);
  assert.ok(!("encryption.yaml" in (without.data ?? {})));
  assert.deepEqual(filesOfSecret(without, key), unencrypted, "a cluster need not encrypt");
  const { "sa.key": _gone, ...data } = secret.data ?? {};
  assert.throws(() => filesOfSecret({ ...secret, data }, key), /required certificate or key - name: sa\.key/);
});
