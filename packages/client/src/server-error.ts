import type { Status, StatusReason } from "@kube-ts/api/meta/v1";
import { type ApiError, apiErrorFromStatus } from "@kube-ts/api/status-error";
import { isRecord } from "@kube-ts/std/config-schema";

/** What was asked, for the message of an answer that does not explain itself. */
export interface RequestSubject {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly name: string;
}

/**
 * The error that an answer stands for: the Status in its body, or for any other body one made from the status code,
 * worded as upstream's clients do.
 */
export function apiErrorFromResponse(
  code: number,
  body: string,
  retryAfterSeconds: number | undefined,
  subject: RequestSubject,
): ApiError {
  const status = parseStatus(body) ?? genericStatus(code, body, subject);
  if (retryAfterSeconds === undefined || status.details?.retryAfterSeconds) return apiErrorFromStatus(status);
  return apiErrorFromStatus({ ...status, details: { ...status.details, retryAfterSeconds } });
}

/** The Status in a body, if it is one. */
function parseStatus(body: string): Status | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isStatus(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a decoded JSON value is a Status. */
export function isStatus(value: unknown): value is Status {
  return isRecord(value) && value["kind"] === "Status" && isRecord(value["metadata"] ?? {});
}

interface Explanation {
  readonly reason: StatusReason;
  readonly message: string;
}

const explanations: ReadonlyMap<number, Explanation> = new Map<number, Explanation>([
  [400, { reason: "BadRequest", message: "the server rejected our request for an unknown reason" }],
  [401, { reason: "Unauthorized", message: "the server has asked for the client to provide credentials" }],
  [404, { reason: "NotFound", message: "the server could not find the requested resource" }],
  [405, { reason: "MethodNotAllowed", message: "the server does not allow this method on the requested resource" }],
  [
    406,
    {
      reason: "NotAcceptable",
      message: "the server was unable to respond with a content type that the client supports",
    },
  ],
  [
    415,
    {
      reason: "UnsupportedMediaType",
      message: "the server was unable to respond with a content type that the client supports",
    },
  ],
  [422, { reason: "Invalid", message: "the server rejected our request due to an error in our request" }],
  [
    429,
    {
      reason: "TooManyRequests",
      message: "the server has received too many requests and has asked us to try again later",
    },
  ],
  [503, { reason: "ServiceUnavailable", message: "the server is currently unable to handle the request" }],
  [
    504,
    {
      reason: "Timeout",
      message:
        "the server was unable to return a response in the time allotted, but may still be processing the request",
    },
  ],
]);

/** How much of a foreign body goes into an error. */
const maxQuotedCharacters = 2048;

function genericStatus(code: number, body: string, subject: RequestSubject): Status {
  const quoted = body.slice(0, maxQuotedCharacters).trim();
  const { reason, message } = explain(code, quoted, subject.verb);
  const resource = subject.group === "" ? subject.resource : `${subject.resource}.${subject.group}`;
  const asked = [subject.verb.toLowerCase(), resource, subject.name].filter((part) => part !== "").join(" ");
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: resource === "" ? message : `${message} (${asked})`,
    ...(reason !== "" && { reason }),
    details: {
      ...(subject.name !== "" && { name: subject.name }),
      ...(subject.group !== "" && { group: subject.group }),
      ...(subject.resource !== "" && { kind: subject.resource }),
      causes: [{ reason: "UnexpectedServerResponse", message: quoted === "" ? "unknown" : quoted }],
    },
    code,
  };
}

function explain(code: number, quoted: string, verb: string): Explanation {
  if (code === 403) return { reason: "Forbidden", message: quoted === "" ? "forbidden" : quoted };
  if (code === 409) {
    return {
      reason: verb === "POST" ? "AlreadyExists" : "Conflict",
      message: "the server reported a conflict",
    };
  }
  const known = explanations.get(code);
  if (known) return known;
  if (code >= 500) {
    return {
      reason: "InternalError",
      message: `an error on the server (${JSON.stringify(quoted === "" ? "unknown" : quoted)}) has prevented the request from succeeding`,
    };
  }
  return {
    reason: "",
    message: `the server responded with the status code ${code} but did not return more information`,
  };
}
