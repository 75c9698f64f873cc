import type { Status } from "@kube-ts/api/meta/v1";
import { hasJsonStatus } from "./protocols.ts";

/** How a remote command ended. */
export type ExecOutcome =
  | { readonly kind: "success" }
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "failure"; readonly message: string };

const nonZeroExitReason = "NonZeroExitCode";
const exitCodeCause = "ExitCode";

/** What the error stream carries for an outcome; empty when nothing is to be written. */
export function encodeOutcome(outcome: ExecOutcome, protocol: string): Buffer {
  if (hasJsonStatus(protocol)) return Buffer.from(JSON.stringify(outcomeStatus(outcome)));
  switch (outcome.kind) {
    case "success":
      return Buffer.alloc(0);
    case "exit":
      return Buffer.from(`command terminated with non-zero exit code: exit status ${outcome.code}`);
    case "failure":
      return Buffer.from(outcome.message);
  }
}

/** Reads what came on the error stream; nothing at all means success, except where a status was promised. */
export function decodeOutcome(bytes: Buffer, protocol: string): ExecOutcome {
  const text = bytes.toString("utf8");
  if (!hasJsonStatus(protocol)) return text === "" ? { kind: "success" } : { kind: "failure", message: text };
  let status: Status;
  try {
    status = JSON.parse(text) as Status;
  } catch {
    return { kind: "failure", message: text === "" ? "connection closed before the command ended" : text };
  }
  if (status.status === "Success") return { kind: "success" };
  if (status.reason === nonZeroExitReason) {
    const cause = status.details?.causes?.find((each) => each.reason === exitCodeCause);
    const code = Number(cause?.message);
    if (Number.isInteger(code) && code !== 0) return { kind: "exit", code };
  }
  return { kind: "failure", message: status.message ?? "unknown error" };
}

function outcomeStatus(outcome: ExecOutcome): Status {
  switch (outcome.kind) {
    case "success":
      return { metadata: {}, status: "Success" };
    case "exit":
      return {
        metadata: {},
        status: "Failure",
        message: `command terminated with non-zero exit code: exit status ${outcome.code}`,
        reason: nonZeroExitReason,
        details: { causes: [{ reason: exitCodeCause, message: String(outcome.code) }] },
      };
    case "failure":
      return {
        metadata: {},
        status: "Failure",
        message: `Internal error occurred: ${outcome.message}`,
        reason: "InternalError",
        details: { causes: [{ message: outcome.message }] },
        code: 500,
      };
  }
}
