import type { IpFamily } from "@kube-ts/std/ip-address";
import { IptablesError, classifyFailure } from "./iptables-error.ts";
import { isEmptyTransaction, renderRestore } from "./restore-format.ts";
import type { Transaction } from "./restore-format.ts";
import { fingerprintSave, parseSave } from "./save-format.ts";
import type { SavedTables } from "./save-format.ts";
import { runTool } from "./tool-process.ts";
import type { ToolResult, ToolRunner } from "./tool-process.ts";

/** What the installed tools can do. */
export interface IptablesVersion {
  /** For example "1.8.9". */
  readonly version: string;
  /** Which kernel interface the tools speak; rules written through one are not seen through the other. */
  readonly backend: "nft" | "legacy";
}

export interface IptablesOptions {
  readonly family: IpFamily;
  /** How long to wait for other users of the tables; whole seconds. Default 5. */
  readonly lockWaitSeconds?: number;
  /** After this a tool is killed. Default one minute. */
  readonly timeoutMs?: number;
  /** Longest output of iptables-save that is accepted. Default 256 MiB. */
  readonly maxSaveBytes?: number;
}

/** The tables at one time. */
export interface TablesSnapshot {
  /** Equal for tables with the same chains, rules and policies. */
  readonly fingerprint: string;
  readonly tables: () => SavedTables;
}

/**
 * The packet filter of the current network namespace, for one address family. Calls may run at the same time:
 * the tools exclude each other. Every method rejects with an `IptablesError` or the signal's reason.
 */
export interface Iptables {
  readonly family: IpFamily;
  /** Fails when the tools are missing or too old for what the project needs (1.6.2). */
  version(signal: AbortSignal): Promise<IptablesVersion>;
  /** All tables that are in use; others are absent. One call costs the tools as much as one table would. */
  save(signal: AbortSignal): Promise<SavedTables>;
  /** As `save`, for who may not need to look into the tables. */
  snapshot(signal: AbortSignal): Promise<TablesSnapshot>;
  /** Applies the changes without touching anything they do not name. */
  restore(transaction: Transaction, signal: AbortSignal): Promise<void>;
}

/** `runner` lets a test run the tools in a network namespace of its own. */
export function createIptables(options: IptablesOptions, runner: ToolRunner = runTool): Iptables {
  const prefix = options.family === "IPv4" ? "iptables" : "ip6tables";
  const timeoutMs = options.timeoutMs ?? 60_000;
  const run = async (command: string, args: readonly string[], input: string, signal: AbortSignal) => {
    const maxOutputBytes = options.maxSaveBytes ?? 256 * 1024 * 1024;
    const result = await runner({ command, args, input, timeoutMs, maxOutputBytes, packageName: "iptables" }, signal);
    return requireSuccess(command, result, input);
  };
  const saveText = (signal: AbortSignal) => run(`${prefix}-save`, [], "", signal);
  return {
    family: options.family,
    version: async (signal) => parseVersion(prefix, await run(prefix, ["--version"], "", signal)),
    save: async (signal) => parseSave(await saveText(signal)),
    snapshot: async (signal) => {
      const text = await saveText(signal);
      return { fingerprint: fingerprintSave(text), tables: () => parseSave(text) };
    },
    restore: async (transaction, signal) => {
      if (isEmptyTransaction(transaction)) return;
      const wait = String(options.lockWaitSeconds ?? 5);
      await run(`${prefix}-restore`, ["--noflush", "-w", wait], renderRestore(transaction), signal);
    },
  };
}

function requireSuccess(command: string, result: ToolResult, input: string): string {
  if (result.exitCode !== 0) throw classifyFailure(command, result.exitCode, result.stderr, input);
  return result.stdout;
}

/** Reads what `iptables --version` prints. */
export function parseVersion(command: string, text: string): IptablesVersion {
  const found = /v(\d+)\.(\d+)\.(\d+)(?:.*\((nf_tables|legacy)\))?/.exec(text);
  if (!found)
    throw new IptablesError("failed", `unexpected version ${JSON.stringify(text.slice(0, 100))}`, { command });
  const [major, minor, patch] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const version = `${major}.${minor}.${patch}`;
  if ((major * 1000 + minor) * 1000 + patch < 1_006_002) {
    throw new IptablesError("unsupported", `version ${version} is too old, 1.6.2 is needed`, { command });
  }
  return { version, backend: found[4] === "nf_tables" ? "nft" : "legacy" };
}
