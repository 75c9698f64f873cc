import { IptablesError } from "@kube-ts/iptables/iptables-error";
import { runTool } from "@kube-ts/iptables/tool-process";
import type { ToolResult, ToolRunner } from "@kube-ts/iptables/tool-process";
import { formatIpAddress, parseIpAddress } from "@kube-ts/std/ip-address";
import type { IpFamily } from "@kube-ts/std/ip-address";
import type { TrackedFlow } from "../model/stale-flows.ts";

/** UDP flows, and attempts to connect by TCP that nobody has answered. */
export type FlowKind = "udp" | "tcpAttempt";

/** The kernel's table of connections, for one family. Methods reject with an `IptablesError` or the signal's reason. */
export interface Conntrack {
  list(kind: FlowKind, signal: AbortSignal): Promise<readonly TrackedFlow[]>;
  /** Forgets the flows of all clients that match; none is success. */
  delete(kind: FlowKind, flow: TrackedFlow, signal: AbortSignal): Promise<void>;
}

const selectors: Readonly<Record<FlowKind, readonly string[]>> = {
  udp: ["-p", "udp"],
  tcpAttempt: ["-p", "tcp", "--state", "SYN_SENT"],
};

const limits = { input: "", timeoutMs: 30_000, maxOutputBytes: 128 * 1024 * 1024, packageName: "conntrack" };

export function createConntrack(family: IpFamily, runner: ToolRunner = runTool): Conntrack {
  const familyArgs = ["-f", family === "IPv4" ? "ipv4" : "ipv6"];
  const run = (args: readonly string[], signal: AbortSignal) =>
    runner({ ...limits, command: "conntrack", args }, signal);
  return {
    list: async (kind, signal) => {
      const result = await run(["-L", ...familyArgs, ...selectors[kind]], signal);
      if (result.exitCode !== 0) throw failure(result);
      return parseConntrack(result.stdout);
    },
    delete: async (kind, flow, signal) => {
      const match = ["--orig-dst", flow.destination, "--orig-port-dst", String(flow.destinationPort)];
      const args = ["-D", ...familyArgs, ...selectors[kind], ...match, "--reply-src", flow.replySource];
      const result = await run(args, signal);
      if (result.exitCode !== 0 && !result.stderr.includes("0 flow entries have been deleted")) throw failure(result);
    },
  };
}

/** Reads what `conntrack -L` prints; lines of another form are skipped. */
export function parseConntrack(text: string): readonly TrackedFlow[] {
  return text.split("\n").flatMap((line) => {
    const fields = [...line.matchAll(/\b(src|dst|dport)=(\S+)/g)].map((found) => [found[1], found[2] ?? ""] as const);
    // The first triple is the client's packet, the second the answer.
    const destination = parseIpAddress(fields.find(([name]) => name === "dst")?.[1] ?? "");
    const destinationPort = Number(fields.find(([name]) => name === "dport")?.[1]);
    const replySource = parseIpAddress(fields.filter(([name]) => name === "src")[1]?.[1] ?? "");
    if (!destination || !replySource || !Number.isInteger(destinationPort)) return [];
    return [{ destination: formatIpAddress(destination), destinationPort, replySource: formatIpAddress(replySource) }];
  });
}

function failure(result: ToolResult): IptablesError {
  const { exitCode, stderr } = result;
  const code = /permitted|permission/i.test(stderr) ? "not-permitted" : "failed";
  return new IptablesError(code, stderr.trim() || `exit code ${exitCode}`, { command: "conntrack", exitCode, stderr });
}
