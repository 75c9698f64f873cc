import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { defineFlags } from "@kube-ts/std/flags";
import { kubernetesVersion } from "@kube-ts/std/version";
import { machineFlag, ownMachine } from "../machine/own-machine.ts";
import { defineCommand } from "../cli/command.ts";
import { hasRole, machinesWith } from "../cluster/cluster-view.ts";
import { note, step } from "../local/progress.ts";
import { Staging, writeArchive } from "./archive.ts";
import { filesToBackUp, sha256OfFile } from "./backup-files.ts";
import type { BackupManifest } from "./backup-manifest.ts";
import { saveSnapshot, snapshotFacts } from "./etcd-snapshot.ts";
import { ownEtcd } from "./own-etcd.ts";

export const command = defineCommand({
  needsRoot: true,
  description:
    "Saves what a cluster cannot do without: etcd's data, the authorities and the keys. Runs on a machine with etcd, while\n" +
    "everything goes on. The file holds every secret of the cluster.",
  arguments: "FILE",
  argumentCount: { least: 1, most: 1 },
  flags: defineFlags(machineFlag),
  run: async ({ values }, { positional: [file = ""], signal }) => {
    const path = resolve(file);
    const { config, machine } = await ownMachine(values.machine);
    if (!hasRole(machine, "etcd")) {
      const others = machinesWith(config, "etcd").map(({ name }) => name);
      throw new Error(`${machine.name} has no member of etcd: run this on one of ${others.join(", ")}`);
    }
    if (existsSync(path)) throw new Error(`${path} exists already`);
    await using staging = await Staging.beside(path);
    const etcd = await step("etcd's data", async () => {
      await saveSnapshot(ownEtcd(config), staging.snapshot, signal);
      return snapshotFacts(staging.snapshot, signal);
    });
    const manifest: BackupManifest = {
      cluster: config.name,
      kubernetesVersion,
      machine: machine.name,
      createdAt: new Date().toISOString(),
      etcd: { ...etcd, sha256: await sha256OfFile(staging.snapshot) },
      files: await step("authorities, keys and configuration", async () => {
        const files = await filesToBackUp();
        return Promise.all(files.map((one) => staging.add(one)));
      }),
    };
    await step(`writing ${path}`, () => writeArchive(path, staging, manifest, signal));
    note(`revision ${etcd.revision}, ${etcd.keys} keys, ${manifest.files.length} files`);
    note("whoever has this file has the cluster: keep it where only you can read it");
  },
});
