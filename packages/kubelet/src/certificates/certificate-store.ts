import { mkdir, readFile, readlink, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "@kube-ts/std/replace-file";
import { type KeyPair, keyPairFrom } from "./key-pair.ts";

/**
 * Key pairs under one name in a directory, each with its certificate in one file; the link `NAME-current.pem` points to
 * the one in use. What fails half-way leaves the former one in use.
 */
export class CertificateStore {
  readonly currentPath: string;
  readonly #directory: string;
  readonly #name: string;

  constructor(directory: string, name: string) {
    this.#directory = directory;
    this.#name = name;
    this.currentPath = join(directory, `${name}-current.pem`);
  }

  /** Undefined when there is none. Rejects when there is something else. */
  async current(): Promise<KeyPair | undefined> {
    const text = await this.#read(this.currentPath);
    return text === undefined ? undefined : keyPairFrom(text, text);
  }

  /** Stores the pair and makes it the current one. The former one's file goes. */
  async update({ cert, key }: Pick<KeyPair, "cert" | "key">, nowMs: number): Promise<KeyPair> {
    const pair = keyPairFrom(cert, key);
    await mkdir(this.#directory, { recursive: true, mode: 0o755 });
    const former = await readlink(this.currentPath).catch(() => undefined);
    const path = join(this.#directory, `${this.#name}-${dated(nowMs)}.pem`);
    await replaceFile(path, `${cert.trim()}\n${key.trim()}\n`);
    const link = join(this.#directory, `${this.#name}-updated.pem`);
    await rm(link, { force: true });
    await symlink(path, link);
    await rename(link, this.currentPath);
    if (former !== undefined && former !== path) await rm(former, { force: true });
    return pair;
  }

  /** The key of a request that is under way, so that a restart asks no second time; made when there is none. */
  async pendingKey(make: () => Promise<string>): Promise<string> {
    const known = await this.#read(this.#pendingPath);
    if (known !== undefined) return known;
    const key = await make();
    await mkdir(this.#directory, { recursive: true, mode: 0o755 });
    await writeFile(this.#pendingPath, key, { mode: 0o600 });
    return key;
  }

  async forgetPendingKey(): Promise<void> {
    await rm(this.#pendingPath, { force: true });
  }

  get #pendingPath(): string {
    return join(this.#directory, `${this.#name}.key.tmp`);
  }

  async #read(path: string): Promise<string | undefined> {
    return readFile(path, "utf8").catch((error: unknown) => {
      if ((error as { readonly code?: unknown }).code === "ENOENT") return undefined;
      throw error;
    });
  }
}

/** `2026-01-31-13-05-00`, in UTC, with milliseconds for renewals that follow each other quickly. */
function dated(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 23).replaceAll(/[T:.]/g, "-");
}
