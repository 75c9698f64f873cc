import { etcdMember, etcdMembers } from "../cluster/cluster-view.ts";
import type { ClusterConfig, Machine } from "../cluster/cluster-config.ts";
import { encryptionFile, pkiDirectory } from "../machine/places.ts";
import type { BackedUpFile, BackupManifest } from "./backup-manifest.ts";
import type { MemberFromSnapshot } from "./etcd-snapshot.ts";

/** A file of a backup beside that of the machine. */
export interface ComparedFile {
  readonly file: BackedUpFile;
  /** Of what the machine has; undefined for nothing. */
  readonly foundSha256: string | undefined;
}

export interface FilePlan {
  readonly write: readonly BackedUpFile[];
  /** The machine has them in another form, which stays. */
  readonly keep: readonly string[];
}

/**
 * Missing files come back, and those that there are stay. Throws when the machine has other authorities or keys than the
 * backup: it is a machine of another cluster.
 */
export function planFiles(compared: readonly ComparedFile[]): FilePlan {
  const others = compared.filter(({ file, foundSha256 }) => foundSha256 !== undefined && foundSha256 !== file.sha256);
  const foreign = others.map(({ file }) => file.path).filter(isKey);
  if (foreign.length > 0) {
    throw new Error(
      `this machine has other keys than the backup: ${foreign.join(", ")}. A backup can only be restored to its own cluster; ` +
        "if this machine is to be part of that again, run kube-ts reset first. " +
        `Where the keys of encryption at rest were rotated since, move ${encryptionFile} away: that of the backup takes its place`,
    );
  }
  return {
    write: compared.filter(({ foundSha256 }) => foundSha256 === undefined).map(({ file }) => file),
    keep: others.map(({ file }) => file.path),
  };
}

/** Without the key that they were encrypted with, the backup's secrets cannot be read. */
function isKey(path: string): boolean {
  return path.startsWith(`${pkiDirectory}/`) || path === encryptionFile;
}

/** How the machine's member begins again. Every member of the cluster must begin with the same backup. */
export function memberFromBackup(
  config: ClusterConfig,
  machine: Machine,
  manifest: BackupManifest,
  dataDirectory: string,
): MemberFromSnapshot {
  const members = etcdMembers(config).map(({ name, peerUrl }) => `${name}=${peerUrl}`);
  return {
    name: machine.name,
    peerUrl: etcdMember(config, machine).peerUrl,
    initialCluster: members.toSorted().join(","),
    // Members of the former cluster must not take part: what they know is of another history.
    token: `${config.name}-${manifest.etcd.sha256.slice(0, 16)}`,
    dataDirectory,
  };
}
