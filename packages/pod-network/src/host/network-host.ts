import { runTool } from "@kube-ts/iptables/tool-process";
import { isOverlay } from "../plan/host-state.ts";
import type { HostState } from "../plan/host-state.ts";
import type { HostCommand } from "../plan/host-changes.ts";
import { parseForwarding, parseLinks, parseNeighbours, parseRoutes, parseRules } from "./parse-host.ts";

/** Links, routes and the like of the current network namespace. */
export interface NetworkHost {
  read(signal: AbortSignal): Promise<HostState>;
  /** Carries all commands out, in order; rejects at the end with a `HostCommandError` when some were refused. */
  apply(commands: readonly HostCommand[], signal: AbortSignal): Promise<void>;
}

/** Commands that the kernel or the tool refused. */
export class HostCommandError extends Error {
  override readonly name = "HostCommandError";
}

const limits = { timeoutMs: 30_000, maxOutputBytes: 64 * 1024 * 1024, packageName: "iproute2" };
const maxShownErrors = 5;

export function createNetworkHost(): NetworkHost {
  const show = async (command: string, args: readonly string[], signal: AbortSignal) => {
    const result = await runTool({ ...limits, command, args, input: "" }, signal);
    if (result.exitCode === 0) return result.stdout;
    throw new HostCommandError(`${command} ${args.join(" ")}: ${result.stderr.trim()}`);
  };
  const ip = (args: readonly string[], signal: AbortSignal) => show("ip", ["-N", "-json", ...args], signal);
  return {
    read: async (signal) => {
      const links = parseLinks(await ip(["-details", "address", "show"], signal));
      const [routes4, routes6, rules4, rules6] = await Promise.all([
        ip(["-4", "route", "show", "table", "all"], signal),
        ip(["-6", "route", "show", "table", "all"], signal),
        ip(["-4", "rule", "show"], signal),
        ip(["-6", "rule", "show"], signal),
      ]);
      const neighbours = new Map<string, ReturnType<typeof parseNeighbours>>();
      const forwarding = new Map<string, ReturnType<typeof parseForwarding>>();
      for (const { name } of links.filter(isOverlay)) {
        neighbours.set(name, parseNeighbours(await ip(["neighbour", "show", "nud", "permanent", "dev", name], signal)));
        forwarding.set(name, parseForwarding(await show("bridge", ["-json", "fdb", "show", "dev", name], signal)));
      }
      return {
        links,
        routes: [...parseRoutes(routes4, "IPv4"), ...parseRoutes(routes6, "IPv6")],
        rules: [...parseRules(rules4, "IPv4"), ...parseRules(rules6, "IPv6")],
        neighbours,
        forwarding,
      };
    },
    apply: async (commands, signal) => {
      const failures: string[] = [];
      for (const batch of batches(commands)) {
        const [command = "ip", ...family] = batch.tool.split(" ");
        const input = `${batch.lines.join("\n")}\n`;
        // Forced: one command that fails keeps none of the others from being tried.
        const args = [...family, "-force", "-batch", "-"];
        const result = await runTool({ ...limits, command, args, input }, signal);
        if (result.exitCode !== 0) failures.push(...explain(result.stderr, batch.lines));
      }
      if (failures.length > 0) throw new HostCommandError(failures.slice(0, maxShownErrors).join("; "));
    },
  };
}

interface Batch {
  readonly tool: HostCommand["tool"];
  readonly lines: string[];
}

/** Neighbouring commands of one tool, together. */
function batches(commands: readonly HostCommand[]): readonly Batch[] {
  const found: Batch[] = [];
  for (const { tool, line } of commands) {
    const last = found.at(-1);
    if (last?.tool === tool) last.lines.push(line);
    else found.push({ tool, lines: [line] });
  }
  return found;
}

/** What was refused and why; `Command failed -:N` follows the reason of line N. */
function explain(stderr: string, lines: readonly string[]): readonly string[] {
  const failures: string[] = [];
  let reason: string[] = [];
  for (const line of stderr.split("\n")) {
    const failed = /^Command failed .*:(\d+)$/.exec(line);
    if (failed) {
      failures.push(`${lines[Number(failed[1]) - 1] ?? "?"}: ${reason.join(" ")}`);
      reason = [];
    } else if (line.trim() !== "") {
      reason.push(line.trim());
    }
  }
  return failures.length > 0 ? failures : [stderr.trim() || "failed without a reason"];
}
