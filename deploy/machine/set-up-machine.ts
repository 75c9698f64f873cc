import { existsSync } from "node:fs";
import { Resolver } from "node:dns/promises";
import { join } from "node:path";
import type { Client } from "@kube-ts/client/client";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import { ipFamilyOf } from "@kube-ts/std/ip-address";
import type { ClusterConfig, Machine } from "../cluster/cluster-config.ts";
import { configWarnings, dnsServiceIndex, etcdMember, hasRole, serviceAddresses } from "../cluster/cluster-view.ts";
import type { DaemonPlan, EtcdStart } from "../cluster/daemon-flags.ts";
import { etcdMetricsPort } from "../cluster/daemon-flags.ts";
import { buildMissingImages } from "../images/build-images.ts";
import { digestOf } from "../join/publish/cluster-configuration.ts";
import { publishRights } from "../join/publish/publish-cluster.ts";
import { note, step } from "../local/progress.ts";
import { certificatesTimer, daemonUnits } from "../units/unit-files.ts";
import type { DaemonName } from "../units/unit-files.ts";
import { applyAdminBinding, applyClusterObjects } from "./cluster-objects.ts";
import { collectFacts } from "./collect-facts.ts";
import { checkNothingIsTakenBack, publishConfiguration, seenConfiguration } from "./configuration-source.ts";
import type { ConfigurationSource } from "./configuration-source.ts";
import { ensureUnit } from "./daemon-units.ts";
import { ensureDocker } from "./docker.ts";
import { wordsOf } from "./environment-file.ts";
import { readText, writeFiles } from "./files/write-files.ts";
import { ensureIdentities } from "./identities.ts";
import { applyKernelSettings, kernelFiles } from "./kernel-settings.ts";
import { controlPlaneDaemons, isStaticPod, workerDaemons } from "./machine-daemons.ts";
import { inputFiles, machineFilePlan } from "./machine-file-plan.ts";
import { machinePlan } from "./machine-plan.ts";
import { recordMachine } from "./machine-record.ts";
import { markNode, nodeReadiness } from "./node-role.ts";
import { adminKubeconfig, etcdData, kubeconfigPath, superAdminKubeconfig } from "./places.ts";
import { preflight } from "./preflight.ts";
import { endStaticPods } from "./static-pods/end-static-pods.ts";
import { ensureStaticPod, prepareStaticPods } from "./static-pods/ensure-static-pods.ts";
import type { StaticPodGround } from "./static-pods/ensure-static-pods.ts";
import { reloadUnits, startUnit, unitState } from "./systemd.ts";
import { waitFor } from "./wait-for.ts";

const readyMs = 180_000;

/** How a machine becomes part of a cluster that exists. */
export interface Membership {
  /** Makes the machine a member of etcd, before its etcd is started for the first time. May be repeated. */
  joinEtcd(signal: AbortSignal): Promise<EtcdStart>;
  /** Waits until the new member takes part. May be repeated. */
  etcdStarted(signal: AbortSignal): Promise<void>;
}

export interface MachineSetup {
  readonly config: ClusterConfig;
  readonly machine: Machine;
  /** Undefined for a machine that starts the cluster, or that is in it already. */
  readonly membership: Membership | undefined;
  readonly source: ConfigurationSource;
}

/** What was done; nothing when the machine was as it should be. */
export interface SetupReport {
  readonly changes: readonly string[];
}

/**
 * Sets a machine up as its cluster's configuration says, printing its steps. Looks before it changes anything, may be
 * repeated at any time, and changes only what differs. Rejects with what is wrong and what to do.
 */
export async function setUpMachine(setup: MachineSetup, signal: AbortSignal): Promise<SetupReport> {
  const changes = new Changes();
  const { config, machine } = setup;
  await step("checks before the installation", () => check(setup, signal));
  await step("kernel settings", async () => {
    changes.files(await applyKernel(config, signal));
  });
  if (hasRole(machine, "worker")) await prepareEngine(changes, signal);
  await step("certificates and kubeconfigs", async () => {
    changes.files(await ensureIdentities(config, machine, startsCluster(setup)));
  });
  const plan = await step("configuration of the daemons", async () => {
    const made = machinePlan(config, machine, await etcdStart(setup, signal));
    const { source } = setup;
    const seen = source.kind === "cluster" ? digestOf(source.text) : await seenConfiguration();
    changes.files(await recordMachine(machine.name, seen));
    changes.files(await writeFiles(machineFilePlan(made)));
    await reloadUnits(signal);
    return made;
  });
  if (hasRole(machine, "etcd")) await startEtcd(plan, setup.membership, changes, signal);
  if (hasRole(machine, "control-plane")) await startControlPlane(plan, setup.source, changes, signal);
  if (hasRole(machine, "worker")) await startNode(plan, changes, signal);
  await step("renewal of certificates", () => enableRenewal(changes, signal));
  return { changes: changes.list };
}

