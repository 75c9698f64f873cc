import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { resolve } from "node:path";
import { FlagError, defineFlags } from "@kube-ts/std/flags";
import { runProgram } from "@kube-ts/std/run-program";
import { machineFlag, machineOf, ownMachine } from "../machine/own-machine.ts";
import type { OwnMachine } from "../machine/own-machine.ts";
import { defineCommand } from "../cli/command.ts";
import { loadClusterConfig } from "../cluster/cluster-config.ts";
import { hasRole, machinesWith } from "../cluster/cluster-view.ts";
import { note, step } from "../local/progress.ts";
import { ensureUnit } from "../machine/daemon-units.ts";
import { writeFiles } from "../machine/files/write-files.ts";
import { staticPodDaemons } from "../machine/machine-daemons.ts";
import { machinePlan } from "../machine/machine-plan.ts";
import { clusterConfigFile, etcdData } from "../machine/places.ts";
import { endStaticPods } from "../machine/static-pods/end-static-pods.ts";
import { ensureStaticPod, prepareStaticPods } from "../machine/static-pods/ensure-static-pods.ts";
import { beginUnit, stopUnit } from "../machine/systemd.ts";
import { waitFor } from "../machine/wait-for.ts";
import { daemonUnits } from "../units/unit-files.ts";
import { Staging, readManifest, stagedText, unpackArchive } from "./archive.ts";
import { sha256OfFile } from "./backup-files.ts";
import type { BackupManifest } from "./backup-manifest.ts";
import { isHealthy, restoreSnapshot, snapshotFacts } from "./etcd-snapshot.ts";
import { ownEtcd } from "./own-etcd.ts";
import { memberFromBackup, planFiles } from "./restore-plan.ts";

const chownMs = 120_000;

export const command = defineCommand({
  needsRoot: true,
  description:
    "Brings a cluster back to a backup. Runs on every machine with etcd, with the same file; the cluster serves again once\n" +
    "most of them have. What was written after the backup is gone; the data that the machine has now are moved aside. On a\n" +
    "machine that has lost everything it puts authorities, keys and data in place for kube-ts install.",
  arguments: "FILE",
  argumentCount: { least: 1, most: 1 },
  flags: defineFlags({
    ...machineFlag,
    yes: { type: "boolean", default: false, description: "Really do it: etcd's data are replaced." },
    wait: { type: "duration", default: 600_000, description: "How long to wait for the other members of etcd." },
  }),
  run: async ({ values }, { positional: [file = ""], signal }) => {
    const path = resolve(file);
    const manifest = await readManifest(path, signal);
    const { cluster, machine: source, createdAt, etcd } = manifest;
    const said = `the backup of ${cluster} that ${source} made at ${createdAt}, revision ${etcd.revision}`;
    if (!values.yes) throw new FlagError("yes", `this replaces etcd's data by ${said}: say --yes if that is meant`);
    await using staging = await Staging.beside(etcdData);
    await step(`checking ${said}`, () => unpackAndCheck(path, staging, manifest, signal));
    const own = await ownPlace(staging, values.machine);
    if (own.config.name !== cluster) throw new Error(`this machine belongs to ${own.config.name}, not to ${cluster}`);
    if (!hasRole(own.machine, "etcd")) throw new Error(`${own.machine.name} is to have no member of etcd`);
    await step("authorities, keys and configuration", () => restoreFiles(staging, manifest));
    await step("stopping the API server and etcd", () => stop(own, signal));
    await step("etcd's data", () => restoreData(own, staging, manifest, signal));
    if (existsSync(daemonUnits.etcd.envFile)) await serveAgain(own, values.wait, signal);
    else note("the machine is not installed: run kube-ts install now");
  },
});

/** This machine by its own configuration or, where it has lost that, by the backup's. */
async function ownPlace(staging: Staging, given: string): Promise<OwnMachine> {
  if (existsSync(clusterConfigFile)) return ownMachine(given);
  const config = await loadClusterConfig(staging.pathOf(clusterConfigFile));
  return { config, machine: await machineOf(config, given, "the backup") };
}

async function unpackAndCheck(
  path: string,
  staging: Staging,
  manifest: BackupManifest,
  signal: AbortSignal,
): Promise<void> {
  await unpackArchive(path, staging, manifest, signal);
  const { revision } = await snapshotFacts(staging.snapshot, signal);
  if (revision !== manifest.etcd.revision) throw new Error(`${path} is damaged: its data are of revision ${revision}`);
}

async function restoreFiles(staging: Staging, { files }: BackupManifest): Promise<void> {
  const found = (path: string) => (existsSync(path) ? sha256OfFile(path) : undefined);
  const compared = await Promise.all(files.map(async (file) => ({ file, foundSha256: await found(file.path) })));
  const { write, keep } = planFiles(compared);
  for (const path of keep) note(`kept ${path}, which is not as it was`);
  const planned = await Promise.all(
    write.map(async (file) => ({ path: file.path, mode: file.mode, content: await stagedText(staging, file) })),
  );
  for (const path of await writeFiles(planned)) note(`wrote ${path}`);
}

async function stop({ config }: OwnMachine, signal: AbortSignal): Promise<void> {
  await endStaticPods(config, signal);
  for (const daemon of ["kube-apiserver", "etcd"] as const) await stopUnit(daemonUnits[daemon].unit, signal);
}

/** What was there is moved aside, and never deleted. */
async function restoreData(
  { config, machine }: OwnMachine,
  staging: Staging,
  manifest: BackupManifest,
  signal: AbortSignal,
): Promise<void> {
  const restored = `${staging.directory}/data`;
  await restoreSnapshot(staging.snapshot, memberFromBackup(config, machine, manifest, restored), signal);
  const { user } = daemonUnits.etcd;
  await runProgram({ command: ["chown", "--recursive", `${user}:${user}`, restored], timeoutMs: chownMs }, signal);
  if (existsSync(etcdData)) {
    const aside = `${etcdData}.before-${new Date().toISOString().replaceAll(/[:.]/g, "-")}`;
    await rename(etcdData, aside);
    note(`the former data are in ${aside}`);
  }
  await rename(restored, etcdData);
}

async function serveAgain({ config, machine }: OwnMachine, waitMs: number, signal: AbortSignal): Promise<void> {
  const others = machinesWith(config, "etcd").filter(({ name }) => name !== machine.name);
  await step("etcd", async () => {
    await beginUnit(daemonUnits.etcd.unit, signal);
    if (others.length > 0) note(`run the same on ${others.map(({ name }) => name).join(", ")}`);
    await waitFor("etcd is healthy (journalctl -u etcd)", waitMs, () => isHealthy(ownEtcd(config), signal), signal);
  });
  if (!hasRole(machine, "control-plane")) return;
  if (config.controlPlane.mode === "static-pods") {
    await startStaticPods({ config, machine }, signal);
    return;
  }
  await step("kube-apiserver", () => ensureUnit(daemonUnits["kube-apiserver"].unit, [], signal));
}

/** Their manifests were taken away, so that the kubelet ended them. */
async function startStaticPods({ config, machine }: OwnMachine, signal: AbortSignal): Promise<void> {
  const plan = machinePlan(config, machine, { initialCluster: "", state: "existing" });
  const ground = await step("image of the control plane", () => prepareStaticPods(signal));
  for (const daemon of staticPodDaemons) {
    await step(`${daemon} in a pod`, async () => {
      await ensureStaticPod(daemon, plan, ground, signal);
    });
  }
}
