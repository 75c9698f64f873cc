/** Why a call of an iptables tool failed. */
export type IptablesErrorCode =
  /** The tool is not on this machine; the message says which package brings it. */
  | "not-installed"
  /** Root, or CAP_NET_ADMIN in this network namespace, is needed. */
  | "not-permitted"
  /** Another process held the lock for longer than we wait. */
  | "locked"
  /** A match, target, table or kernel module is missing. */
  | "unsupported"
  /** The input was refused; `line` is the culprit where the tool names it. */
  | "invalid"
  /** A chain to be removed is still jumped to. */
  | "in-use"
  /** The tool did not end in time and was killed. */
  | "timeout"
  /** The tool printed more than we accept. */
  | "output-too-large"
  /** Anything else. */
  | "failed";

export interface IptablesErrorDetail {
  readonly command: string;
  readonly exitCode?: number | undefined;
  /** At most a few kilobytes. */
  readonly stderr?: string;
  /** The line of input that was refused, counted from 1. */
  readonly line?: { readonly number: number; readonly text: string };
  readonly cause?: unknown;
}

export class IptablesError extends Error {
  override readonly name = "IptablesError";
  readonly code: IptablesErrorCode;
  readonly detail: IptablesErrorDetail;

  constructor(code: IptablesErrorCode, reason: string, detail: IptablesErrorDetail) {
    const line = detail.line ? ` at line ${detail.line.number} (${detail.line.text})` : "";
    super(`${detail.command}: ${reason}${line}`, detail.cause === undefined ? {} : { cause: detail.cause });
    this.code = code;
    this.detail = detail;
  }
}

/** Names the failure of a tool that ended with an exit code other than zero. */
export function classifyFailure(command: string, exitCode: number, stderr: string, input: string): IptablesError {
  const line = failingLine(stderr, input);
  const detail = { command, exitCode, stderr, ...(line ? { line } : {}) };
  return new IptablesError(failureCode(exitCode, stderr), reasonOf(stderr, exitCode), detail);
}

const patterns: readonly (readonly [RegExp, IptablesErrorCode])[] = [
  [/permission denied|operation not permitted|you must be root/i, "not-permitted"],
  [/xtables lock|resource temporarily unavailable/i, "locked"],
  [/couldn't load (match|target)|no chain\/target\/match by that name|table does not exist/i, "unsupported"],
  [/can't initialize iptables table|can't initialize ip6tables table|protocol not supported/i, "unsupported"],
  [/RULE_(APPEND|INSERT|REPLACE) failed \(No such file or directory\)/, "unsupported"],
  [/CHAIN_(USER_)?DEL failed \((Device or resource busy|Too many links)\)|too many links/i, "in-use"],
];

function failureCode(exitCode: number, stderr: string): IptablesErrorCode {
  for (const [pattern, code] of patterns) {
    if (pattern.test(stderr)) return code;
  }
  // Exit code 2 is a complaint about the arguments, 1 of the legacy tool also covers a refused line.
  return exitCode === 2 || /line:? \d+/.test(stderr) ? "invalid" : "failed";
}

function failingLine(stderr: string, input: string): { number: number; text: string } | undefined {
  const found = /(?:^|\b)line:? (\d+)/m.exec(stderr);
  if (!found) return undefined;
  const number = Number(found[1]);
  return { number, text: (input.split("\n", number)[number - 1] ?? "").slice(0, 500) };
}

function reasonOf(stderr: string, exitCode: number): string {
  const reason = stderr
    .split("\n")
    .map((line) =>
      line.replace(/^ip6?tables(-legacy|-nft)?(-save|-restore)? v\S+ \((nf_tables|legacy)\):\s*/, "").trim(),
    )
    .filter((line) => line !== "" && !line.startsWith("Try `") && !line.startsWith("Error occurred at line"))
    .join("; ");
  return reason === "" ? `exit code ${exitCode}` : reason.slice(0, 500);
}
