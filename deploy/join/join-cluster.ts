import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { nodes } from "@kube-ts/api/resource-types";
import { isConditionTrue } from "@kube-ts/api/conditions";
import { isNotFound } from "@kube-ts/api/status-error";
import type { Client } from "@kube-ts/client/client";
import { createClient } from "@kube-ts/client/rest-client";
import type { Clock } from "@kube-ts/std/clock";
import { type ClusterConfig, type Machine, loadClusterConfig, withMachine } from "../cluster/cluster-config.ts";
import { hasRole } from "../cluster/cluster-view.ts";
import { note, step } from "../local/progress.ts";
import { collectFacts } from "../machine/collect-facts.ts";
import { privateFile, publicFile } from "../machine/files/planned-file.ts";
import { writeFiles } from "../machine/files/write-files.ts";
import { machineOf, ownHostName } from "../machine/own-machine.ts";
import { clusterConfigFile, configurationDirectory, pkiDirectory } from "../machine/places.ts";
import { preflight } from "../machine/preflight.ts";
import { setUpMachine } from "../machine/set-up-machine.ts";
import { type ClusterInfo, clientConfigOf } from "./discovery/cluster-info.ts";
import { discoverCluster } from "./discovery/discover-cluster.ts";
import { certificatesOf, checkPinned, publicKeyHash } from "./discovery/public-key-pins.ts";
import { EtcdMembership } from "./etcd/etcd-membership.ts";
import { joiningMachine, needsSharedFiles } from "./joining-machine.ts";
import { addressesTowards } from "./own-addresses.ts";
import { parsePublished, readClusterConfiguration } from "./publish/cluster-configuration.ts";
import { type BootstrapToken, formatToken } from "./token/bootstrap-token.ts";
import { undoJoin } from "./undo-join.ts";
import { downloadCertificates } from "./uploaded-certificates/certificate-store.ts";
import { type SharedFileContents, sharedFileNames, sharedFiles } from "./uploaded-certificates/certificates-secret.ts";
import { obtainWorkerCredentials } from "./worker-credentials.ts";

/** What a machine is told when it is to join. */
export interface JoinOrder {
  /** URL of an API server. */
  readonly server: string;
  readonly token: BootstrapToken;
  /** Undefined to trust whom the token vouches for. */
  readonly pins: ReadonlySet<string> | undefined;
  readonly isControlPlane: boolean;
  /** Empty for none. */
  readonly certificateKey: string;
  /** Empty for the host's name. */
  readonly machineName: string;
  readonly addresses: readonly string[];
  readonly discoveryTimeoutMs: number;
}

export interface JoinOutcome {
  readonly machine: Machine;
  /** What was done; nothing on a machine that was in the cluster already. */
  readonly changes: readonly string[];
}

/** A cluster that is trusted, and a machine that may become part of it. */
interface Found {
  readonly info: ClusterInfo;
  readonly config: ClusterConfig;
  readonly machine: Machine;
  /** The configuration as the cluster has it. */
  readonly published: string;
}

/**
 * Makes this machine part of a cluster, printing its steps. Nothing is changed before the cluster is trusted and the
 * machine has passed its checks; when something fails after that, everything is undone. On a machine that is in the
 * cluster already, what is missing is done. Rejects with what was wrong.
 */
export async function joinCluster(order: JoinOrder, clock: Clock, signal: AbortSignal): Promise<JoinOutcome> {
  if (await isJoined(order)) return joinAgain(order, clock, signal);
  const info = await step("discovery of the cluster", () => discover(order, clock, signal));
  await using bootstrap = bootstrapClient(info, order.token);
  const found = await step("configuration of the cluster", () => findMachine(order, info, bootstrap, signal));
  await step("checks before the machine joins", () => check(found, bootstrap, signal));
  const files = needsSharedFiles(found.machine)
    ? await step("certificates of the control plane", () => downloadShared(order, info, bootstrap, signal))
    : undefined;
  const membership = new EtcdMembership(found.config, found.machine, clock);
  try {
    const changes = await becomePart(found, files, membership, bootstrap, clock, signal);
    return { machine: found.machine, changes };
  } catch (error) {
    note("the machine does not join: what was done is undone");
    await undoJoin(found.machine, membership, clock);
    throw error;
  }
}

/** A join that was interrupted where it could not be undone is carried on; after one that was not, nothing is to do. */
async function joinAgain(order: JoinOrder, clock: Clock, signal: AbortSignal): Promise<JoinOutcome> {
  const config = await loadClusterConfig(clusterConfigFile);
  const machine = await machineOf(config, order.machineName, clusterConfigFile);
  const membership = hasRole(machine, "etcd") ? new EtcdMembership(config, machine, clock) : undefined;
  return { machine, ...(await setUpMachine({ config, machine, membership, source: { kind: "file" } }, signal)) };
}

function machineNameOf({ machineName }: JoinOrder): string {
  return machineName === "" ? ownHostName() : machineName;
}

