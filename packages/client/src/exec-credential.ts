import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { Clock } from "@kube-ts/std/clock";
import { isRecord } from "@kube-ts/std/config-schema";
import { abortable } from "@kube-ts/std/abort";
import type { ClientConfig, ExecPlugin } from "./client-config.ts";
import { KubeconfigError } from "./kubeconfig.ts";

export interface ExecCredential {
  readonly token?: string;
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** Wall-clock milliseconds; undefined means until the server refuses it. */
  readonly expiresAtMs?: number;
}

export interface ExecCredentialSource {
  get(signal: AbortSignal): Promise<ExecCredential>;
  /** Makes the next `get` run the plugin; false when the plugin has just run, so that it would be of no use. */
  invalidate(): boolean;
}

const maxOutputBytes = 1024 * 1024;

/** A refused credential is not asked for again sooner than this. */
const minRefreshIntervalMs = 1_000;

/** Runs a credential plugin when needed; all who wait share one run. */
export function execCredentialSource(plugin: ExecPlugin, config: ClientConfig, clock: Clock): ExecCredentialSource {
  let cached: { readonly credential: ExecCredential; readonly sinceMs: number } | undefined;
  let running: Promise<ExecCredential> | undefined;
  const refresh = async () => {
    try {
      const credential = await runPlugin(plugin, config);
      cached = { credential, sinceMs: clock.monotonicMs() };
      return credential;
    } finally {
      running = undefined;
    }
  };
  return {
    get: (signal) => {
      const { credential } = cached ?? {};
      if (credential && (credential.expiresAtMs ?? Infinity) > clock.now()) return Promise.resolve(credential);
      running ??= refresh();
      return abortable(running, signal);
    },
    invalidate: () => {
      if (!cached || clock.monotonicMs() - cached.sinceMs < minRefreshIntervalMs) return false;
      cached = undefined;
      return true;
    },
  };
}

async function runPlugin(plugin: ExecPlugin, config: ClientConfig): Promise<ExecCredential> {
  const interactive = plugin.interactiveMode !== "Never" && process.stdin.isTTY;
  if (plugin.interactiveMode === "Always" && !interactive) {
    throw new KubeconfigError("exec plugin cannot support interactive mode: standard input is not a terminal");
  }
  const info = {
    kind: "ExecCredential",
    apiVersion: plugin.apiVersion,
    spec: { interactive, ...(plugin.provideClusterInfo && { cluster: await clusterInfo(config) }) },
  };
  return decodeCredential(await execute(plugin, JSON.stringify(info), interactive), plugin);
}

async function clusterInfo(config: ClientConfig): Promise<Readonly<Record<string, unknown>>> {
  const { ca, serverName, insecureSkipVerify } = config.tls;
  const pem = ca && ("text" in ca ? ca.text : await readFile(ca.file, "utf8"));
  return {
    server: config.server,
    ...(serverName && { "tls-server-name": serverName }),
    ...(insecureSkipVerify && { "insecure-skip-tls-verify": true }),
    ...(pem && { "certificate-authority-data": Buffer.from(pem).toString("base64") }),
  };
}

function execute(plugin: ExecPlugin, info: string, interactive: boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(plugin.command, plugin.args, {
      env: { ...process.env, ...plugin.env, KUBERNETES_EXEC_INFO: info },
      stdio: [interactive ? "inherit" : "ignore", "pipe", "inherit"],
    });
    const output: Buffer[] = [];
    let sizeBytes = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes > maxOutputBytes) child.kill("SIGKILL");
      else output.push(chunk);
    });
    child.on("error", (cause: NodeJS.ErrnoException) => {
      const problem =
        cause.code === "ENOENT"
          ? `executable ${plugin.command} not found`
          : `executable ${plugin.command} failed: ${cause.message}`;
      const hint = plugin.installHint === "" ? "" : `\n\n${plugin.installHint}`;
      reject(new KubeconfigError(`getting credentials: exec: ${problem}${hint}`, { cause }));
    });
    child.on("close", (code, signal) => {
      if (sizeBytes > maxOutputBytes) {
        reject(
          new KubeconfigError(`getting credentials: exec: ${plugin.command} wrote more than ${maxOutputBytes} bytes`),
        );
      } else if (code === 0) resolve(Buffer.concat(output).toString("utf8"));
      else {
        const outcome = code === null ? `was ended by ${signal}` : `failed with exit code ${code}`;
        reject(new KubeconfigError(`getting credentials: exec: executable ${plugin.command} ${outcome}`));
      }
    });
  });
}

function decodeCredential(output: string, plugin: ExecPlugin): ExecCredential {
  const document = parseJson(output);
  if (!isRecord(document) || document["kind"] !== "ExecCredential") {
    throw new KubeconfigError(`decoding stdout of ${plugin.command}: not an ExecCredential`);
  }
  if (document["apiVersion"] !== plugin.apiVersion) {
    throw new KubeconfigError(
      `exec plugin is configured to use API version ${plugin.apiVersion}, plugin returned version ${String(document["apiVersion"])}`,
    );
  }
  const status = isRecord(document["status"]) ? document["status"] : {};
  const token = text(status["token"]);
  const cert = text(status["clientCertificateData"]);
  const key = text(status["clientKeyData"]);
  if ((cert === undefined) !== (key === undefined)) {
    throw new KubeconfigError("exec plugin returned only one of clientCertificateData and clientKeyData");
  }
  if (token === undefined && cert === undefined) {
    throw new KubeconfigError("exec plugin didn't return a token or cert/key pair");
  }
  const expiresAtMs = Date.parse(text(status["expirationTimestamp"]) ?? "");
  return {
    ...(token !== undefined && { token }),
    ...(cert !== undefined && key !== undefined && { certificate: { cert, key } }),
    ...(Number.isFinite(expiresAtMs) && { expiresAtMs }),
  };
}

function parseJson(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
