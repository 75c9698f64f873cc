import { existsSync } from "node:fs";
import { isInstalled, run } from "./command.ts";
import { note } from "./progress.ts";

/** A program or file the cluster needs, and the Debian package that has it. */
interface Requirement {
  readonly package: string;
  readonly provides: { readonly program: string } | { readonly file: string };
}

const requirements: readonly Requirement[] = [
  { package: "etcd-server", provides: { program: "etcd" } },
  { package: "docker.io", provides: { program: "dockerd" } },
  { package: "iptables", provides: { program: "iptables-restore" } },
  { package: "iproute2", provides: { program: "ip" } },
  { package: "conntrack", provides: { program: "conntrack" } },
  { package: "containernetworking-plugins", provides: { file: "/usr/lib/cni/bridge" } },
  { package: "busybox-static", provides: { file: "/bin/busybox" } },
  { package: "procps", provides: { program: "pgrep" } },
  { package: "ca-certificates", provides: { file: "/etc/ssl/certs/ca-certificates.crt" } },
];

/** Installs the Debian packages that are missing; says which. Throws when a package cannot be had. */
export async function installMissingPackages(): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const requirement of requirements) {
    if (!(await isThere(requirement))) missing.push(requirement.package);
  }
  if (missing.length === 0) return missing;
  note(`installing Debian packages: ${missing.join(", ")}`);
  if (!(await isInstalled("apt-get"))) {
    throw new Error(`this machine has no apt-get; install by its own means what provides: ${missing.join(", ")}`);
  }
  const apt = (...args: string[]) => run("env", ["DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", ...args], 900_000);
  await apt("update");
  // Services are started by this project; the packages' own must not come up beside them.
  await apt("install", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold", ...missing);
  return missing;
}

function isThere({ provides }: Requirement): Promise<boolean> {
  return "file" in provides ? Promise.resolve(existsSync(provides.file)) : isInstalled(provides.program);
}
