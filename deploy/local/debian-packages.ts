import { existsSync, rmSync, writeFileSync } from "node:fs";
import { isInstalled, run, succeeds } from "./command.ts";
import { note } from "./progress.ts";

/** A program or file the cluster needs, and the Debian package that has it. */
interface Requirement {
  readonly package: string;
  readonly provides: { readonly program: string } | { readonly file: string };
  /** The systemd units that the package would start, now and at every boot. */
  readonly units?: readonly string[];
}

const requirements: readonly Requirement[] = [
  { package: "etcd-server", provides: { program: "etcd" }, units: ["etcd.service"] },
  { package: "docker.io", provides: { program: "dockerd" }, units: ["docker.service", "docker.socket"] },
  { package: "iptables", provides: { program: "iptables-restore" } },
  { package: "iproute2", provides: { program: "ip" } },
  { package: "conntrack", provides: { program: "conntrack" } },
  { package: "containernetworking-plugins", provides: { file: "/usr/lib/cni/bridge" } },
  { package: "busybox", provides: { file: "/bin/busybox" } },
  { package: "procps", provides: { program: "pgrep" } },
  { package: "ca-certificates", provides: { file: "/etc/ssl/certs/ca-certificates.crt" } },
];

/** Installs the Debian packages that are missing; says which. Throws when a package cannot be had. */
export async function installMissingPackages(): Promise<readonly string[]> {
  const missing: Requirement[] = [];
  for (const requirement of requirements) if (!(await isThere(requirement))) missing.push(requirement);
  const names = missing.map((requirement) => requirement.package);
  if (names.length === 0) return names;
  note(`installing Debian packages: ${names.join(", ")}`);
  if (!(await isInstalled("apt-get"))) {
    throw new Error(`this machine has no apt-get; install by its own means what provides: ${names.join(", ")}`);
  }
  const apt = (...args: string[]) => run("env", ["DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", ...args], 900_000);
  await apt("update");
  await withoutServices(
    missing.flatMap(({ units = [] }) => units),
    () => apt("install", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold", ...names),
  );
  return names;
}

/** What Debian's packages ask whether they may start their services. */
const servicePolicy = "/usr/sbin/policy-rc.d";
const startsNothing = "#!/bin/sh\n# kube-ts starts what it needs itself\nexit 101\n";

/** The cluster starts its own etcd and engine: those of the packages come up neither now nor at the next boot. */
async function withoutServices(units: readonly string[], install: () => Promise<unknown>): Promise<void> {
  const own = !existsSync(servicePolicy);
  if (own) writeFileSync(servicePolicy, startsNothing, { mode: 0o755 });
  try {
    await install();
  } finally {
    if (own) rmSync(servicePolicy);
  }
  if (!existsSync("/run/systemd/system")) return;
  for (const unit of units) await succeeds("systemctl", ["disable", "--quiet", unit]);
}

function isThere({ provides }: Requirement): Promise<boolean> {
  return "file" in provides ? Promise.resolve(existsSync(provides.file)) : isInstalled(provides.program);
}
