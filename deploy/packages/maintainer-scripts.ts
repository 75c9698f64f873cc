import { daemonUnits } from "../units/unit-files.ts";
import { daemonsOf, locksOf, programsOf, unitsOf, usersOf } from "./debian-packages.ts";
import type { DebianPackage } from "./debian-packages.ts";
import { compileCacheDirectory } from "./program-wrapper.ts";
import type { PackageName } from "./programs.ts";

export type MaintainerScripts = Readonly<Record<"postinst" | "prerm" | "postrm", string>>;

/**
 * What dpkg runs. Nothing is enabled, started or restarted here: a machine gets its role from `kube-ts install` and
 * `kube-ts join`, and changes to a new version in the order of `kube-ts upgrade`.
 */
export function maintainerScripts(declared: DebianPackage): MaintainerScripts {
  return { postinst: postinst(declared.name), prerm: prerm(declared.name), postrm: postrm(declared) };
}

const reloadSystemd = "if [ -d /run/systemd/system ]; then systemctl daemon-reload || true; fi";

function script(...parts: readonly string[]): string {
  return ["#!/bin/sh", "set -e", ...parts.filter((part) => part !== ""), ""].join("\n");
}

function postinst(name: PackageName): string {
  const users = usersOf(name).length > 0 ? `systemd-sysusers ${name}.conf` : "";
  const files = locksOf(name).length > 0 ? `systemd-tmpfiles --create ${name}.conf` : "";
  const configure = [users, files, ...compileCaches(name), etcdAtRest(name)].filter((part) => part !== "");
  return script(
    'case "$1" in',
    "configure)",
    ...configure.flatMap((part) => part.split("\n")).map((text) => `  ${text}`),
    "  ;;",
    "esac",
    reloadSystemd,
  );
}

/** Node.js keeps a cache for each user by number; all use root's, which none of them can change. */
function compileCaches(name: PackageName): readonly string[] {
  const programs = programsOf(name).filter(({ isCompiled }) => isCompiled);
  if (programs.length === 0) return [];
  const define = `compile() {
  cache=$1 user=$2
  shift 2
  rm -rf "$cache"
  mkdir -p "$cache"
  NODE_COMPILE_CACHE=$cache "$@" >/dev/null || return 0
  chmod -R go=rX "$cache"
  [ "$user" = root ] || for made in "$cache"/*-0; do
    [ ! -d "$made" ] || ln -s "\${made##*/}" "\${made%-0}-$(id -u "$user")"
  done
}`;
  const calls = programs.map(({ name: program, idle }) => {
    const user = program in daemonUnits ? daemonUnits[program as keyof typeof daemonUnits].user : "root";
    return `compile ${compileCacheDirectory(program)} ${user} /usr/bin/${program} ${idle}`;
  });
  return [define, ...calls];
}

/** Debian's package starts an etcd of its own. A machine that is no member yet needs none, and its ports. */
function etcdAtRest(name: PackageName): string {
  if (name !== "kube-ts-etcd") return "";
  const { unit, envFile } = daemonUnits.etcd;
  return `if [ -z "$2" ] && [ ! -e ${envFile} ] && [ -d /run/systemd/system ]; then
  systemctl disable --now --quiet ${unit} || true
fi`;
}

function prerm(name: PackageName): string {
  const units = unitsOf(name);
  if (units.length === 0) return script();
  return script(
    'if [ "$1" = remove ] && [ -d /run/systemd/system ]; then',
    `  systemctl disable --now --quiet ${units.join(" ")} || true`,
    "fi",
  );
}

function postrm({ name, purged }: DebianPackage): string {
  const caches = programsOf(name).map(({ name: program }) => compileCacheDirectory(program));
  const own = daemonsOf(name).flatMap((daemon) => {
    const { envFile, extraCredentialDirectory } = daemonUnits[daemon];
    return [envFile, ...(extraCredentialDirectory === undefined ? [] : [extraCredentialDirectory])];
  });
  const users = usersOf(name).map((user) => `if getent passwd ${user} >/dev/null; then userdel ${user} || true; fi`);
  const purge = [
    ...[...own, ...purged].map((path) => `rm -rf --one-file-system ${path}`),
    ...(name === "kube-ts-runtime" ? [purgeConfiguration] : []),
    ...(name === "kube-ts-node" ? [purgeNetwork, purgeKubelet] : []),
    ...users,
  ];
  return script(
    ...(caches.length > 0
      ? [
          'case "$1" in',
          "remove | purge)",
          `  rm -rf ${caches.join(" ")}`,
          "  rmdir /var/cache/kube-ts 2>/dev/null || true",
          "  ;;",
          "esac",
        ]
      : []),
    'if [ "$1" = purge ]; then',
    ...purge.flatMap((part) => part.split("\n")).map((text) => `  ${text}`),
    "fi",
    reloadSystemd,
  );
}

/** Without the keys, what etcd has could never be read again. */
const purgeConfiguration = `if [ -n "$(find /var/lib/etcd -name wal -print -quit 2>/dev/null)" ]; then
  echo "kube-ts: /etc/kubernetes is kept: it has the keys to what is in /var/lib/etcd" >&2
else
  rm -rf --one-file-system /etc/kubernetes
fi`;

/** Only what is ours of what other programs use, too. */
const purgeNetwork = `rm -f /etc/cni/net.d/05-pod-network.conflist /etc/cni/net.d/10-kubelet-bridge.conflist
rmdir --ignore-fail-on-non-empty -p /etc/cni/net.d 2>/dev/null || true
[ ! -e /run/xtables.lock ] || chown root:root /run/xtables.lock`;

/** Volumes that are still mounted keep their files. */
const purgeKubelet = `if grep -q " /var/lib/kubelet" /proc/self/mounts; then
  echo "kube-ts: /var/lib/kubelet is kept: pods' volumes are mounted in it" >&2
else
  rm -rf --one-file-system /var/lib/kubelet
fi`;
