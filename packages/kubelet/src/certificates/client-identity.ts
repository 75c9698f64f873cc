import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Client } from "@kube-ts/client/client";
import { type ClientConfig, type PemSource, clientConfigFromFile } from "@kube-ts/client/client-config";
import { serverFields } from "@kube-ts/client/server-list";
import { backoffDelayMs } from "@kube-ts/std/backoff";
import type { Clock } from "@kube-ts/std/clock";
import { type Logger, errorFields } from "@kube-ts/std/log";
import type { Random } from "@kube-ts/std/random";
import { replaceFile } from "@kube-ts/std/replace-file";
import { newPrivateKey, nodeSubject } from "./certificate-subject.ts";
import { CertificateStore } from "./certificate-store.ts";
import { type KeyPair, keyPairFrom } from "./key-pair.ts";
import { clientSigner, requestCertificate } from "./request-certificate.ts";

export interface ClientIdentityOptions {
  readonly kubeconfig: string;
  /** Empty for none. */
  readonly bootstrapKubeconfig: string;
  readonly certDirectory: string;
  readonly rotate: boolean;
  readonly nodeName: string;
  connect(config: ClientConfig): Client;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** As whom the kubelet speaks to the API server. */
export interface ClientIdentity {
  readonly config: ClientConfig;
  readonly store: CertificateStore;
  /** The certificate that is in use, if there is one. */
  readonly current: KeyPair | undefined;
}

const retries = { baseMs: 2_000, maxMs: 60_000, factor: 2, jitter: 0.1 };

/**
 * The identity of `--kubeconfig`. Where that does not exist, or its certificate has ended, one is asked for with
 * `--bootstrap-kubeconfig`, as often as it takes. Rejects when a file cannot be used.
 */
export async function clientIdentity(options: ClientIdentityOptions, signal: AbortSignal): Promise<ClientIdentity> {
  const { kubeconfig, bootstrapKubeconfig, certDirectory, rotate, clock, log } = options;
  const store = new CertificateStore(certDirectory, "kubelet-client");
  if (bootstrapKubeconfig !== "" && !(await isUsable(kubeconfig, clock.now(), log))) {
    await bootstrap(options, store, signal);
  }
  const config = await clientConfigFromFile(kubeconfig);
  if (!rotate) return { config, store, current: undefined };
  const now = clock.now();
  const ofKubeconfig = await certificateOf(config).catch(() => undefined);
  const stored = await store.current().catch(() => undefined);
  if (!stored || stored.notAfterMs <= now) {
    if (!ofKubeconfig || ofKubeconfig.notAfterMs <= now) return { config, store, current: ofKubeconfig };
    // Renewal puts the next certificate in its place.
    await store.update(ofKubeconfig, now);
  }
  const file: PemSource = { file: store.currentPath };
  const current = await store.current();
  return { config: { ...config, tls: { ...config.tls, cert: file, key: file } }, store, current };
}

/** Whether the file is there and its certificate still counts. */
async function isUsable(kubeconfig: string, nowMs: number, log: Logger): Promise<boolean> {
  try {
    const pair = await certificateOf(await clientConfigFromFile(kubeconfig));
    if (!pair) return false;
    if (pair.notAfterMs > nowMs) return true;
    log.warn("the existing client certificate has expired", { kubeconfig });
  } catch (error) {
    if (!isMissing(error))
      log.warn("the existing kubeconfig cannot be used", { kubeconfig, error: errorFields(error) });
  }
  return false;
}

function isMissing(error: unknown): boolean {
  const { cause } = error as { readonly cause?: { readonly code?: unknown } };
  return cause?.code === "ENOENT";
}

/** The client certificate that a kubeconfig names; undefined when it has other credentials. */
async function certificateOf({ tls }: ClientConfig): Promise<KeyPair | undefined> {
  if (!tls.cert || !tls.key) return undefined;
  return keyPairFrom(await readPem(tls.cert), await readPem(tls.key));
}

async function readPem(source: PemSource): Promise<string> {
  return "text" in source ? source.text : readFile(source.file, "utf8");
}

async function bootstrap(options: ClientIdentityOptions, store: CertificateStore, signal: AbortSignal): Promise<void> {
  const { bootstrapKubeconfig, kubeconfig, nodeName, clock, random, log } = options;
  const config = await clientConfigFromFile(bootstrapKubeconfig);
  await using client = options.connect(config);
  log.info("asking for a client certificate", { bootstrapKubeconfig });
  for (let attempt = 0; ; attempt++) {
    try {
      const privateKey = await store.pendingKey(newPrivateKey);
      const order = { subject: nodeSubject(nodeName), signerName: clientSigner, privateKey, named: true } as const;
      const cert = await requestCertificate(client, order, clock, signal);
      await store.update({ cert, key: privateKey }, clock.now());
      break;
    } catch (error) {
      signal.throwIfAborted();
      log.warn("no client certificate yet", { error: errorFields(error) });
      await clock.sleep(backoffDelayMs(retries, attempt, random), signal);
    }
  }
  await writeKubeconfig(kubeconfig, config, store.currentPath);
  await store.forgetPendingKey();
  log.info("client certificate obtained", { kubeconfig });
}

/** The bootstrap's cluster with the new certificate. */
async function writeKubeconfig(path: string, config: ClientConfig, pemPath: string): Promise<void> {
  const { server, serverList, tls } = config;
  const authority = tls.ca === undefined ? undefined : Buffer.from(await readPem(tls.ca)).toString("base64");
  const cluster = {
    ...(serverList ? serverFields(serverList.servers, serverList.start, server) : { server }),
    ...(authority === undefined ? {} : { "certificate-authority-data": authority }),
    ...(tls.serverName === undefined ? {} : { "tls-server-name": tls.serverName }),
    ...(tls.insecureSkipVerify ? { "insecure-skip-tls-verify": true } : {}),
  };
  const user = { "client-certificate": pemPath, "client-key": pemPath };
  const document = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "default-cluster", cluster }],
    contexts: [
      { name: "default-context", context: { cluster: "default-cluster", namespace: "default", user: "default-auth" } },
    ],
    "current-context": "default-context",
    users: [{ name: "default-auth", user }],
  };
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await replaceFile(path, `${JSON.stringify(document, undefined, 2)}\n`);
}
