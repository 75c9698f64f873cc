import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isConfigFile } from "./network-list.ts";

export interface BridgeOptions {
  /**
   * Hide pods behind the node's address towards everything outside the node's own range. Right for a single
   * node; where nodes route each other's ranges, something that knows all of them must do it instead.
   */
  readonly masquerade: boolean;
}

const fileName = "10-kubelet-bridge.conflist";

/** The node's own network: a bridge, addresses of the node's ranges, host ports, bandwidth, and open forwarding. */
export function bridgeNetworkList(podCidrs: readonly string[], options: BridgeOptions): unknown {
  return {
    cniVersion: "1.0.0",
    // As that of the agent that may take over, so that addresses of pods that are there are not given out again.
    name: "pod-network",
    // Released bandwidth plugins crash on CHECK for a pod without bandwidth.
    disableCheck: true,
    plugins: [
      {
        type: "bridge",
        bridge: "cni0",
        isGateway: true,
        isDefaultGateway: true,
        ipMasq: options.masquerade,
        // A pod must reach itself through its service.
        hairpinMode: true,
        ipam: { type: "host-local", ranges: podCidrs.map((subnet) => [{ subnet }]) },
      },
      { type: "portmap", capabilities: { portMappings: true } },
      { type: "bandwidth", capabilities: { bandwidth: true } },
      // The engine drops forwarded packets that nobody accepts.
      { type: "firewall", backend: "iptables" },
    ],
  };
}

/**
 * Writes the default network for the node's pod ranges, whole or not at all. Where somebody else has put a network, it
 * is not written, and taken away when it was. True when the file changed.
 */
export async function writeBridgeConfig(
  podCidrs: readonly string[],
  directory: string,
  options: BridgeOptions = { masquerade: true },
): Promise<boolean> {
  await mkdir(directory, { recursive: true });
  const others = (await readdir(directory)).filter((name) => isConfigFile(name) && name !== fileName);
  const path = join(directory, fileName);
  if (others.length > 0) {
    await rm(path, { force: true });
    return false;
  }
  if (podCidrs.length === 0) return false;
  const text = `${JSON.stringify(bridgeNetworkList(podCidrs, options), undefined, 2)}\n`;
  if ((await readFile(path, "utf8").catch(() => "")) === text) return false;
  await writeFile(`${path}.tmp`, text, { mode: 0o600, flush: true });
  await rename(`${path}.tmp`, path);
  return true;
}
