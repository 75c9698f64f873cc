import { type ReconnectingClient } from "@kube-ts/client/rest-client";
import type { Client } from "@kube-ts/client/client";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { errorFields } from "@kube-ts/std/log";
import type { Registry } from "@kube-ts/std/metrics";
import { clientCertificateMetrics } from "./certificate-metrics.ts";
import { nodeSubject } from "./certificate-subject.ts";
import { CertificateRotation } from "./certificate-rotation.ts";
import type { ClientIdentity, ClientIdentityOptions } from "./client-identity.ts";
import { clientSigner } from "./request-certificate.ts";

/**
 * Renews the kubelet's client certificate, and has `client` show the new one. Once the old one has ended, the bootstrap
 * credentials ask, if there are any.
 */
export function clientRotation(
  identity: ClientIdentity,
  client: ReconnectingClient,
  options: ClientIdentityOptions & { readonly registry: Registry },
): CertificateRotation {
  const { bootstrapKubeconfig, nodeName, connect, clock, random, log, registry } = options;
  let current = identity.current;
  const asker = async () => {
    const mayAsk = bootstrapKubeconfig === "" || (current !== undefined && current.notAfterMs > clock.now());
    return mayAsk ? borrowed(client) : owned(connect(await clientConfigFromFile(bootstrapKubeconfig)));
  };
  return new CertificateRotation({
    store: identity.store,
    subject: nodeSubject(nodeName),
    signerName: clientSigner,
    client: asker,
    initial: identity.current,
    metrics: (ttlSeconds) => clientCertificateMetrics(registry, ttlSeconds),
    onRenewed: (pair) => {
      current = pair;
      client.reconnect().catch((error: unknown) => {
        log.warn("old connections could not be ended", { error: errorFields(error) });
      });
    },
    clock,
    random,
    log,
  });
}

export function borrowed(client: Client) {
  return { client, [Symbol.asyncDispose]: () => Promise.resolve() };
}

function owned(client: Client) {
  return { client, [Symbol.asyncDispose]: async () => client[Symbol.asyncDispose]() };
}
