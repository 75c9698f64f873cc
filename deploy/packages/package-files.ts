import { certificatesServiceUnit, certificatesTimerUnit } from "../units/certificate-units.ts";
import { daemonService, etcdDropIn } from "../units/daemon-services.ts";
import { certificatesService, certificatesTimer, daemonUnits } from "../units/unit-files.ts";
import { unitText } from "../units/unit-text.ts";
import { daemonsOf, locksOf, programsOf, usersOf } from "./debian-packages.ts";
import type { DebianPackage } from "./debian-packages.ts";
import { programWrapper } from "./program-wrapper.ts";

/** A file of root's in a package. */
export interface PackageFile {
  readonly path: string;
  readonly mode: number;
  readonly content: string;
}

const unitDirectory = "/usr/lib/systemd/system";

/** The files of a package that are texts of ours: units, users and wrappers. */
export function packageFiles(declared: DebianPackage): readonly PackageFile[] {
  return [
    ...wrappers(declared),
    ...units(declared),
    ...users(declared),
    ...temporaryFiles(declared),
    ...networkSettings(declared),
  ];
}

/** The empty directories of a package, with their modes. */
export function packageDirectories({ name, directories }: DebianPackage): Readonly<Record<string, number>> {
  const extra = daemonsOf(name).flatMap((daemon) => daemonUnits[daemon].extraCredentialDirectory ?? []);
  return { ...directories, ...Object.fromEntries(extra.map((path) => [path, 0o700])) };
}

function wrappers({ name }: DebianPackage): readonly PackageFile[] {
  return programsOf(name).map((program) => ({
    path: `/usr/bin/${program.name}`,
    mode: 0o755,
    content: programWrapper(program),
  }));
}

function units({ name }: DebianPackage): readonly PackageFile[] {
  const file = (path: string, content: string, mode = 0o644) => ({ path: `${unitDirectory}/${path}`, mode, content });
  const own = daemonsOf(name).map((daemon) =>
    daemon === "etcd"
      ? file(`${daemonUnits.etcd.unit}.d/10-kube-ts.conf`, unitText(etcdDropIn()))
      : // CIS 4.1.1 wants that of the kubelet to be root's alone.
        file(daemonUnits[daemon].unit, unitText(daemonService(daemon)), daemon === "kubelet" ? 0o600 : 0o644),
  );
  if (name !== "kube-ts-runtime") return own;
  return [
    ...own,
    file(certificatesService, unitText(certificatesServiceUnit)),
    file(certificatesTimer, unitText(certificatesTimerUnit)),
  ];
}

function users({ name }: DebianPackage): readonly PackageFile[] {
  const lines = usersOf(name).map((user) => `u ${user} - "Kubernetes ${user}"\n`);
  if (lines.length === 0) return [];
  return [{ path: `/usr/lib/sysusers.d/${name}.conf`, mode: 0o644, content: lines.join("") }];
}

/**
 * systemd-networkd takes away routes and rules that it did not make itself when it configures a link again, those of the pod
 * network among them, unless it is told otherwise. The agent makes no next hops.
 */
function networkSettings({ name }: DebianPackage): readonly PackageFile[] {
  if (name !== "kube-ts-node") return [];
  const content = "[Network]\nManageForeignRoutes=no\nManageForeignRoutingPolicyRules=no\n";
  return [{ path: "/usr/lib/systemd/networkd.conf.d/10-kube-ts.conf", mode: 0o644, content }];
}

function temporaryFiles({ name }: DebianPackage): readonly PackageFile[] {
  const lines = locksOf(name).map(({ path, mode, group }) => `f ${path} ${mode} root ${group}\n`);
  if (lines.length === 0) return [];
  return [{ path: `/usr/lib/tmpfiles.d/${name}.conf`, mode: 0o644, content: lines.join("") }];
}
