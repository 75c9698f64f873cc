import { parseTime } from "@kube-ts/api/rfc3339";
import type { LogLine, LogOptions } from "../runtime/logs.ts";
import { RequestError } from "./pod-source.ts";

/** Options of a request for a container's log. */
export interface LogRequest {
  readonly options: LogOptions;
  readonly previous: boolean;
  readonly timestamps: boolean;
  /** Absent for no limit. */
  readonly limitBytes?: number;
}

/** Reads the query of `/containerLogs`; throws RequestError 400 or 422. */
export function parseLogRequest(query: URLSearchParams, nowMs: number): LogRequest {
  const tailLines = integer(query, "tailLines") ?? integer(query, "tail");
  const sinceSeconds = integer(query, "sinceSeconds");
  const limitBytes = integer(query, "limitBytes");
  const sinceTime = query.get("sinceTime") || undefined;
  const streams = parseStream(query.get("stream"));
  const sinceTimeMs = sinceTime === undefined ? undefined : parseTime(sinceTime);
  if (sinceTime !== undefined && sinceTimeMs === undefined) throw new RequestError(400, "invalid sinceTime");
  const invalid =
    (tailLines !== undefined && tailLines < 0) ||
    (sinceSeconds !== undefined && sinceSeconds < 1) ||
    (limitBytes !== undefined && limitBytes < 1) ||
    (sinceSeconds !== undefined && sinceTime !== undefined) ||
    // Lines are counted before they are told apart.
    (tailLines !== undefined && streams !== undefined);
  if (invalid) throw new RequestError(422, '{"message": "Invalid request."}');
  const sinceMs = sinceSeconds === undefined ? sinceTimeMs : nowMs - sinceSeconds * 1000;
  return {
    options: {
      follow: boolean(query, "follow"),
      ...(tailLines === undefined ? {} : { tailLines }),
      ...(sinceMs === undefined ? {} : { sinceMs }),
      ...(streams === undefined ? {} : { stream: streams }),
    },
    previous: boolean(query, "previous"),
    timestamps: boolean(query, "timestamps"),
    ...(limitBytes === undefined ? {} : { limitBytes }),
  };
}

/** One line as it is sent. */
export function formatLogLine(line: LogLine, timestamps: boolean): Buffer {
  return timestamps ? Buffer.concat([Buffer.from(`${line.timestamp} `), line.content]) : line.content;
}

function integer(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value)) throw new RequestError(400, `invalid ${name}`);
  return value;
}

/** As the API server reads them: present and anything but `false` or `0` is true. */
function boolean(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  return text !== null && text !== "false" && text !== "0";
}

function parseStream(text: string | null): LogOptions["stream"] {
  if (text === null || text === "" || text === "All") return undefined;
  if (text === "Stdout") return "stdout";
  if (text === "Stderr") return "stderr";
  throw new RequestError(422, '{"message": "Invalid request."}');
}
