import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../deploy/local/command.ts";
import { repositoryRoot } from "../../deploy/local/layout.ts";
import type { Machine } from "../machines/machine.ts";

/** Our Debian packages, for the time of a test. */
export class Packages implements Disposable {
  readonly directory: string;
  readonly #temporary: boolean;

  private constructor(directory: string, temporary: boolean) {
    this.directory = directory;
    this.#temporary = temporary;
  }

  /** Builds them as `npm run package` does; takes those of the directory KUBE_TS_PACKAGES where that is set. */
  static async build(revision = 1): Promise<Packages> {
    const built = process.env["KUBE_TS_PACKAGES"];
    if (built !== undefined && revision === 1) return new Packages(built, false);
    const packages = new Packages(mkdtempSync(join(tmpdir(), "kube-ts-packages-")), true);
    const withNode = join(repositoryRoot, "deploy", "bin", "with-node");
    const script = join(repositoryRoot, "scripts", "package.ts");
    const options = ["--output", packages.directory, "--revision", String(revision)];
    await run("sh", [withNode, script, ...options], 300_000);
    return packages;
  }

  /** Copies all of them into a directory of the machine. */
  async copyTo(machine: Machine, directory: string): Promise<void> {
    const files = readdirSync(this.directory).filter((file) => file.endsWith(".deb"));
    if (files.length === 0) throw new Error(`${this.directory} has no packages`);
    for (const file of files) await machine.copyIn(join(this.directory, file), directory);
  }

  /** Installs packages on a machine with apt, from files and nothing else. */
  async install(machine: Machine, names: readonly string[]): Promise<void> {
    await this.copyTo(machine, "/root/packages");
    const paths = names.map((name) => `/root/packages/${name}_*.deb`).join(" ");
    await machine.run(`apt-get install -q -y ${paths} && rm -r /root/packages`, { timeoutMs: 300_000 });
  }

  [Symbol.dispose](): void {
    if (this.#temporary) rmSync(this.directory, { recursive: true, force: true });
  }
}
