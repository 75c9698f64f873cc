import type { Pod } from "@kube-ts/api/core/v1";
import { connectionTarget } from "@kube-ts/client/connection-target";
import { openRemoteCommand } from "@kube-ts/client/streaming/open-remote-command";
import { RemoteCommandClient } from "@kube-ts/client/streaming/remote-command";
import { CommandError, ExitCodeError } from "../command-line/command-error.ts";
import { userAgent } from "../session/open-session.ts";
import { identityHeaders } from "../session/request-log.ts";
import { type Query, queryString } from "../session/api.ts";
import { DetachableInput, parseDetachKeys } from "../session/detach-keys.ts";
import { rawTerminal } from "../session/raw-terminal.ts";
import type { Session } from "../session/session.ts";

export interface RemoteOptions {
  readonly subresource: "exec" | "attach";
  readonly container: string;
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly quiet?: boolean;
  /** Keys that end the session and leave the container as it is; as `--detach-keys` has them. */
  readonly detachKeys?: string;
}

/** What to do without a terminal although one was asked for; answers whether the session has one. */
export function usableTty(session: Session, wanted: boolean, stdin: boolean): boolean {
  if (!wanted) return false;
  if (!stdin || session.terminal.stdin.isTTY) return true;
  session.terminal.error("Unable to use a TTY - input is not a terminal or the right kind of file\n");
  return false;
}

/** What users are told before they are attached to a container. */
export function warnOfAttaching({ terminal }: Session): void {
  terminal.error(
    "All commands and output from this session will be recorded in container logs, including credentials and sensitive " +
      "information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n",
  );
}

/** Connects the process's streams to a container until its command ends; the command's failure is thrown. */
export async function runRemoteSession(session: Session, pod: Pod, options: RemoteOptions): Promise<void> {
  await copyStreams(session, await openRemoteSession(session, pod, options), options);
}

/** A session whose streams the caller reads, writes and closes. */
export async function openRemoteSession(
  session: Session,
  pod: Pod,
  options: RemoteOptions,
): Promise<RemoteCommandClient> {
  const { name = "", namespace = "" } = pod.metadata;
  const query: Query = {
    ...(options.subresource === "exec" && { command: options.command }),
    container: options.container,
    stdin: options.stdin || undefined,
    stdout: true,
    stderr: !options.tty || undefined,
    tty: options.tty || undefined,
  };
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/${options.subresource}`;
  const { signal, clock } = session;
  const target = await connectionTarget(await session.config(), path + queryString(query), userAgent, signal, clock);
  const selection = { stdin: options.stdin, stdout: true, stderr: !options.tty, tty: options.tty };
  const channels = await logUpgrade(session, path + queryString(query), () =>
    openRemoteCommand(target, selection, session.signal),
  );
  return new RemoteCommandClient(channels);
}

/** Shows with `-v` that a connection becomes a stream. */
export async function logUpgrade<T>(session: Session, path: string, open: () => Promise<T>): Promise<T> {
  const config = await session.config();
  const logged = { method: "GET", url: config.server + path };
  const startMs = session.clock.monotonicMs();
  session.requests.request({ ...logged, headers: identityHeaders(config, userAgent) });
  const opened = await open();
  const elapsedMs = session.clock.monotonicMs() - startMs;
  session.requests.response(logged, { status: "101 Switching Protocols", headers: {}, elapsedMs });
  return opened;
}

async function copyStreams(
  session: Session,
  remote: RemoteCommandClient,
  { stdin: wantsStdin, tty, detachKeys = "" }: RemoteOptions,
): Promise<void> {
  const { stdin } = session.terminal;
  const keys = parseDetachKeys(detachKeys);
  let detached = false;
  const detach = () => {
    detached = true;
    remote.destroy();
  };
  const input = tty && keys.length > 0 ? stdin.pipe(new DetachableInput(keys, detach)) : stdin;
  const raw = tty && wantsStdin && stdin.isTTY ? rawTerminal(stdin) : undefined;
  const onResize = () => {
    const { columns, rows } = process.stdout;
    if (columns && rows) remote.resize({ width: columns, height: rows });
  };
  const onAbort = () => remote.destroy();
  session.signal.addEventListener("abort", onAbort, { once: true });
  try {
    if (tty) {
      onResize();
      process.stdout.on("resize", onResize);
    }
    if (wantsStdin && remote.stdin) {
      // The command may end before its input does.
      remote.stdin.on("error", () => {});
      input.pipe(remote.stdin);
    }
    await Promise.all([
      drain(remote.stdout, (chunk) => session.terminal.write(chunk)),
      drain(remote.stderr, async (chunk) => session.terminal.error(chunk)),
    ]);
    const outcome = await remote.outcome;
    if (outcome.kind === "exit") {
      throw new ExitCodeError(`command terminated with exit code ${outcome.code}`, outcome.code);
    }
    if (outcome.kind === "failure") throw new CommandError(outcome.message);
  } catch (error) {
    if (!detached) throw error;
  } finally {
    session.signal.removeEventListener("abort", onAbort);
    process.stdout.off("resize", onResize);
    stdin.unpipe();
    if (remote.stdin) input.unpipe(remote.stdin);
    stdin.pause();
    raw?.[Symbol.dispose]();
    await remote.close();
  }
}

async function drain(
  stream: NodeJS.ReadableStream | undefined,
  write: (chunk: Buffer) => Promise<void>,
): Promise<void> {
  if (!stream) return;
  for await (const chunk of stream as AsyncIterable<Buffer>) await write(chunk);
}
