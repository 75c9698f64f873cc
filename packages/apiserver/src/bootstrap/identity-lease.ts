import { createHash } from "node:crypto";
import type { Lease } from "@kube-ts/api/coordination/v1";
import { nameOf } from "@kube-ts/api/object";
import { leases } from "@kube-ts/api/resource-types";
import { isNotFound } from "@kube-ts/api/status-error";
import { base32 } from "@kube-ts/std/base32";
import { type BootstrapObjects, ensureObject } from "./ensure-object.ts";

const namespace = "kube-system";
const component = "kube-apiserver";
const identityLabel = "apiserver.kubernetes.io/identity";
const hostNameLabel = "kubernetes.io/hostname";
const durationSeconds = 3_600;

/** By which the server is known to others: its host's name, hashed as upstream does (KEP-1965). */
export function serverIdentity(hostName: string): string {
  const hash = createHash("sha256").update(lengthPrefixed(hostName)).update(lengthPrefixed(component)).digest();
  return `apiserver-${base32(hash.subarray(0, 16)).toLowerCase()}`;
}

/** Renews the Lease that tells that a server runs on the host; `holder` names the process. */
export async function renewIdentityLease(
  objects: BootstrapObjects,
  hostName: string,
  holder: string,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> {
  const name = serverIdentity(hostName);
  const labels = { [identityLabel]: component, [hostNameLabel]: hostName };
  const spec = {
    holderIdentity: `${name}_${holder}`,
    leaseDurationSeconds: durationSeconds,
    renewTime: new Date(nowMs).toISOString().replace("Z", "000Z"),
  };
  const apiVersion = "coordination.k8s.io/v1";
  const expected: Lease = { apiVersion, kind: "Lease", metadata: { name, namespace, labels }, spec };
  const renewed = (current: Lease): Lease => ({
    ...current,
    metadata: { ...current.metadata, labels: { ...current.metadata.labels, ...labels } },
    spec: { ...current.spec, ...spec },
  });
  await ensureObject(objects, leases, expected, renewed, signal);
}

/** Removes the Leases of servers that are gone. */
export async function collectIdentityLeases(
  { source, writer }: BootstrapObjects,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> {
  const wanted = { kind: "label", name: identityLabel, value: component } as const;
  for (const lease of await source.listHaving(leases, wanted, signal)) {
    if (lease.metadata.namespace !== namespace || !isExpired(lease, nowMs)) continue;
    const latest = await source.getLatest(leases, namespace, nameOf(lease), signal);
    if (!latest || !isExpired(latest, nowMs)) continue;
    await writer.delete(leases, namespace, nameOf(latest), signal).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
}

/** A Lease that does not say until when it is good is good for nothing. */
function isExpired({ spec: { renewTime, leaseDurationSeconds } }: Lease, nowMs: number): boolean {
  if (renewTime === undefined || leaseDurationSeconds === undefined) return true;
  return Date.parse(renewTime) + leaseDurationSeconds * 1_000 < nowMs;
}

function lengthPrefixed(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
