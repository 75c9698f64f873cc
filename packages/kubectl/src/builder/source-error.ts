import { ApiError } from "@kube-ts/api/status-error";
import { CommandError } from "../command-line/command-error.ts";

/** Says which file an error is about; the reason and details of a server's answer stay. */
export function withSource(error: unknown, verb: string, source: string | undefined): unknown {
  if (source === undefined || source === "") return error;
  const prefix = `error when ${verb} ${JSON.stringify(source)}: `;
  if (error instanceof ApiError)
    return new ApiError({ ...error.status, message: prefix + error.message }, { cause: error });
  return error instanceof Error ? new CommandError(prefix + error.message, { cause: error }) : error;
}
