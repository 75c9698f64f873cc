import { type ConnectionOptions, connect } from "node:tls";
import type { TlsFacts } from "../cluster-view.ts";

const timeoutMs = 3_000;

/** Suites of TLS 1.2 without authenticated encryption, or without forward secrecy. */
const weakCiphers = [
  ...["ECDSA", "RSA"].flatMap((key) =>
    ["AES128-SHA", "AES256-SHA", "AES128-SHA256", "AES256-SHA384"].map((cipher) => `ECDHE-${key}-${cipher}`),
  ),
  "AES128-SHA",
  "AES256-SHA",
  "AES128-SHA256",
  "AES256-SHA256",
  "AES128-GCM-SHA256",
  "AES256-GCM-SHA384",
];

/**
 * Tries to speak old versions and weak ciphers with a server. Nothing is sent, so it need not be known who it is. Answers
 * undefined when it does not speak TLS 1.2 or newer either.
 */
export async function probeTls(host: string, port: number): Promise<TlsFacts | undefined> {
  if ((await negotiated(host, port, { minVersion: "TLSv1.2" })) === undefined) return undefined;
  const level = "@SECLEVEL=0";
  const old = await negotiated(host, port, { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: `ALL:${level}` });
  const ciphers = [...weakCiphers, level].join(":");
  const weak = await negotiated(host, port, { minVersion: "TLSv1.2", maxVersion: "TLSv1.2", ciphers });
  return { oldVersions: old ? [old.version] : [], weakCiphers: weak ? [weak.cipher] : [] };
}

/** What client and server agree on; undefined when they do not. */
function negotiated(
  host: string,
  port: number,
  options: ConnectionOptions,
): Promise<{ version: string; cipher: string } | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, rejectUnauthorized: false, timeout: timeoutMs, ...options });
    const end = (answer?: { version: string; cipher: string }) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("secureConnect", () =>
      end({ version: socket.getProtocol() ?? "", cipher: socket.getCipher().standardName }),
    );
    socket.on("error", () => end());
    socket.once("timeout", () => end());
  });
}