async function becomePart(
  { info, config, machine, published }: Found,
  files: SharedFileContents | undefined,
  membership: EtcdMembership,
  bootstrap: Client,
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const authority = info.authorities ?? "";
  await writeFiles([publicFile(join(pkiDirectory, "ca.crt"), authority)]);
  if (files) await writeShared(machine, files);
  if (!hasRole(machine, "control-plane") && hasRole(machine, "worker")) {
    await step("identities of the machine's daemons", () =>
      obtainWorkerCredentials({ config, machine, authority }, bootstrap, clock, signal),
    );
  }
  const setup = {
    config,
    machine,
    membership: hasRole(machine, "etcd") ? membership : undefined,
    source: { kind: "cluster", text: published },
  } as const;
  return (await setUpMachine(setup, signal)).changes;
}

/**
 * Whether the machine is in a cluster, and this one. The configuration is the first file that a set-up machine has and
 * the first that an undone join takes away. Throws when it belongs to another cluster.
 */
async function isJoined({ pins }: JoinOrder): Promise<boolean> {
  if (!existsSync(clusterConfigFile)) return false;
  const authority = join(pkiDirectory, "ca.crt");
  const pem = await readFile(authority, "utf8");
  try {
    if (pins) checkPinned(pins, pem);
  } catch (cause) {
    throw new Error("this machine belongs to another cluster: run `kube-ts reset` first", { cause });
  }
  return true;
}

async function discover(order: JoinOrder, clock: Clock, signal: AbortSignal): Promise<ClusterInfo> {
  const { server, token, pins, discoveryTimeoutMs: timeoutMs } = order;
  if (!pins) note("warning: the cluster's authority is not pinned: whoever has the token may pose as the cluster");
  const info = await discoverCluster({ server, token, pins, timeoutMs, clock }, signal);
  if (info.authorities === undefined) throw new Error("the cluster names no authority");
  return info;
}

function bootstrapClient(info: ClusterInfo, token: BootstrapToken): Client {
  const config = clientConfigOf(info.kubeconfig);
  return createClient(
    { ...config, auth: { kind: "token", token: formatToken(token) } },
    { userAgent: "kube-ts-join", requestTimeoutMs: 30_000 },
  );
}

async function findMachine(
  order: JoinOrder,
  info: ClusterInfo,
  bootstrap: Client,
  signal: AbortSignal,
): Promise<Found> {
  const found = await readClusterConfiguration(bootstrap, signal);
  if (!found) throw new Error("the cluster has no configuration: run `kube-ts install` on a control-plane machine");
  const published = parsePublished(found.text);
  const wish = {
    name: machineNameOf(order),
    isControlPlane: order.isControlPlane,
    hasCertificateKey: order.certificateKey !== "",
    addresses: order.addresses,
  };
  const machine = joiningMachine(published, wish, await addressesTowards(info.server, signal));
  return { info, config: withMachine(published, machine), machine, published: found.text };
}

async function check({ config, machine }: Found, bootstrap: Client, signal: AbortSignal): Promise<void> {
  const { errors } = preflight(config, machine, await collectFacts(signal));
  if (errors.length > 0) throw new Error(`this machine cannot join:\n${errors.map((one) => `- ${one}`).join("\n")}`);
  if (hasRole(machine, "worker")) await checkNoNode(machine.name, bootstrap, signal);
}

/** A node of this name that is alive is another machine. */
async function checkNoNode(name: string, bootstrap: Client, signal: AbortSignal): Promise<void> {
  const node = await bootstrap
    .resource(nodes)
    .get({ name }, { signal })
    .catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
  if (!node || !isConditionTrue(node.status?.conditions, "Ready")) return;
  throw new Error(
    `a Node with name ${JSON.stringify(name)} and status "Ready" already exists in the cluster. You must delete the existing Node or change the name of this new joining Node`,
  );
}

async function downloadShared(
  { certificateKey }: JoinOrder,
  { authorities }: ClusterInfo,
  bootstrap: Client,
  signal: AbortSignal,
): Promise<SharedFileContents> {
  const files = await downloadCertificates(bootstrap, certificateKey, signal);
  const trusted = new Set(certificatesOf(authorities ?? "").map(publicKeyHash));
  checkPinned(trusted, files["ca.crt"]);
  return files;
}

/** A machine with etcd alone gets what its etcd needs, and no more. */
async function writeShared(machine: Machine, files: SharedFileContents): Promise<void> {
  const names = sharedFileNames.filter((name) => hasRole(machine, "control-plane") || name.startsWith("etcd-ca"));
  await writeFiles(
    names.flatMap((name) => {
      const content = files[name];
      if (content === undefined) return [];
      const path = join(configurationDirectory, sharedFiles[name]);
      return /\.(crt|pub)$/.test(name) ? publicFile(path, content) : privateFile(path, content);
    }),
  );
}
