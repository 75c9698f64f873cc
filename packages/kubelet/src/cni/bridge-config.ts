import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { bridgeNetwork } from "@kube-ts/std/bridge-network";
import { ensureFile } from "@kube-ts/std/replace-file";
import { isConfigFile } from "./network-list.ts";

const fileName = "10-kubelet-bridge.conflist";

/**
 * Writes the default network for the node's pod ranges, whole or not at all. Where somebody else has put a network, it
 * is not written, and taken away when it was. True when the file changed. It masquerades, which is right for a single node;
 * where nodes route each other's ranges, something that knows all of them writes the network.
 */
export async function writeBridgeConfig(podCidrs: readonly string[], directory: string): Promise<boolean> {
  await mkdir(directory, { recursive: true });
  const others = (await readdir(directory)).filter((name) => isConfigFile(name) && name !== fileName);
  const path = join(directory, fileName);
  if (others.length > 0) {
    await rm(path, { force: true });
    return false;
  }
  if (podCidrs.length === 0) return false;
  const network = bridgeNetwork({ ranges: podCidrs, masquerade: true });
  return ensureFile(path, `${JSON.stringify(network, undefined, 2)}\n`);
}
