import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ProgramError, runProgram } from "@kube-ts/std/run-program";
import { sha256OfFile } from "./backup-files.ts";
import type { FileToBackUp } from "./backup-files.ts";
import { formatManifest, parseManifest } from "./backup-manifest.ts";
import type { BackedUpFile, BackupManifest } from "./backup-manifest.ts";

const tarMs = 1_800_000;
const manifestName = "manifest.json";
const maxManifestBytes = 1024 * 1024;

/** A directory for what goes into a backup, or has come out of one. Only root can look into it; it goes when disposed of. */
export class Staging implements AsyncDisposable {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** Beside what it is for, so that it can be moved there. */
  static async beside(path: string): Promise<Staging> {
    return new Staging(await mkdtemp(join(dirname(path), `.${basename(path)}.`)));
  }

  get snapshot(): string {
    return join(this.directory, "etcd.db");
  }

  /** Where a file of the machine is in here. */
  pathOf(file: string): string {
    return join(this.directory, "files", file);
  }

  async add(file: FileToBackUp): Promise<BackedUpFile> {
    const copy = this.pathOf(file.path);
    await mkdir(dirname(copy), { recursive: true });
    await copyFile(file.path, copy);
    return { ...file, sha256: await sha256OfFile(copy) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Makes the archive of what has been staged: whole and on disk, or not at all. It is for root's eyes only. */
export async function writeArchive(
  path: string,
  staging: Staging,
  manifest: BackupManifest,
  signal: AbortSignal,
): Promise<void> {
  await writeFile(join(staging.directory, manifestName), formatManifest(manifest));
  const unfinished = `${staging.directory}.tar`;
  try {
    await (await open(unfinished, "wx", 0o600)).close();
    // The manifest comes first, so that it is found without reading the rest.
    const entries = [manifestName, "etcd.db", ...(manifest.files.length > 0 ? ["files"] : [])];
    await tar(
      ["--create", `--file=${unfinished}`, "--sort=name", `--directory=${staging.directory}`, ...entries],
      signal,
    );
    await toDisk(unfinished);
    await rename(unfinished, path);
    await toDisk(dirname(path));
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** Rejects when the file is no backup. */
export async function readManifest(path: string, signal: AbortSignal): Promise<BackupManifest> {
  if (!existsSync(path)) throw new Error(`${path} does not exist`);
  const command = ["tar", "--extract", "--to-stdout", "--occurrence=1", `--file=${path}`, manifestName];
  try {
    const { stdout } = await runProgram({ command, timeoutMs: tarMs, maxOutputBytes: maxManifestBytes }, signal);
    return parseManifest(stdout);
  } catch (error) {
    signal.throwIfAborted();
    const reason =
      error instanceof ProgramError
        ? "not a backup, or a damaged one"
        : error instanceof Error
          ? error.message
          : String(error);
    throw new Error(`${path}: ${reason}`, { cause: error });
  }
}

/** Unpacks what the manifest names, nothing else, and compares it with the manifest. Rejects for a damaged backup. */
export async function unpackArchive(
  path: string,
  staging: Staging,
  manifest: BackupManifest,
  signal: AbortSignal,
): Promise<void> {
  const names = manifest.files.map((file) => join("files", file.path));
  const options = ["--no-same-owner", "--no-same-permissions", `--directory=${staging.directory}`];
  await tar(["--extract", `--file=${path}`, ...options, "etcd.db", ...names], signal);
  const expected = [
    { at: staging.snapshot, sha256: manifest.etcd.sha256 },
    ...manifest.files.map((file) => ({ at: staging.pathOf(file.path), sha256: file.sha256 })),
  ];
  for (const { at, sha256 } of expected) {
    if ((await sha256OfFile(at)) !== sha256)
      throw new Error(`${path} is damaged: ${basename(at)} has another checksum`);
  }
}

/** The text of a staged file. */
export function stagedText(staging: Staging, file: BackedUpFile): Promise<string> {
  return readFile(staging.pathOf(file.path), "utf8");
}

async function tar(args: readonly string[], signal: AbortSignal): Promise<void> {
  await runProgram({ command: ["tar", ...args], timeoutMs: tarMs }, signal);
}

async function toDisk(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
