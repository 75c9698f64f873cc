import {
  closeSync,
  createReadStream,
  createWriteStream,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
} from "node:fs";
import { write, writeSync } from "node:fs";
import { readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { createGzip } from "node:zlib";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import type { LineFile } from "./log-writer.ts";

export interface RotatedFileOptions {
  readonly path: string;
  readonly maxBytes: number;
  /** How old backups become; 0 for any age. */
  readonly maxAgeDays: number;
  /** How many backups are kept; 0 for any number. */
  readonly maxBackups: number;
  readonly compress: boolean;
  readonly clock: Clock;
  readonly log: Logger;
}

const writeText = promisify(write) as (fd: number, text: string) => Promise<unknown>;
const dayMs = 86_400_000;
const fileMode = 0o600;

/**
 * A file that is put aside when it is full, as `audit-2006-01-02T15-04-05.000.log` beside it, in UTC. Opens it at once and
 * throws when it cannot.
 */
export class RotatedFile implements LineFile {
  readonly #options: RotatedFileOptions;
  #fd: number;
  #size: number;
  /** Backups are looked after one at a time. */
  #tidying: Promise<void> = Promise.resolve();

  constructor(options: RotatedFileOptions) {
    this.#options = options;
    mkdirSync(dirname(options.path), { recursive: true, mode: 0o700 });
    this.#fd = openSync(options.path, "a", fileMode);
    this.#size = fstatSync(this.#fd).size;
    this.#tidy();
  }

  append(lines: readonly string[]): void {
    for (const text of this.#pieces(lines)) writeWhole(this.#fd, text);
  }

  async appendLater(lines: readonly string[]): Promise<void> {
    for (const text of this.#pieces(lines)) await writeText(this.#fd, text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tidying;
    closeSync(this.#fd);
  }

  /** The lines in pieces that fit; the file changes between them. */
  *#pieces(lines: readonly string[]): Iterable<string> {
    const { maxBytes } = this.#options;
    let piece = "";
    for (const line of lines) {
      const bytes = Buffer.byteLength(line);
      if (bytes > maxBytes) throw new Error(`write length ${bytes} exceeds maximum file size ${maxBytes}`);
      if (this.#size + bytes > maxBytes) {
        if (piece !== "") yield piece;
        piece = "";
        this.#rotate();
      }
      piece += line;
      this.#size += bytes;
    }
    if (piece !== "") yield piece;
  }

  #rotate(): void {
    const { path, clock } = this.#options;
    // Another worker of the server, or somebody else, may have put it aside already.
    if (isOpenAt(path, this.#fd)) renameSync(path, backupName(path, clock.now()));
    closeSync(this.#fd);
    this.#fd = openSync(path, "a", fileMode);
    this.#size = fstatSync(this.#fd).size;
    this.#tidy();
  }

  #tidy(): void {
    const { log, path } = this.#options;
    this.#tidying = this.#tidying
      .then(() => tidyBackups(this.#options))
      .catch((error: unknown) => log.warn("old audit logs could not be looked after", { path, error }));
  }
}

/** Standard output as a file. */
export const standardOutput: LineFile = {
  append: (lines) => writeWhole(1, lines.join("")),
  appendLater: async (lines) => void (await writeText(1, lines.join(""))),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/** Whether the path still names the open file. */
function isOpenAt(path: string, fd: number): boolean {
  const named = statSync(path, { throwIfNoEntry: false });
  const open = fstatSync(fd);
  return named?.ino === open.ino && named.dev === open.dev;
}

/** A pipe may take a part only. */
function writeWhole(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}

function backupName(path: string, nowMs: number): string {
  const extension = extname(path);
  const stem = basename(path, extension);
  const time = new Date(nowMs).toISOString().slice(0, -1).replaceAll(":", "-");
  return join(dirname(path), `${stem}-${time}${extension}`);
}

interface Backup {
  readonly path: string;
  readonly timeMs: number;
  readonly isCompressed: boolean;
}

/** Removes backups that are too old or too many, and compresses the others where that is asked for. */
async function tidyBackups(options: RotatedFileOptions): Promise<void> {
  const { maxBackups, maxAgeDays, compress, clock } = options;
  const backups = await backupsOf(options.path);
  const oldestMs = maxAgeDays > 0 ? clock.now() - maxAgeDays * dayMs : -Infinity;
  for (const [index, { path, timeMs, isCompressed }] of backups.entries()) {
    if (timeMs < oldestMs || (maxBackups > 0 && index >= maxBackups)) await rm(path, { force: true });
    else if (compress && !isCompressed) await compressFile(path);
  }
}

/** The newest first. */
async function backupsOf(path: string): Promise<Backup[]> {
  const directory = dirname(path);
  const extension = extname(path);
  const prefix = `${basename(path, extension)}-`;
  const backups: Backup[] = [];
  for (const name of await readdir(directory)) {
    const isCompressed = name.endsWith(`${extension}.gz`);
    const tail = isCompressed ? `${extension}.gz` : extension;
    if (!name.startsWith(prefix) || !name.endsWith(tail)) continue;
    const time = name.slice(prefix.length, name.length - tail.length);
    const parts = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d\.\d{3})$/.exec(time);
    if (!parts) continue;
    const timeMs = Date.parse(`${parts[1]}T${parts[2]}:${parts[3]}:${parts[4]}Z`);
    backups.push({ path: join(directory, name), timeMs, isCompressed });
  }
  return backups.sort((left, right) => right.timeMs - left.timeMs);
}

async function compressFile(path: string): Promise<void> {
  const { mode } = await stat(path);
  const unfinished = `${path}.gz.tmp`;
  await pipeline(createReadStream(path), createGzip(), createWriteStream(unfinished, { mode }));
  await rename(unfinished, `${path}.gz`);
  await rm(path, { force: true });
}
