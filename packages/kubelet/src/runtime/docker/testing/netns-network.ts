import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bridgeNetwork } from "@kube-ts/std/bridge-network";
import { silentLogger } from "@kube-ts/std/log";
import { CniNetwork } from "../../../cni/cni-network.ts";

const pluginDirectory = "/usr/lib/cni";

/**
 * A pod network by the real plugins that leaves the machine alone: they run inside a network namespace of the
 * fixture's own, where the bridge and every packet rule end up.
 */
export interface NetnsNetwork extends Disposable {
  readonly network: CniNetwork;
  readonly subnet: string;
  readonly gateway: string;
  readonly stateDirectory: string;
  /** Runs a command next to the bridge and answers its output. */
  run(...command: readonly string[]): string;
  /** Another user of the same state, as after a restart. */
  reopen(): CniNetwork;
  /** Addresses that are taken. */
  reserved(): readonly string[];
}

export function createNetnsNetwork(name: string): NetnsNetwork {
  execFileSync("ip", ["netns", "add", name]);
  execFileSync("ip", ["-n", name, "link", "set", "lo", "up"]);
  const directory = mkdtempSync(join(tmpdir(), "kube-ts-cni-"));
  const binDirectory = join(directory, "bin");
  const confDirectory = join(directory, "conf");
  const stateDirectory = join(directory, "state");
  const leases = join(directory, "leases");
  for (const each of [binDirectory, confDirectory]) mkdirSync(each);
  for (const plugin of ["bridge", "portmap", "bandwidth", "firewall", "loopback", "host-local"]) {
    const path = join(binDirectory, plugin);
    writeFileSync(path, `#!/bin/sh\nexec nsenter --net=/run/netns/${name} ${pluginDirectory}/${plugin}\n`);
    chmodSync(path, 0o755);
  }
  const list = bridgeNetwork({ ranges: ["10.231.7.0/24"], masquerade: true });
  const plugins = list.plugins.map((plugin) =>
    plugin["ipam"] ? { ...plugin, ipam: { ...plugin["ipam"], dataDir: leases } } : plugin,
  );
  writeFileSync(join(confDirectory, "10-test.conflist"), JSON.stringify({ ...list, plugins }));
  const reopen = () =>
    new CniNetwork({ confDirectory, binDirectories: [binDirectory], stateDirectory, log: silentLogger });
  return {
    network: reopen(),
    subnet: "10.231.7.",
    gateway: "10.231.7.1",
    stateDirectory,
    run: (...command) => execFileSync("nsenter", [`--net=/run/netns/${name}`, ...command], { encoding: "utf8" }),
    reopen,
    reserved: () => {
      try {
        return readdirSync(join(leases, list.name)).filter((file) => file.startsWith("10."));
      } catch {
        return [];
      }
    },
    [Symbol.dispose]: () => {
      execFileSync("ip", ["netns", "delete", name]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
