import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { join } from "node:path";

export type CniCommand = "ADD" | "DEL" | "CHECK";

/** What every plugin of one call is told. */
export interface PluginCall {
  readonly command: CniCommand;
  readonly containerId: string;
  /** Empty when the namespace is gone, which only DEL may see. */
  readonly netnsPath: string;
  readonly interfaceName: string;
  /** `KEY=value;…` */
  readonly args: string;
  readonly binDirectories: readonly string[];
}

/** A plugin failed: its own code (100 and above are the plugin's, below the specification's) and words. */
export class CniError extends Error {
  override readonly name = "CniError";
  readonly code: number | undefined;

  constructor(message: string, code?: number, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const timeoutMs = 120_000;
const maxOutputBytes = 1024 * 1024;
/** Plugins call iptables and the like. */
const searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Runs one plugin to its end; answers the JSON that it printed, or undefined when it printed nothing. */
export async function runPlugin(type: string, input: unknown, call: PluginCall, signal: AbortSignal): Promise<unknown> {
  const path = await findPlugin(type, call.binDirectories);
  const env = {
    PATH: searchPath,
    CNI_COMMAND: call.command,
    CNI_CONTAINERID: call.containerId,
    CNI_NETNS: call.netnsPath,
    CNI_IFNAME: call.interfaceName,
    CNI_ARGS: call.args,
    CNI_PATH: call.binDirectories.join(":"),
  };
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const child = execFile(
    path,
    { env, signal, timeout: timeoutMs, killSignal: "SIGKILL", maxBuffer: maxOutputBytes },
    (error, stdout, stderr) => {
      if (error) reject(pluginFailure(type, call.command, error, stdout, stderr));
      else resolve(parseOutput(stdout));
    },
  );
  // A plugin that ends without reading leaves a broken pipe; its exit code says what happened.
  child.stdin?.on("error", () => {});
  child.stdin?.end(JSON.stringify(input));
  return await promise;
}

/** The plugin's path. Throws CniError when no directory has it. */
export async function findPlugin(type: string, directories: readonly string[]): Promise<string> {
  for (const directory of directories) {
    const path = join(directory, type);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  throw new CniError(`failed to find plugin "${type}" in path [${directories.join(" ")}]`);
}

function pluginFailure(type: string, command: CniCommand, cause: Error, stdout: string, stderr: string): CniError {
  const said = parseOutput(stdout) as { code?: unknown; msg?: unknown; details?: unknown } | undefined;
  const prefix = `plugin type="${type}" failed (${command.toLowerCase()})`;
  if (typeof said?.msg === "string") {
    const details = typeof said.details === "string" && said.details !== "" ? `; ${said.details}` : "";
    const code = typeof said.code === "number" ? said.code : undefined;
    return new CniError(`${prefix}: ${said.msg}${details}`, code, { cause });
  }
  const output = stderr.trim() || stdout.trim();
  return new CniError(`${prefix}: netplugin failed: ${output || cause.message}`, undefined, { cause });
}

function parseOutput(stdout: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}
