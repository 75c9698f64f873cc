import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";
import type { Clock } from "@kube-ts/std/clock";
import { type Logger, errorFields } from "@kube-ts/std/log";
import { replaceFile } from "@kube-ts/std/replace-file";
import type { ServingTls } from "@kube-ts/std/serving";
import type { CertificateStore } from "../certificates/certificate-store.ts";
import type { ServerConfig } from "../config/kubelet-config.ts";

const checkMs = 60_000;

export interface ServingIdentityOptions {
  readonly config: Pick<ServerConfig, "certFile" | "keyFile" | "clientCaFile">;
  /** Where a generated certificate is kept. */
  readonly certDirectory: string;
  /** Names and addresses that a generated certificate is for. */
  readonly hosts: readonly string[];
  /** Where the certificate is that the API server's signers make, if they do. */
  readonly store?: CertificateStore | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * The identity of the kubelet's server: configured files, a certificate of its own that is kept between starts, or one
 * that was asked for; until that has come there is none.
 */
export class ServingIdentity {
  readonly #options: ServingIdentityOptions;
  #wake = new AbortController();

  constructor(options: ServingIdentityOptions) {
    this.#options = options;
  }

  /** Rejects when a file cannot be read. */
  async load(): Promise<ServingTls> {
    const { clientCaFile } = this.#options.config;
    const clientCa = clientCaFile === "" ? undefined : await readFile(clientCaFile, "utf8");
    return { ...(await this.#pair()), ...(clientCa === undefined ? {} : { clientCa }) };
  }

  /** Looks whether the files have changed, now and then and whenever `changed` is called, and hands on what they say. */
  async follow(current: ServingTls, onChange: (tls: ServingTls) => void, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    let known = JSON.stringify(current);
    for (;;) {
      await this.#nextLook(clock, signal);
      try {
        const tls = await this.load();
        const text = JSON.stringify(tls);
        if (text === known) continue;
        onChange(tls);
        known = text;
        log.info("serving certificate changed");
      } catch (error) {
        log.warn("serving certificate could not be loaded: the old one stays", { error: errorFields(error) });
      }
    }
  }

  /** There may be another certificate from now on. */
  readonly changed = (): void => this.#wake.abort();

  async #nextLook(clock: Clock, signal: AbortSignal): Promise<void> {
    await clock.sleep(checkMs, AbortSignal.any([signal, this.#wake.signal])).catch(() => signal.throwIfAborted());
    if (this.#wake.signal.aborted) this.#wake = new AbortController();
  }

  async #pair(): Promise<Pick<ServingTls, "cert" | "key">> {
    const { certFile, keyFile } = this.#options.config;
    const { store } = this.#options;
    const asked = await store?.current();
    if (asked) return { cert: asked.cert, key: asked.key };
    if (certFile !== "") return { cert: await readFile(certFile, "utf8"), key: await readFile(keyFile, "utf8") };
    return store ? { cert: "", key: "" } : this.#own();
  }

  async #own(): Promise<ServingTls> {
    const { certDirectory, hosts, clock } = this.#options;
    const [certPath, keyPath] = [join(certDirectory, "kubelet.crt"), join(certDirectory, "kubelet.key")];
    const [cert, key] = await Promise.all([certPath, keyPath].map((path) => readFile(path, "utf8").catch(() => "")));
    if (cert && key && isUsable(cert, hosts, clock.now())) return { cert, key };
    const { selfSignedTls } = await import("@kube-ts/std/self-signed");
    const made = await selfSignedTls(hosts, clock.now());
    await mkdir(certDirectory, { recursive: true, mode: 0o750 });
    await replaceFile(keyPath, made.key, 0o600);
    await replaceFile(certPath, made.cert, 0o644);
    return made;
  }
}

const marginMs = 7 * 24 * 3_600_000;

function isUsable(cert: string, hosts: readonly string[], nowMs: number): boolean {
  try {
    const certificate = new X509Certificate(cert);
    const covered = hosts.every(
      (host) => certificate.checkHost(host) !== undefined || certificate.checkIP(host) !== undefined,
    );
    return covered && Date.parse(certificate.validTo) - nowMs > marginMs;
  } catch {
    return false;
  }
}
