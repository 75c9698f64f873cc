import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import type { Clock } from "@kube-ts/std/clock";
import { hasRole } from "../cluster/cluster-view.ts";
import { kubeletCertificates, obtainNodeIdentity } from "../join/worker-credentials.ts";
import type { OwnMachine } from "../machine/own-machine.ts";
import { kubeconfigPath, pkiDirectory } from "../machine/places.ts";
import { startUnit } from "../machine/systemd.ts";
import { certificateFiles, trustedFile } from "../pki/certificate-files.ts";
import { daemonUnits } from "../units/unit-files.ts";
import { isSignedBy } from "./certificate-store.ts";

/**
 * Whether the certificates of a worker's kubelet are of another authority than the machine has now: the kubelet renews them
 * when they end, and does not know that.
 */
export function hasForeignKubelet({ machine }: OwnMachine): boolean {
  if (hasRole(machine, "control-plane") || !existsSync(kubeletCertificates.client)) return false;
  const authority = readFileSync(certificateFiles(pkiDirectory, "ca").cert, "utf8");
  return !isSignedBy(readFileSync(kubeletCertificates.client, "utf8"), authority);
}

/** Has the cluster give the kubelet a new identity, by the one that it has; its server asks for its own when it starts. */
export async function exchangeKubeletIdentity(
  { config, machine }: OwnMachine,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const authority = readFileSync(trustedFile(pkiDirectory, "ca"), "utf8");
  const node = await clientConfigFromFile(kubeconfigPath("kubelet.conf"));
  await using client = createClient(node, { userAgent: "kube-ts-certificates" });
  await obtainNodeIdentity({ config, machine, authority }, client, clock, signal);
  await rm(kubeletCertificates.server, { force: true });
  await startUnit("restart", daemonUnits.kubelet.unit, signal);
}
