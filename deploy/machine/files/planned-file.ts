/** A file as it is to be on a machine. */
export interface PlannedFile {
  readonly path: string;
  readonly content: string;
  /** Octal, such as 0o600. */
  readonly mode: number;
}

/** What is at a path now. */
export interface FileOnDisk {
  readonly content: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export type FileChange = "missing" | "content" | "rights";

/** What about a file is not as planned; planned files belong to root. */
export function fileChange(planned: PlannedFile, found: FileOnDisk | undefined): FileChange | undefined {
  if (!found) return "missing";
  if (found.content !== planned.content) return "content";
  return found.mode === planned.mode && found.uid === 0 && found.gid === 0 ? undefined : "rights";
}

/** A file for its owner's eyes only. */
export function privateFile(path: string, content: string): PlannedFile {
  return { path, content, mode: 0o600 };
}

/** A file that every daemon of the machine may read. */
export function publicFile(path: string, content: string): PlannedFile {
  return { path, content, mode: 0o644 };
}
