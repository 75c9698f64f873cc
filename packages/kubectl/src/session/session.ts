import type { Client } from "@kube-ts/client/client";
import type { ClientConfig } from "@kube-ts/client/client-config";
import type { Kubeconfig } from "@kube-ts/client/kubeconfig";
import type { Clock } from "@kube-ts/std/clock";
import type { Random } from "@kube-ts/std/random";
import type { ResourceMapper } from "../builder/resource-mapper.ts";
import type { GlobalValues } from "../command-line/global-flags.ts";
import type { Api } from "./api.ts";
import type { RequestLog } from "./request-log.ts";

/** Where a command reads and writes. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdoutIsTerminal: boolean;
  /** Writes to standard output; resolves when the reader has taken it. Rejects when the reader has gone. */
  write(text: string | Uint8Array): Promise<void>;
  /** Writes to standard error. */
  error(text: string | Uint8Array): void;
  /** All of standard input. */
  readStdin(): Promise<string>;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What every command works with. The cluster is first contacted by the command that needs it. */
export interface Session {
  /** Such as `kubectl create deployment`. */
  readonly commandPath: string;
  /** The whole command line, without what is secret in it. */
  readonly commandLine: string;
  readonly terminal: Terminal;
  readonly env: Environment;
  readonly clock: Clock;
  readonly random: Random;
  readonly globals: GlobalValues;
  readonly signal: AbortSignal;
  readonly warnings: { readonly count: number };
  kubeconfig(): Promise<Kubeconfig>;
  config(): Promise<ClientConfig>;
  /** The namespace to work in, and whether the command line asks for it. */
  namespace(): Promise<{ readonly name: string; readonly explicit: boolean }>;
  client(): Promise<Client>;
  api(): Promise<Api>;
  /** What the server has. Remembered answers count unless a fresh one is asked for. */
  mapper(options?: { readonly fresh?: boolean }): Promise<ResourceMapper>;
  /** What `-v` shows of requests. */
  readonly requests: RequestLog;
}
