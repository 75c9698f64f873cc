import { readFileSync } from "node:fs";
import { isInstalled, run } from "../../deploy/local/command.ts";

const longMs = 600_000;

/** Creates a minimal Debian of this machine's own release in a directory, with some packages more. */
export async function debootstrap(root: string, packages: readonly string[]): Promise<void> {
  await ensureProgram("debootstrap", "debootstrap");
  const { suite, mirror } = await ownDebian();
  await run("debootstrap", ["--variant=minbase", `--include=${packages.join(",")}`, suite, root, mirror], longMs);
}

/** Installs the Debian package that has the program, when the program is missing. */
export async function ensureProgram(program: string, debianPackage: string): Promise<void> {
  if (await isInstalled(program)) return;
  const apt = (...args: string[]) => run("env", ["DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", ...args], longMs);
  await apt("update");
  await apt("install", "-y", "--no-install-recommends", debianPackage);
}

/** The machine's own release, and where it has its packages from. Throws when apt knows no such place. */
export async function ownDebian(): Promise<{ readonly suite: string; readonly mirror: string }> {
  const release = /^VERSION_CODENAME=(.+)$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "";
  const targets = await run("apt-get", ["indextargets", "--format", "$(CODENAME) $(REPO_URI)", "Created-By: Packages"]);
  for (const line of targets.split("\n")) {
    const [suite = "", mirror = ""] = line.split(" ");
    if (suite === release && mirror !== "") return { suite, mirror };
  }
  throw new Error(`apt has no packages of the release ${JSON.stringify(release)}`);
}