/** Collects what was changed, and says it. */
class Changes {
  readonly list: string[] = [];

  files(paths: readonly string[]): void {
    for (const path of paths) this.add(`wrote ${path}`);
  }

  hasWritten(path: string): boolean {
    return this.list.includes(`wrote ${path}`);
  }

  add(text: string): void {
    this.list.push(text);
    note(text);
  }
}

/** Whether nothing of the cluster exists yet: this machine makes the authorities. */
function startsCluster({ config, machine, membership }: MachineSetup): boolean {
  const first = config.machines.find((one) => hasRole(one, "etcd") && hasRole(one, "control-plane"));
  return membership === undefined && first?.name === machine.name && !existsSync(join(etcdData, "member"));
}

async function check({ config, machine, source }: MachineSetup, signal: AbortSignal): Promise<void> {
  const { errors, warnings } = preflight(config, machine, await collectFacts(signal));
  for (const warning of [...configWarnings(config), ...warnings]) note(`warning: ${warning}`);
  if (errors.length > 0)
    throw new Error(`this machine cannot be set up:\n${errors.map((one) => `- ${one}`).join("\n")}`);
  if (source.kind === "file" && hasRole(machine, "control-plane")) await checkNothingIsTakenBack(config, signal);
}

async function applyKernel(config: ClusterConfig, signal: AbortSignal): Promise<readonly string[]> {
  const hasIpv6 = config.network.podCidrs.some((range) => ipFamilyOf(range.split("/")[0] ?? "") === "IPv6");
  const changed = await writeFiles(kernelFiles(hasIpv6));
  if (changed.length > 0) await applyKernelSettings(signal);
  const { sysctls } = await collectFacts(signal);
  if (sysctls.get("net.ipv4.ip_forward") !== "1") {
    await applyKernelSettings(signal);
    const again = await collectFacts(signal);
    if (again.sysctls.get("net.ipv4.ip_forward") !== "1") {
      throw new Error("net.ipv4.ip_forward is not 1: something else sets it; see /etc/sysctl.d");
    }
  }
  return changed;
}

async function prepareEngine(changes: Changes, signal: AbortSignal): Promise<void> {
  await step("Docker Engine", async () => {
    const outcome = await ensureDocker(signal);
    if (outcome !== "unchanged") changes.add(`${outcome} docker.service`);
  });
  await step("images", async () => {
    for (const tag of await buildMissingImages()) changes.add(`built the image ${tag}`);
  });
}

/** How this machine's etcd started or is to start: what its flags said stays, once it has data. */
async function etcdStart({ config, machine, membership }: MachineSetup, signal: AbortSignal): Promise<EtcdStart> {
  const alone: EtcdStart = { initialCluster: `${machine.name}=${etcdMember(config, machine).peerUrl}`, state: "new" };
  if (!hasRole(machine, "etcd")) return alone;
  const { envFile, flagsVariable } = daemonUnits.etcd;
  const words = wordsOf((await readText(envFile)) ?? "", flagsVariable) ?? [];
  const value = (flag: string) => words.find((word) => word.startsWith(`--${flag}=`))?.slice(flag.length + 3);
  const initialCluster = value("initial-cluster");
  if (initialCluster !== undefined && existsSync(join(etcdData, "member"))) {
    return { initialCluster, state: value("initial-cluster-state") === "existing" ? "existing" : "new" };
  }
  return membership ? membership.joinEtcd(signal) : alone;
}

async function startEtcd(
  plan: DaemonPlan,
  membership: Membership | undefined,
  changes: Changes,
  signal: AbortSignal,
): Promise<void> {
  await startDaemon("etcd", plan, changes, signal, async () => {
    if (membership) await membership.etcdStarted(signal);
    const url = `http://127.0.0.1:${etcdMetricsPort}/health`;
    await waitFor(
      "etcd is healthy (journalctl -u etcd)",
      readyMs,
      async () => {
        const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]) });
        return response.status === 200 && /"health":\s*"true"/.test(await response.text());
      },
      signal,
    );
  });
}

async function startControlPlane(
  plan: DaemonPlan,
  source: ConfigurationSource,
  changes: Changes,
  signal: AbortSignal,
): Promise<void> {
  const { config, machine } = plan;
  await using superAdmin = await clientOf(superAdminKubeconfig);
  const ground = config.controlPlane.mode === "static-pods" ? await groundOfPods(plan, changes, signal) : undefined;
  if (!ground) for (const change of await endStaticPods(config, signal)) changes.add(change);
  const [server, ...others] = controlPlaneDaemons(config);
  if (server) await startServer(server, plan, ground, changes, signal);
  await step("the API server is ready", () => serverIsReady(superAdmin, signal));
  await step("rights and services of the cluster", async () => {
    await applyAdminBinding(superAdmin, signal);
    await applyClusterObjects(superAdmin, config, signal);
    changes.files(await recordMachine(machine.name, await publishConfiguration(superAdmin, config, source, signal)));
    await publishRights(superAdmin, signal);
  });
  for (const daemon of others) await startServer(daemon, plan, ground, changes, signal);
}

