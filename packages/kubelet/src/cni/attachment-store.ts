import { mkdir, readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "@kube-ts/std/replace-file";
import type { CapabilityValues, NetworkList } from "./network-list.ts";

/** What has to be remembered of a sandbox's connection to take it down again, by the plugins that made it. */
export interface Attachment {
  readonly sandboxId: string;
  readonly list: NetworkList;
  readonly args: string;
  readonly capabilities: CapabilityValues;
  /** What the last plugin answered; absent while plugins run, or after one was interrupted. */
  readonly result?: unknown;
}

const suffix = ".json";

/** Attachments, one file for each sandbox, read once and kept in memory. */
export class AttachmentStore {
  readonly #directory: string;
  #loaded: Promise<Map<string, Attachment>> | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async get(sandboxId: string): Promise<Attachment | undefined> {
    return (await this.#all()).get(sandboxId);
  }

  async ids(): Promise<readonly string[]> {
    return [...(await this.#all()).keys()];
  }

  /** Durable before it resolves, and never half written. */
  async put(attachment: Attachment): Promise<void> {
    const all = await this.#all();
    const path = this.#path(attachment.sandboxId);
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    await replaceFile(path, JSON.stringify(attachment));
    all.set(attachment.sandboxId, attachment);
  }

  async delete(sandboxId: string): Promise<void> {
    const all = await this.#all();
    await rm(this.#path(sandboxId), { force: true });
    all.delete(sandboxId);
  }

  #path(sandboxId: string): string {
    if (!/^[\w.-]+$/.test(sandboxId)) throw new Error(`not a sandbox id: ${sandboxId}`);
    return join(this.#directory, `${sandboxId}${suffix}`);
  }

  #all(): Promise<Map<string, Attachment>> {
    this.#loaded ??= this.#load().catch((error: unknown) => {
      this.#loaded = undefined;
      throw error;
    });
    return this.#loaded;
  }

  async #load(): Promise<Map<string, Attachment>> {
    const all = new Map<string, Attachment>();
    const names = await readdir(this.#directory).catch((error: unknown) => {
      if ((error as { code?: string }).code === "ENOENT") return [];
      throw error;
    });
    for (const name of names.filter((each) => each.endsWith(suffix))) {
      const attachment = parseAttachment(await readFile(join(this.#directory, name), "utf8"));
      if (attachment) all.set(attachment.sandboxId, attachment);
    }
    return all;
  }
}

/** A file that was damaged by hand is nobody's attachment. */
function parseAttachment(text: string): Attachment | undefined {
  try {
    const value = JSON.parse(text) as Attachment;
    return typeof value.sandboxId === "string" && Array.isArray(value.list?.plugins) ? value : undefined;
  } catch {
    return undefined;
  }
}
