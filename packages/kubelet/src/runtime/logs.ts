export interface LogOptions {
  readonly follow: boolean;
  /** Only the last lines; absent for all. */
  readonly tailLines?: number;
  /** Only lines written at or after this time. */
  readonly sinceMs?: number;
  /** Absent for both. */
  readonly stream?: "stdout" | "stderr";
}

export interface LogLine {
  readonly stream: "stdout" | "stderr";
  /** RFC 3339 with nanoseconds, as the runtime wrote it. */
  readonly timestamp: string;
  /** Ends with a newline unless the process wrote a partial line. */
  readonly content: Buffer;
}
