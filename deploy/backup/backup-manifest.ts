/** A file of a backup, by where it belongs on a machine. */
export interface BackedUpFile {
  readonly path: string;
  /** Octal, such as 0o600. */
  readonly mode: number;
  readonly sha256: string;
}

/** What a backup says of itself. */
export interface BackupManifest {
  /** The cluster's name. */
  readonly cluster: string;
  readonly kubernetesVersion: string;
  /** The machine whose etcd was asked. */
  readonly machine: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly etcd: {
    readonly revision: number;
    readonly keys: number;
    readonly sizeBytes: number;
    readonly sha256: string;
  };
  readonly files: readonly BackedUpFile[];
}

const format = 1;

export function formatManifest(manifest: BackupManifest): string {
  return `${JSON.stringify({ format, ...manifest }, undefined, 2)}\n`;
}

/** Throws for what is no manifest of a backup, and for one of a format that this version does not know. */
export function parseManifest(text: string): BackupManifest {
  let value: Partial<BackupManifest> & { readonly format?: number };
  try {
    value = JSON.parse(text) as typeof value;
  } catch (cause) {
    throw new Error("not a backup: its manifest is not JSON", { cause });
  }
  if (value.format !== format) {
    throw new Error(`not a backup that this version reads: format ${JSON.stringify(value.format)}, not ${format}`);
  }
  const { cluster, kubernetesVersion, machine, createdAt, etcd, files } = value;
  const texts = [cluster, kubernetesVersion, machine, createdAt, etcd?.sha256];
  const isWhole = texts.every((each) => typeof each === "string") && Array.isArray(files) && files.every(isFile);
  if (!isWhole || !etcd) throw new Error("not a whole backup: its manifest lacks fields");
  return value as BackupManifest;
}

/** What a backup holds of a file goes back to where it was, and to nowhere else. */
function isFile(value: unknown): boolean {
  const { path, mode, sha256 } = value as Partial<BackedUpFile>;
  const isPlain = typeof path === "string" && /^\/etc\/kubernetes(\/[\w.-]+)+$/.test(path) && !path.includes("/..");
  return isPlain && typeof mode === "number" && typeof sha256 === "string";
}
