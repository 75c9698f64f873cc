import { badRequest, resourceExpired } from "@kube-ts/api/status-error";
import type { Revision } from "../storage/store.ts";

/** Where the next page of a list starts, and the state it belongs to. */
export interface ContinuePoint {
  /** Undefined for the latest state: the client goes on with a list whose own state is gone. */
  readonly revision: Revision | undefined;
  /** The last key already listed. */
  readonly afterKey: string;
}

const version = "meta.k8s.io/v1";
const afterMark = "\u0000";
/** Stands for the latest state. */
const latest = -1;

/** The token clients send back to get the next page; opaque to them. */
export function encodeContinueToken(point: ContinuePoint): string {
  const json = JSON.stringify({ v: version, rv: Number(point.revision ?? latest), start: point.afterKey + afterMark });
  return Buffer.from(json).toString("base64url");
}

const refuse = (problem: string, cause?: unknown) =>
  badRequest(`invalid continue token: continue key is not valid: ${problem}`, cause);

/** Reads a token back. Throws BadRequest for anything that this server did not make. */
export function decodeContinueToken(token: string): ContinuePoint {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(token, "base64url").toString());
  } catch (cause) {
    throw refuse("it is not JSON", cause);
  }
  if (typeof parsed !== "object" || parsed === null) throw refuse("not an object");
  const { v, rv, start } = parsed as { v?: unknown; rv?: unknown; start?: unknown };
  if (v !== version) throw refuse("server does not recognize this encoded version");
  if (typeof start !== "string" || start === "" || start.includes("../")) {
    throw refuse("encoded continue key is missing or climbs the tree");
  }
  if (typeof rv !== "number" || !Number.isSafeInteger(rv) || (rv <= 0 && rv !== latest)) {
    throw refuse("incorrect encoded start resourceVersion");
  }
  const afterKey = start.endsWith(afterMark) ? start.slice(0, -1) : start;
  return { revision: rv === latest ? undefined : BigInt(rv), afterKey };
}

/** What a client is told when the state of its continue token is gone; it comes with a token to go on nevertheless. */
export function expiredContinue(afterKey: string): Error {
  return resourceExpired(
    "The provided continue parameter is too old to display a consistent list result. " +
      "You can start a new list without the continue parameter, or use the continue token in this response to retrieve " +
      "the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that " +
      "were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.",
    encodeContinueToken({ revision: undefined, afterKey }),
  );
}

/** What a client is told when the state at the version that it asked for is gone. */
export function expiredVersion(): Error {
  return resourceExpired("The resourceVersion for the provided list is too old.");
}
