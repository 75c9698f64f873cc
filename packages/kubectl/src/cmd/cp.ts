import { constants, createReadStream } from "node:fs";
import { chmod, lstat, mkdir, open, readdir, stat } from "node:fs/promises";
import { basename, dirname, join, posix, relative, sep } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Pod } from "@kube-ts/api/core/v1";
import { extract, type Pack, pack } from "tar-stream";
import { chooseContainer } from "../builder/find-pods.ts";
import { CommandError, ExitCodeError, UsageError } from "../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../command-line/command.ts";
import { booleanFlag, integerFlag, stringFlag } from "../command-line/flag.ts";
import { safeText } from "../printers/terminal-text.ts";
import type { Session, Terminal } from "../session/session.ts";
import { openRemoteSession } from "./remote-session.ts";

const flags = {
  container: stringFlag("Container name.", { short: "c" }),
  "no-preserve": booleanFlag(
    "The copied file/directory's ownership and permissions will not be preserved in the container",
  ),
  retries: integerFlag(
    "Set number of retries to complete a copy operation from a container. Specify 0 to disable or any negative value for infinite retrying.",
  ),
} as const;

type Values = Invocation<typeof flags>["flags"];

export const command = defineCommand({
  usage: "<file-spec-src> <file-spec-dest>",
  description: "Copy files and directories to and from containers. The container must have tar.",
  examples: `  # Copy /tmp/foo local file to /tmp/bar in a remote pod in namespace <some-namespace>
  kubectl cp /tmp/foo <some-namespace>/<some-pod>:/tmp/bar
  # Copy /tmp/foo from a remote pod to /tmp/bar locally
  kubectl cp <some-namespace>/<some-pod>:/tmp/foo /tmp/bar`,
  flags,
  run: async (session, { flags: values, positional }) => {
    const [from, to] = positional;
    if (from === undefined || to === undefined || positional.length !== 2) {
      throw new UsageError("source and destination are required");
    }
    const [source, target] = [parseFileSpec(from), parseFileSpec(to)];
    if (source.pod !== "" && target.pod !== "")
      throw new CommandError("one of src or dest must be a local file specification");
    if (source.path === "" || target.path === "") throw new CommandError("filepath can not be empty");
    if (source.pod !== "") await copyFromWithRetries(session, source, target.path, values);
    else if (target.pod !== "") await copyTo(session, source.path, target, values);
    else throw new CommandError("one of src or dest must be a remote file specification");
  },
});

export interface FileSpec {
  /** Empty for the namespace of the session. */
  readonly namespace: string;
  /** Empty for a local file. */
  readonly pod: string;
  readonly path: string;
}

/** Reads `path`, `pod:path` and `namespace/pod:path`. Throws a CommandError. */
export function parseFileSpec(text: string): FileSpec {
  const colon = text.indexOf(":");
  if (colon === 0) throw new CommandError("filespec must match the canonical format: [[namespace/]pod:]file/path");
  if (colon < 0) return { namespace: "", pod: "", path: text };
  const parts = text.slice(0, colon).split("/");
  const path = text.slice(colon + 1);
  if (parts.length === 1) return { namespace: "", pod: parts[0] ?? "", path };
  if (parts.length === 2) return { namespace: parts[0] ?? "", pod: parts[1] ?? "", path };
  throw new CommandError("filespec must match the canonical format: [[namespace/]pod:]file/path");
}

async function podOf(session: Session, { namespace, pod }: FileSpec): Promise<Pod> {
  const home = namespace || (await session.namespace()).name;
  const path = `/api/v1/namespaces/${encodeURIComponent(home)}/pods/${encodeURIComponent(pod)}`;
  return (await (await session.api()).json({ path })) as unknown as Pod;
}

async function openTar(session: Session, spec: FileSpec, values: Values, args: readonly string[], stdin: boolean) {
  const pod = await podOf(session, spec);
  const container = chooseContainer(session, pod, values.container);
  return openRemoteSession(session, pod, {
    subresource: "exec",
    container,
    command: ["tar", ...args],
    stdin,
    tty: false,
  });
}

type Remote = Awaited<ReturnType<typeof openTar>>;

/** Shows what the program says, and throws what it fails with. */
async function finishTar(remote: Remote, messages: Promise<string>): Promise<void> {
  const outcome = await remote.outcome;
  const said = (await messages).trim();
  if (outcome.kind === "exit") throw new CommandError(said || `command terminated with exit code ${outcome.code}`);
  if (outcome.kind === "failure") throw new CommandError(outcome.message);
}

/** The most that is kept of what the program says. */
const maxMessageBytes = 64 * 1024;

async function collect(stream: Readable | undefined): Promise<string> {
  let text = "";
  for await (const chunk of stream ?? []) {
    if (text.length < maxMessageBytes) text += (chunk as Buffer).toString("utf8");
  }
  return text;
}

