/** A part of a process's memory that shows a file: its addresses, and what of it is resident. */
export interface FileMapping {
  readonly start: bigint;
  readonly end: bigint;
  readonly residentKib: number;
}

const header = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ (\d+)\s*(.*)$/;

/**
 * The mappings of files that cannot be written and of which no page was ever changed: all of their pages are found again
 * in the file (one that was changed, such as a relocated one, is not). `smaps` is the text of `/proc/self/smaps`.
 */
export function unchangedFileMappings(smaps: string): FileMapping[] {
  const found: FileMapping[] = [];
  for (const entry of smaps.split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/)) {
    const [, start = "", end = "", permissions = "", inode = "", path = ""] =
      header.exec(entry.split("\n", 1)[0] ?? "") ?? [];
    const isFile = inode !== "0" && path.startsWith("/") && !path.endsWith("(deleted)");
    if (!isFile || permissions.includes("w") || !permissions.endsWith("p")) continue;
    const residentKib = kib(entry, "Rss");
    if (residentKib === undefined || kib(entry, "Anonymous") !== 0) continue;
    found.push({ start: BigInt(`0x${start}`), end: BigInt(`0x${end}`), residentKib });
  }
  return found;
}

function kib(entry: string, field: string): number | undefined {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(entry);
  return match ? Number(match[1]) : undefined;
}
