import { ApiError } from "@kube-ts/api/status-error";
import { isTransportError, TransportError } from "@kube-ts/client/transport-error";
import { KubeconfigError } from "@kube-ts/client/kubeconfig";
import { safeText } from "../printers/terminal-text.ts";
import { CommandError, ExitCodeError, ExitStatus, FailureList, FlagError, UsageError } from "./command-error.ts";

export interface Report {
  /** Ends with a newline unless empty. */
  readonly text: string;
  readonly exitCode: number;
}

/** What to say about a failure and how to exit, in upstream's words. */
export function reportError(error: unknown, commandPath: string): Report {
  if (error instanceof ExitStatus) return { text: "", exitCode: error.exitCode };
  if (error instanceof FailureList) {
    return { text: error.failures.map(oneOfSeveral).join(""), exitCode: 1 };
  }
  const exitCode = error instanceof CommandError ? error.exitCode : 1;
  const text = safeText(messageFor(error, commandPath));
  return { text: text.endsWith("\n") ? text : `${text}\n`, exitCode };
}

/** Among others, a failure is told without the words that begin a report. */
function oneOfSeveral(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const isPlain = !(error instanceof ApiError) && !isTransportError(error);
  const text = safeText(isPlain ? message : error instanceof ApiError ? answerMessage(error) : transportMessage(error));
  return text.endsWith("\n") ? text : `${text}\n`;
}

function messageFor(error: unknown, commandPath: string): string {
  if (error instanceof ExitCodeError) return error.message;
  if (error instanceof FlagError) return `error: ${error.message}\nSee '${commandPath} --help' for usage.`;
  if (error instanceof UsageError) return `error: ${error.message}\nSee '${commandPath} -h' for help and examples`;
  if (error instanceof ApiError) return apiErrorMessage(error);
  if (error instanceof KubeconfigError) {
    const invalid = "invalid configuration: ";
    return error.message.startsWith(invalid)
      ? `Error in configuration: ${error.message.slice(invalid.length)}`
      : `error: ${error.message}`;
  }
  if (isTransportError(error)) return transportMessage(error);
  const message = error instanceof Error ? error.message : String(error);
  return message.startsWith("error: ") ? message : `error: ${message}`;
}

function apiErrorMessage(error: ApiError): string {
  return error.reason === "Invalid" ? invalidMessage(error) : answerMessage(error);
}

function answerMessage(error: ApiError): string {
  const { reason, status } = error;
  if (reason === "Unauthorized") return `error: You must be logged in to the server (${error.message})`;
  return reason === "" || status.reason === undefined
    ? `Error from server: ${error.message}`
    : `Error from server (${reason}): ${error.message}`;
}

function invalidMessage({ status }: ApiError): string {
  const { details, message = "" } = status;
  let subject = "The request is invalid";
  if (!details) return message === "" ? subject : `${subject}: ${message}`;
  const causes = details.causes ?? [];
  if (details.kind || details.name)
    subject = `The ${details.kind ?? ""} ${JSON.stringify(details.name ?? "")} is invalid`;
  else if (message !== "" && causes.length === 0) subject += `: ${message}`;
  const problems = [...new Set(causes.map((cause) => `${cause.field ?? ""}: ${cause.message ?? ""}`))];
  if (problems.length === 0) return subject;
  if (problems.length === 1) return `${subject}: ${problems[0]}`;
  return `${subject}: \n${problems.map((problem) => `* ${problem}\n`).join("")}`;
}

function transportMessage(error: unknown): string {
  const found = innermostTransportError(error);
  if (found?.code === "ECONNREFUSED") {
    const host = /https?:\/\/((?:\[[^\]]+\]|[^/\s:]+)(?::\d+)?)/.exec(found.message)?.[1] ?? "";
    return `The connection to the server ${host} was refused - did you specify the right host or port?`;
  }
  const detail = (found?.message ?? String(error)).replace(/^[A-Z]+ \S+: /, "");
  return `Unable to connect to the server: ${detail}`;
}

function innermostTransportError(error: unknown): TransportError | undefined {
  let current = error;
  for (let depth = 0; depth < 16 && current instanceof Error; depth += 1) {
    if (current instanceof TransportError) return current;
    current = current.cause;
  }
  return undefined;
}