async function copyTo(session: Session, local: string, target: FileSpec, values: Values): Promise<void> {
  await stat(local).catch((cause: unknown) => {
    throw new CommandError(`${local} doesn't exist in local filesystem`, { cause });
  });
  // A path that ends with a slash is a directory to copy into.
  const path = target.path.endsWith("/") ? posix.join(target.path, basename(local)) : target.path;
  const options = values["no-preserve"] ? ["--no-same-permissions", "--no-same-owner"] : [];
  const remote = await openTar(session, target, values, [...options, "-xmf", "-", "-C", posix.dirname(path)], true);
  try {
    const messages = Promise.all([collect(remote.stdout), collect(remote.stderr)]).then((texts) => texts.join(""));
    const archive = pack();
    const filled = addPath(session, archive, local, posix.basename(path)).then(() => archive.finalize());
    const sent = remote.stdin ? pipeline(archive, remote.stdin) : Promise.resolve();
    // Where the program ends early, its own message says why; that of the broken stream does not.
    const [problem] = await Promise.allSettled([filled, sent]);
    await finishTar(remote, messages);
    if (problem.status === "rejected") throw problem.reason;
  } finally {
    await remote.close();
  }
}

async function addPath(session: Session, archive: Pack, local: string, name: string): Promise<void> {
  const found = await lstat(local);
  const header = { name, mode: found.mode & 0o7777, mtime: found.mtime };
  if (found.isDirectory()) {
    archive.entry({ ...header, type: "directory" });
    for (const child of (await readdir(local)).toSorted()) {
      await addPath(session, archive, join(local, child), posix.join(name, child));
    }
  } else if (found.isFile()) {
    await pipeline(createReadStream(local), archive.entry({ ...header, size: found.size }));
  } else session.terminal.error(safeText(`skipping ${local}: it is neither a file nor a directory\n`));
}

/** Begins again, as often as is asked for, where the connection to the pod is lost; negative numbers bound nothing. */
async function copyFromWithRetries(session: Session, source: FileSpec, local: string, values: Values): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await copyFrom(session, source, local, values);
    } catch (error) {
      const over = values.retries >= 0 && attempt > values.retries;
      if (over || session.signal.aborted || error instanceof ExitCodeError) throw error;
      const bound = values.retries < 0 ? "" : `/${values.retries}`;
      const reason = error instanceof Error ? error.message : String(error);
      session.terminal.error(safeText(`Copying again, retry ${attempt}${bound} - ${reason}\n`));
      await session.clock.sleep(retryMs, session.signal);
    }
  }
}

const retryMs = 1_000;

async function copyFrom(session: Session, source: FileSpec, local: string, values: Values): Promise<void> {
  const remote = await openTar(session, source, values, ["cf", "-", source.path], false);
  try {
    const messages = collect(remote.stderr);
    const into = await stat(local).then(
      (found) => (found.isDirectory() ? join(local, posix.basename(source.path)) : local),
      () => local,
    );
    if (remote.stdout)
      await unpack(session.terminal, remote.stdout, source.path.replace(/^\/+/, ""), into, values["no-preserve"]);
    await finishTar(remote, messages);
  } finally {
    await remote.close();
  }
}

/**
 * Writes an archive's files below `into`, which stands for `root` in the archive. Entries that would lead elsewhere are
 * left out with a warning, and so are links.
 */
export async function unpack(
  terminal: Pick<Terminal, "error">,
  archive: Readable,
  root: string,
  into: string,
  plain: boolean,
): Promise<void> {
  const entries = extract();
  const fed = pipeline(archive, entries);
  fed.catch(() => {});
  for await (const entry of entries) {
    const { name, type, mode } = entry.header;
    const path = targetPath(name, root, into);
    if (path === undefined || (await throughLink(into, path))) {
      terminal.error(safeText(`warning: skipping entry ${JSON.stringify(name)}: it is outside of the target\n`));
    } else if (type === "directory") {
      await mkdir(path, { recursive: true });
      if (!plain && mode !== undefined) await chmod(path, mode & 0o777);
    } else if (type === "file" || type === "contiguous-file") {
      await mkdir(dirname(path), { recursive: true });
      const file = await open(path, writeAnew);
      await pipeline(entry, file.createWriteStream());
      if (!plain && mode !== undefined) await chmod(path, mode & 0o777);
    } else {
      terminal.error(safeText(`warning: skipping ${type ?? "unknown"}: ${JSON.stringify(name)}\n`));
    }
    entry.resume();
  }
  await fed;
}

const { O_CREAT, O_NOFOLLOW, O_TRUNC, O_WRONLY } = constants;
const writeAnew = O_CREAT | O_NOFOLLOW | O_TRUNC | O_WRONLY;

/** Whether a symbolic link below the target is on the way to a path: what is behind it is not below the target. */
async function throughLink(into: string, path: string): Promise<boolean> {
  const steps = relative(into, path).split(sep);
  for (let depth = 1; depth <= steps.length; depth += 1) {
    const found = await lstat(join(into, ...steps.slice(0, depth))).catch(() => undefined);
    if (found?.isSymbolicLink() && path !== into) return true;
  }
  return false;
}

/** Where an entry is written; undefined for one that would leave the target. */
export function targetPath(name: string, root: string, into: string): string | undefined {
  const clean = (path: string) => posix.normalize(path).replace(/^\/+/, "").replace(/\/+$/, "");
  const [entry, top] = [clean(name), clean(root)];
  const rest =
    top === "." || top === ""
      ? entry
      : entry === top
        ? ""
        : entry.startsWith(`${top}/`)
          ? entry.slice(top.length)
          : undefined;
  if (rest === undefined || entry.split("/").includes("..")) return undefined;
  return join(into, rest);
}
