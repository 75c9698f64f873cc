import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run, succeeds } from "../../deploy/local/command.ts";
import { debootstrap, ownDebian } from "../harness/own-debian.ts";

/** The image of a machine: Debian of this machine's release that boots systemd and has its own Docker Engine. */
export const machineImage = "kube-ts/machine:test";

/** What an operator's machine has before kube-ts is installed: all that our packages depend on, so that apt needs no network. */
const packages = [
  "busybox-static", "ca-certificates", "conntrack", "containernetworking-plugins", "dbus", "docker.io", "e2fsprogs",
  "etcd-client", "etcd-server", "iproute2", "iptables", "iputils-ping", "kmod", "libatomic1", "libfaketime",
  "nftables", "procps", "systemd", "systemd-sysv", "util-linux",
]; // prettier-ignore

/**
 * What runs before systemd, as firmware would. The machine has control group and network namespaces of its own; here
 * they become writable, so that the machine's own root group is `/` and its kernel settings are its own, and each
 * boot has an id. The rest comes with the environment: MACHINE_MAC, MACHINE_DISKS="PATH:SIZE_MB …", MACHINE_ROUTES="DESTINATION,GATEWAY …".
 */
const powerOn = `#!/bin/sh
set -eu
mount -o remount,rw /sys
mount -o remount,bind,rw /sys/fs/cgroup
while read -r _ where kind _; do
  case $kind in cgroup | cgroup2) mount -o remount,bind,rw "$where" ;; esac
done </proc/self/mounts
mount --make-rshared /
cat /proc/sys/kernel/random/uuid >/run/boot-id
mount --bind /run/boot-id /proc/sys/kernel/random/boot_id
[ -e /dev/loop-control ] || mknod -m 600 /dev/loop-control c 10 237
for number in $(seq 0 63); do
  [ -e "/dev/loop$number" ] || mknod -m 600 "/dev/loop$number" b 7 "$number"
done
for disk in \${MACHINE_DISKS:-}; do
  path=\${disk%:*}
  image=/var/lib/machine-disks/$(echo "$path" | tr / _).img
  mkdir -p "$path" /var/lib/machine-disks
  if [ ! -e "$image" ]; then
    truncate -s "\${disk##*:}M" "$image"
    mkfs.ext4 -q -m 0 "$image"
    mount -o loop "$image" /mnt
    rmdir /mnt/lost+found
    cp -a "$path/." /mnt/
    umount /mnt
  fi
  mount -o loop "$image" "$path"
done
[ -z "\${MACHINE_MAC:-}" ] || ip link set dev eth0 address "$MACHINE_MAC"
for route in \${MACHINE_ROUTES:-}; do
  case $route in *:*) family=-6 ;; *) family=-4 ;; esac
  ip "$family" route replace "\${route%,*}" via "\${route#*,}"
done
exec /sbin/init
`;

/** Nothing starts by itself that an operator would not have wanted; each machine has an identity and keeps its journal. */
const settle = `FROM BASE
COPY power-on /usr/local/sbin/power-on
RUN systemctl disable etcd.service e2scrub_all.timer fstrim.timer apt-daily.timer apt-daily-upgrade.timer \\
 && systemctl mask console-getty.service getty@tty1.service systemd-networkd.service systemd-resolved.service \\
 && mkdir -p /var/log/journal && : >/etc/machine-id && rm -f /var/lib/dbus/machine-id
ENV container=docker
STOPSIGNAL SIGRTMIN+3
ENTRYPOINT ["/usr/local/sbin/power-on"]
`;

const recipeLabel = "kube-ts.machine-recipe";

/** Builds the image unless the engine has it, made by this very recipe. Answers its name. */
export async function ensureMachineImage(): Promise<string> {
  const { suite } = await ownDebian();
  const base = `kube-ts/machine-base:${digest([suite, ...packages])}`;
  const recipe = digest([base, powerOn, settle]);
  if ((await imageLabel(machineImage)) === recipe) return machineImage;
  const outdated = (await run("docker", ["image", "ls", "--quiet", machineImage])).trim();
  if (!(await succeeds("docker", ["image", "inspect", base]))) await buildBase(base);
  await inTemporaryDirectory(async (directory) => {
    write(join(directory, "power-on"), powerOn, 0o755);
    write(join(directory, "Dockerfile"), settle.replace("BASE", base), 0o644);
    const tags = ["--tag", machineImage, "--label", `${recipeLabel}=${recipe}`];
    await run(
      "env",
      ["DOCKER_BUILDKIT=0", "docker", "build", "--quiet", "--network=none", ...tags, directory],
      300_000,
    );
  });
  // Machines that run may still be of it; then the engine refuses.
  if (outdated !== "") await succeeds("docker", ["image", "rm", outdated]);
  return machineImage;
}

async function buildBase(tag: string): Promise<void> {
  await inTemporaryDirectory(async (directory) => {
    const root = join(directory, "root");
    mkdirSync(root, { mode: 0o755 });
    await debootstrap(root, packages);
    rmSync(join(root, "var/cache/apt/archives"), { recursive: true });
    await run("sh", ["-c", 'tar --numeric-owner -C "$0" -c . | docker import - "$1"', root, tag], 600_000);
  });
}

async function imageLabel(image: string): Promise<string> {
  const format = `{{index .Config.Labels "${recipeLabel}"}}`;
  return run("docker", ["image", "inspect", "--format", format, image]).then(
    (text) => text.trim(),
    () => "",
  );
}

function digest(parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 16);
}

function write(path: string, content: string, mode: number): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, mode);
}

async function inTemporaryDirectory(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "kube-ts-machine-"));
  // Package tools give up root where they can, and have to get in.
  chmodSync(directory, 0o755);
  try {
    await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
