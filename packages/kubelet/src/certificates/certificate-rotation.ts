import type { Client } from "@kube-ts/client/client";
import { backoffDelayMs } from "@kube-ts/std/backoff";
import type { Clock } from "@kube-ts/std/clock";
import { type Logger, errorFields } from "@kube-ts/std/log";
import type { Random } from "@kube-ts/std/random";
import type { CertificateMetrics } from "./certificate-metrics.ts";
import type { CertificateSubject } from "./certificate-subject.ts";
import { newPrivateKey } from "./certificate-subject.ts";
import type { CertificateStore } from "./certificate-store.ts";
import { type KeyPair, coversHosts, renewalTimeMs } from "./key-pair.ts";
import { type CertificateOrder, requestCertificate } from "./request-certificate.ts";

export interface CertificateRotationOptions {
  readonly store: CertificateStore;
  readonly subject: CertificateSubject;
  readonly signerName: CertificateOrder["signerName"];
  /** Who asks. It is called for each try, and what it answers is disposed of after it. */
  client(): Promise<{ readonly client: Client } & AsyncDisposable>;
  /** Of a certificate that is in use although it is not in the store. */
  readonly initial?: KeyPair | undefined;
  metrics(ttlSeconds: () => number): CertificateMetrics;
  /** A new certificate is current. */
  onRenewed(pair: KeyPair): Promise<void> | void;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

const retries = { baseMs: 2_000, maxMs: 32_000, factor: 2, jitter: 0.1 };
/** A timer cannot be set for longer than 24 days, and the machine may sleep. */
const longestSleepMs = 3_600_000;
/** Signers date certificates back: a short-lived one may be due as soon as it comes. */
const leastPauseMs = 10_000;

/** Keeps one certificate valid: asks for a new one in time, and stores it. */
export class CertificateRotation {
  readonly #options: CertificateRotationOptions;
  readonly #metrics: CertificateMetrics;
  #current: KeyPair | undefined;

  constructor(options: CertificateRotationOptions) {
    this.#options = options;
    this.#current = options.initial;
    this.#metrics = options.metrics(() =>
      this.#current ? (this.#current.notAfterMs - options.clock.now()) / 1_000 : Infinity,
    );
  }

  /** Runs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { store, random, clock, log, subject } = this.#options;
    const stored = await store.current().catch((error: unknown) => {
      log.warn("stored certificate cannot be used", { path: store.currentPath, error: errorFields(error) });
      return undefined;
    });
    this.#current = stored ?? this.#current;
    for (let renewedAtMs = -Infinity; ; renewedAtMs = clock.now()) {
      const current = this.#current;
      if (current && coversHosts(current, subject.hosts)) {
        const dueMs = Math.max(renewalTimeMs(current, random.next()), renewedAtMs + leastPauseMs);
        log.info("certificate will be renewed", {
          signer: this.#options.signerName,
          at: new Date(dueMs).toISOString(),
          until: new Date(current.notAfterMs).toISOString(),
        });
        while (clock.now() < dueMs) await clock.sleep(Math.min(dueMs - clock.now(), longestSleepMs), signal);
      }
      await this.#renew(signal);
    }
  }

  async #renew(signal: AbortSignal): Promise<void> {
    const { clock, random, log, signerName } = this.#options;
    for (let attempt = 0; ; attempt++) {
      try {
        const pair = await this.#request(signal);
        const former = this.#current;
        this.#current = pair;
        this.#metrics.renewed(former && (clock.now() - former.notBeforeMs) / 1_000);
        await this.#options.onRenewed(pair);
        log.info("certificate renewed", { signer: signerName });
        return;
      } catch (error) {
        signal.throwIfAborted();
        this.#metrics.renewalFailed();
        log.warn("certificate could not be renewed", { signer: signerName, error: errorFields(error) });
        await clock.sleep(backoffDelayMs(retries, attempt, random), signal);
      }
    }
  }

  async #request(signal: AbortSignal): Promise<KeyPair> {
    const { subject, signerName, store, clock } = this.#options;
    const key = await newPrivateKey();
    await using asker = await this.#options.client();
    const order = { subject, signerName, privateKey: key, named: false };
    const cert = await requestCertificate(asker.client, order, clock, signal);
    return store.update({ cert, key }, clock.now());
  }
}