/** The kubelet comes first where it is to run the others. */
async function groundOfPods(plan: DaemonPlan, changes: Changes, signal: AbortSignal): Promise<StaticPodGround> {
  const ground = await step("image of the control plane", async () => {
    const prepared = await prepareStaticPods(signal);
    for (const change of prepared.changes) changes.add(change);
    return prepared;
  });
  await startDaemon("kubelet", plan, changes, signal);
  return ground;
}

async function startServer(
  daemon: DaemonName,
  plan: DaemonPlan,
  ground: StaticPodGround | undefined,
  changes: Changes,
  signal: AbortSignal,
): Promise<void> {
  if (!ground || !isStaticPod(plan.config, daemon)) return startDaemon(daemon, plan, changes, signal);
  await step(`${daemon} in a pod`, async () => {
    for (const change of await ensureStaticPod(daemon, plan, ground, signal)) changes.add(change);
  });
}

function serverIsReady(client: Client, signal: AbortSignal): Promise<void> {
  const check = async () => {
    const { status } = await client.raw({ method: "GET", path: "/readyz", signal });
    return status === 200;
  };
  return waitFor("the API server is ready (journalctl -u kube-apiserver)", readyMs, check, signal);
}

async function startNode(plan: DaemonPlan, changes: Changes, signal: AbortSignal): Promise<void> {
  const { config, machine } = plan;
  const { unit } = daemonUnits.kubelet;
  const wasRunning = (await unitState(unit, signal)).isActive;
  for (const daemon of workerDaemons(config)) await startDaemon(daemon, plan, changes, signal);
  if (wasRunning && !hasRole(machine, "control-plane") && changes.hasWritten(kubeconfigPath("kubelet.conf"))) {
    await step("kubelet with other API servers", () => startUnit("restart", unit, signal));
  }
  await step("node is Ready", async () => {
    const isServer = hasRole(machine, "control-plane");
    await waitForNode(machine, isServer ? adminKubeconfig : kubeconfigPath("kubelet.conf"), signal, async (client) => {
      if (isServer && (await markNode(client, machine, signal))) changes.add(`labelled the node ${machine.name}`);
    });
  });
  await step("cluster DNS answers", () => waitForDns(config, signal));
}

/** Waits for the node, has it marked as soon as it is there, and waits until it is Ready. */
async function waitForNode(
  machine: Machine,
  kubeconfig: string,
  signal: AbortSignal,
  mark: (client: Client) => Promise<void>,
): Promise<void> {
  const said = `the node ${machine.name} is Ready (journalctl -u kubelet)`;
  await waitFor(said, readyMs, () => Promise.resolve(existsSync(kubeconfig)), signal);
  await using client = await clientOf(kubeconfig);
  await waitFor(said, readyMs, async () => (await nodeReadiness(client, machine.name, signal)) !== undefined, signal);
  await mark(client);
  await waitFor(said, readyMs, async () => (await nodeReadiness(client, machine.name, signal)) === true, signal);
}

async function waitForDns(config: ClusterConfig, signal: AbortSignal): Promise<void> {
  const [server = ""] = serviceAddresses(config, dnsServiceIndex);
  const resolver = new Resolver({ timeout: 1_000, tries: 1 });
  resolver.setServers([server]);
  const name = `kubernetes.default.svc.${config.network.dnsDomain}`;
  const lookup = () => (ipFamilyOf(server) === "IPv6" ? resolver.resolve6(name) : resolver.resolve4(name));
  await waitFor(
    "cluster DNS answers (journalctl -u cluster-dns -u kube-proxy)",
    readyMs,
    async () => (await lookup()).length > 0,
    signal,
  );
}

async function startDaemon(
  daemon: DaemonName,
  plan: DaemonPlan,
  changes: Changes,
  signal: AbortSignal,
  ready: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await step(daemon, async () => {
    const { unit } = daemonUnits[daemon];
    const outcome = await ensureUnit(unit, inputFiles(daemon, plan), signal);
    if (outcome !== "unchanged") changes.add(`${outcome} ${unit}`);
    await ready();
  });
}

async function enableRenewal(changes: Changes, signal: AbortSignal): Promise<void> {
  const { isLoaded } = await unitState(certificatesTimer, signal);
  if (!isLoaded) throw new Error(`the unit ${certificatesTimer} does not exist: install the package kube-ts-runtime`);
  const outcome = await ensureUnit(certificatesTimer, [], signal);
  if (outcome !== "unchanged") changes.add(`${outcome} ${certificatesTimer}`);
}

async function clientOf(kubeconfig: string): Promise<Client> {
  return createClient(await clientConfigFromFile(kubeconfig), { userAgent: "kube-ts-install" });
}
