import type { Duplex } from "node:stream";

/** The streams of an exec or attach session. */
export type ChannelName = "stdin" | "stdout" | "stderr" | "error" | "resize";

/** Which streams a session has; `error` is always there. */
export interface ChannelSelection {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/**
 * The streams of one session, whatever carries them. Either side ends its streams, then closes the set; a
 * lost connection ends every stream.
 */
export interface ChannelSet {
  readonly protocol: string;
  /** Undefined when the session has no such stream. */
  channel(name: ChannelName): Duplex | undefined;
  /** Closes the connection after what was written; resolves when it is closed. */
  close(): Promise<void>;
  /** Cuts the connection off. */
  destroy(): void;
  /** Resolves when the connection is closed. Never rejects. */
  readonly closed: Promise<void>;
}

/** The streams that a session with these options opens under a protocol with or without resizing. */
export function channelNames(selection: ChannelSelection, resize: boolean): readonly ChannelName[] {
  const names: ChannelName[] = ["error"];
  if (selection.stdin) names.push("stdin");
  if (selection.stdout) names.push("stdout");
  // A terminal has one output.
  if (selection.stderr && !selection.tty) names.push("stderr");
  if (selection.tty && resize) names.push("resize");
  return names;
}
