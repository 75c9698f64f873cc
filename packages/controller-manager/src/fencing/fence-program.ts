import type { Node } from "@kube-ts/api/core/v1";
import { nameOf } from "@kube-ts/api/object";
import { runProgram } from "@kube-ts/std/run-program";

/** Resolves when the node's machine is off for certain; rejects when that is not known. */
export type Fence = (node: Node, signal: AbortSignal) => Promise<void>;

/**
 * Runs `PROGRAM fence` with the node on standard input, as JSON, and in NODE_NAME, PROVIDER_ID and NODE_ADDRESSES
 * (separated by spaces). The exit code 0 says that the machine is off and stays off until somebody starts it.
 */
export function fenceProgram(program: string, timeoutMs: number): Fence {
  return async (node, signal) => {
    const name = nameOf(node);
    const providerID = node.spec.providerID ?? "";
    const addresses = (node.status?.addresses ?? []).map(({ address }) => address);
    await runProgram(
      {
        command: [program, "fence"],
        input: JSON.stringify({ node: name, providerID, addresses }),
        environment: { NODE_NAME: name, PROVIDER_ID: providerID, NODE_ADDRESSES: addresses.join(" ") },
        timeoutMs,
      },
      signal,
    );
  };
}
