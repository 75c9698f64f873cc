import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, existsSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../../deploy/local/command.ts";
import { repositoryRoot } from "../../deploy/local/layout.ts";
import { debootstrap } from "./own-debian.ts";

/** Makes a directory the root of a mount namespace of its own and runs a command there. */
const enter = `set -eu
root=$1
shift
mount --bind "$root" "$root"
cd "$root"
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
mkdir -p old
pivot_root . old
umount -l old
exec "$@"
`;

const checkout = "/root/kube-ts";
const authorities = "/etc/machine-authorities.crt";
const longMs = 600_000;

/**
 * A minimal Debian with Node.js 20 or newer, npm, git and a clean checkout of the committed files, and nothing else.
 * It shares this machine's network, processes and control groups.
 */
export class BareMachine implements AsyncDisposable {
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  static async create(): Promise<BareMachine> {
    const root = mkdtempSync(join(tmpdir(), "kube-ts-bare-"));
    // Package tools give up root where they can, and have to get in.
    chmodSync(root, 0o755);
    const machine = new BareMachine(root);
    try {
      await machine.#install();
      return machine;
    } catch (error) {
      await machine[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Runs a shell command in the checkout; answers its exit code and all it printed. */
  shell(command: string): Promise<{ code: number; output: string }> {
    const child = spawn(
      "unshare",
      [
        "--mount",
        "--propagation=private",
        "sh",
        "-c",
        enter,
        "enter",
        this.#root,
        "sh",
        "-c",
        `cd ${checkout} && ${command}`,
      ],
      { cwd: "/", env: this.#environment(), stdio: ["ignore", "pipe", "pipe"] },
    );
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        process.stdout.write(chunk);
      });
    }
    const timer = setTimeout(() => child.kill("SIGKILL"), longMs);
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => {
        clearTimeout(timer);
        resolve({ code: code ?? 1, output });
      });
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.#root, { recursive: true, force: true });
    return Promise.resolve();
  }

  async #install(): Promise<void> {
    await debootstrap(this.#root, ["git"]);
    const at = (path: string) => join(this.#root, path);
    const node = machineNode();
    copyFileSync(node, at("usr/bin/node"));
    await mkdir(at("usr/lib/node_modules"), { recursive: true });
    cpSync(join(dirname(node), "../lib/node_modules/npm"), at("usr/lib/node_modules/npm"), { recursive: true });
    for (const program of ["npm", "npx"]) {
      symlinkSync(`../lib/node_modules/npm/bin/${program}-cli.js`, at(`usr/bin/${program}`));
    }
    for (const file of ["/etc/hosts", "/etc/resolv.conf"]) copyFileSync(file, at(file));
    const trusted = process.env["NODE_EXTRA_CA_CERTS"];
    if (trusted !== undefined && existsSync(trusted)) copyFileSync(trusted, at(authorities));
    await run("git", ["clone", "--quiet", "--no-hardlinks", repositoryRoot, at(checkout)], longMs);
  }

  #environment(): NodeJS.ProcessEnv {
    const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    const trust = existsSync(join(this.#root, authorities))
      ? { NODE_EXTRA_CA_CERTS: authorities, npm_config_cafile: authorities }
      : {};
    return { PATH: path, HOME: "/root", ...trust };
  }
}

/** The Node.js of the machine, which comes with npm; the project's own, first on the path of its scripts, does not. */
function machineNode(): string {
  for (const directory of (process.env["PATH"] ?? "").split(":")) {
    const node = join(directory, "node");
    if (directory === "" || directory.includes("node_modules") || !existsSync(node)) continue;
    return realpathSync(node);
  }
  throw new Error("no node that belongs to the machine is on the path");
}
