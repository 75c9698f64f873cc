import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const suffix = ".woken";

/** Which machines were started and when: a file for each, so that two programs at a time do no harm. */
export class WokenMachines {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Milliseconds since the epoch, by name. */
  async all(): Promise<ReadonlyMap<string, number>> {
    const files = await readdir(this.#directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
    const entries = files
      .filter((file) => file.endsWith(suffix))
      .map(async (file) => {
        const text = await readFile(join(this.#directory, file), "utf8").catch(() => "");
        return [file.slice(0, -suffix.length), Number(text) || 0] as const;
      });
    return new Map(await Promise.all(entries));
  }

  async add(name: string, nowMs: number): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    await writeFile(this.#path(name), String(nowMs), { mode: 0o600 });
  }

  async remove(name: string): Promise<void> {
    await rm(this.#path(name), { force: true });
  }

  #path(name: string): string {
    return join(this.#directory, name + suffix);
  }
}
