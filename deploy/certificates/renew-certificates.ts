import { isUnauthorized } from "@kube-ts/api/status-error";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import type { Client } from "@kube-ts/client/client";
import { createClient } from "@kube-ts/client/rest-client";
import type { Clock } from "@kube-ts/std/clock";
import { requestClientCertificate } from "../join/request-certificate.ts";
import { step } from "../local/progress.ts";
import type { OwnMachine } from "../machine/own-machine.ts";
import { kubeconfigPath, pkiDirectory } from "../machine/places.ts";
import { refreshStaticPod, staleStaticPods } from "../machine/static-pods/refresh-static-pods.ts";
import { startUnit } from "../machine/systemd.ts";
import { restartInTurn, waitForMembers } from "../machine/whole-cluster.ts";
import type { KeyPairTexts } from "../pki/authority.ts";
import { openAuthority } from "../pki/certificate-files.ts";
import { type DaemonName, daemonUnits } from "../units/unit-files.ts";
import { storeCertificate } from "./certificate-store.ts";
import { exchangeKubeletIdentity, hasForeignKubelet } from "./kubelet-identity.ts";
import { directories, foundCertificates } from "./machine-certificates.ts";
import { type Renewal, daemonsToRestart, inRestartOrder, planRenewals, selectCertificates } from "./renewal-plan.ts";
import { runningDaemons } from "./running-daemons.ts";

export interface RenewalOptions {
  /** Names of certificates; empty for all. */
  readonly names: readonly string[];
  /** Whether to renew what is good for long, too. */
  readonly force: boolean;
  readonly clock: Clock;
  warn(text: string): void;
}

export interface RenewalReport {
  readonly renewed: readonly string[];
  /** Due, but somebody else's to renew. */
  readonly external: readonly string[];
  readonly restarted: readonly DaemonName[];
}

const signTimeoutMs = 120_000;

/**
 * Renews this machine's certificates that are due or of another authority, and restarts, one after another, the daemons that run with others than
 * are there now. May be repeated: a restart that failed is made up for.
 */
export async function renewCertificates(
  own: OwnMachine,
  options: RenewalOptions,
  signal: AbortSignal,
): Promise<RenewalReport> {
  const { names, force, clock } = options;
  const found = selectCertificates(foundCertificates(own), names);
  const plan = planRenewals(found, force, clock.now());
  const renewed: string[] = [];
  if (names.length === 0 && hasForeignKubelet(own)) {
    await step("kubelet.conf", () => exchangeKubeletIdentity(own, clock, signal));
    renewed.push("kubelet.conf");
  }
  for (const renewal of plan) {
    if (renewal.kind !== "renew") continue;
    await step(renewal.listed.name, async () => {
      await storeCertificate(renewal.listed.place, await nextPair(renewal, clock, signal), directories);
    });
    renewed.push(renewal.listed.name);
  }
  return {
    renewed,
    external: plan.flatMap((renewal) => (renewal.kind === "external" ? [renewal.name] : [])),
    restarted: await restartStale(own, options, signal),
  };
}

async function nextPair(
  { listed, request }: Extract<Renewal, { readonly kind: "renew" }>,
  clock: Clock,
  signal: AbortSignal,
): Promise<KeyPairTexts> {
  if (listed.issuer === "authority") return (await openAuthority(pkiDirectory, listed.authority)).sign(request);
  await using kubelet = await clientOf("kubelet.conf");
  const options = { signerName: "kubernetes.io/kube-apiserver-client", timeoutMs: signTimeoutMs, clock } as const;
  return await requestClientCertificate(kubelet, request, options, signal).catch((error: unknown) => {
    if (!isUnauthorized(error)) throw error;
    throw new Error(
      "the cluster does not know this machine's kubelet any more, whose certificate may have ended: have the machine leave " +
        "and join again (kube-ts reset, kube-ts join)",
      { cause: error },
    );
  });
}

/** etcd first, then the others, each when the one before is ready. */
async function restartStale(
  own: OwnMachine,
  { clock, warn }: RenewalOptions,
  signal: AbortSignal,
): Promise<readonly DaemonName[]> {
  const { config, machine } = own;
  const stalePods = await staleStaticPods(config, machine);
  const staleUnits = daemonsToRestart(await runningDaemons(signal));
  const stale = inRestartOrder([...staleUnits, ...stalePods]);
  if (stale.length === 0) return stale;
  await restartInTurn(own, { clock, warn }, signal, async (before) => {
    for (const daemon of stale) {
      await step(`restart of ${daemon}`, async () => {
        if (stalePods.includes(daemon)) return refreshStaticPod(daemon, config, machine, signal);
        await startUnit("restart", daemonUnits[daemon].unit, signal);
        if (daemon === "etcd") await waitForMembers(own, before, signal);
      });
    }
    return { hasRestarted: true };
  });
  return stale;
}

async function clientOf(kubeconfig: string): Promise<Client> {
  const path = kubeconfig.startsWith("/") ? kubeconfig : kubeconfigPath(kubeconfig);
  return createClient(await clientConfigFromFile(path), { userAgent: "kube-ts-certificates" });
}
