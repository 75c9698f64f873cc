import { machineImage } from "./machine-image.ts";

/** All that Docker knows but SYS_RESOURCE, which not every computer has, and SYS_TIME: the clock is this computer's. */
const capabilities = [
  "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER",
  "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD",
  "NET_ADMIN", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYSLOG",
  "SYS_ADMIN", "SYS_BOOT", "SYS_CHROOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO",
  "SYS_TTY_CONFIG", "WAKE_ALARM",
]; // prettier-ignore

/** A disk of its own for a directory of a machine. */
export interface Disk {
  readonly path: string;
  readonly sizeMb: number;
}

/** What is needed to build a machine. */
export interface MachineParts {
  readonly container: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly network: string;
  readonly mac: string;
  /** IPv4 first. */
  readonly addresses: readonly string[];
  /** The gateways to be used instead of the bridge, one per family. */
  readonly gateways: readonly string[];
  /** The volume of the machine's Docker Engine, which cannot live on an overlay. */
  readonly engineVolume: string;
  readonly disks: readonly Disk[];
  /** Names of all machines, as their /etc/hosts has them. */
  readonly hosts: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  readonly memoryMb?: number;
}

/** The arguments of `docker run` for a machine; see the README for what each is good for. */
export function machineArguments(parts: MachineParts): string[] {
  const [ipv4 = "", ipv6] = parts.addresses;
  const disks = parts.disks.map(({ path, sizeMb }) => `${path}:${sizeMb}`).join(" ");
  const routes = parts.gateways.map((gateway) => `default,${gateway}`).join(" ");
  return [
    "run",
    "--detach",
    `--name=${parts.container}`,
    `--hostname=${parts.name}`,
    ...Object.entries(parts.labels).map(([key, value]) => `--label=${key}=${value}`),
    ...capabilities.map((name) => `--cap-add=${name}`),
    ...["seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"].map(
      (option) => `--security-opt=${option}`,
    ),
    "--cgroupns=private",
    "--tmpfs=/run",
    "--tmpfs=/tmp",
    `--volume=${parts.engineVolume}:/var/lib/docker`,
    // Loop devices, for the machine's disks.
    "--device-cgroup-rule=b 7:* rmw",
    "--device-cgroup-rule=c 10:237 rmw",
    `--env=MACHINE_MAC=${parts.mac}`,
    `--env=MACHINE_DISKS=${disks}`,
    `--env=MACHINE_ROUTES=${routes}`,
    `--network=${parts.network}`,
    `--ip=${ipv4}`,
    ...(ipv6 === undefined ? [] : [`--ip6=${ipv6}`, "--sysctl=net.ipv6.conf.all.disable_ipv6=0"]),
    // Docker's resolver knows the machines, and nobody else.
    "--dns=127.0.0.1",
    ...parts.hosts.flatMap(({ name, addresses }) => addresses.map((address) => `--add-host=${name}:${address}`)),
    ...(parts.memoryMb === undefined ? [] : [`--memory=${parts.memoryMb}m`]),
    machineImage,
  ];
}

/** The container that joins two segments: it forwards packets and does nothing else. */
export function routerArguments(parts: Pick<MachineParts, "container" | "labels" | "network" | "addresses">): string[] {
  const [ipv4 = "", ipv6] = parts.addresses;
  return [
    "run",
    "--detach",
    `--name=${parts.container}`,
    ...Object.entries(parts.labels).map(([key, value]) => `--label=${key}=${value}`),
    "--init",
    "--sysctl=net.ipv4.ip_forward=1",
    ...(ipv6 === undefined
      ? []
      : [`--ip6=${ipv6}`, "--sysctl=net.ipv6.conf.all.disable_ipv6=0", "--sysctl=net.ipv6.conf.all.forwarding=1"]),
    `--network=${parts.network}`,
    `--ip=${ipv4}`,
    "--entrypoint=sleep",
    machineImage,
    "infinity",
  ];
}
