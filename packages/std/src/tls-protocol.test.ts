import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFlags } from "./flags.ts";
import { defaultTlsProtocol, tlsProtocol, tlsProtocolFlags } from "./tls-protocol.ts";

const read = (...args: string[]) => tlsProtocol(parseFlags(tlsProtocolFlags, "test", args).values);

test("without flags, TLS 1.2 and newer with strong suites", () => {
  assert.deepEqual(read(), defaultTlsProtocol);
  assert.equal(defaultTlsProtocol.minVersion, "TLSv1.2");
  const suites = defaultTlsProtocol.ciphers.split(":");
  assert.equal(suites.length, 9);
  assert.ok(
    suites.every((suite) => /^(TLS_|ECDHE-).*(GCM|POLY1305)/.test(suite)),
    suites.join(),
  );
});

test("suites by Go's names; those of TLS 1.3 are always there", () => {
  const { ciphers } = read("--tls-cipher-suites=TLS_RSA_WITH_AES_128_CBC_SHA,TLS_AES_128_GCM_SHA256");
  assert.equal(ciphers, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:AES128-SHA");
  assert.throws(() => read("--tls-cipher-suites=TLS_NO"), /Cipher suite TLS_NO not supported or doesn't exist/);
  assert.throws(() => read("--tls-cipher-suites=TLS_RSA_WITH_RC4_128_SHA"), /TLS_RSA_WITH_RC4_128_SHA is broken/);
});

test("old versions on demand, with what they need", () => {
  const { minVersion, ciphers } = read("--tls-min-version=VersionTLS10");
  assert.equal(minVersion, "TLSv1");
  assert.match(ciphers, /:DEFAULT:@SECLEVEL=0$/);
  assert.equal(read("--tls-min-version=VersionTLS13").minVersion, "TLSv1.3");
  for (const version of ["VersionTLS14", "constructor"]) {
    assert.throws(() => read(`--tls-min-version=${version}`), new RegExp(`unknown tls version "${version}"`));
  }
});
