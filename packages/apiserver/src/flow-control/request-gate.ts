import type { UserInfo } from "../auth/user.ts";
import type { RequestPlace } from "../endpoints/exchange.ts";
import type { RequestInfo } from "../endpoints/request-info.ts";

/** A request's place until it is disposed of, which may be done several times. */
export interface Place extends RequestPlace, Disposable {}

/** Decides when a request may go on. */
export interface RequestGate {
  /**
   * Answers a place, at once or when the request may go on; undefined if its number is not limited. `timeoutMs` is undefined
   * for a long-running request. Throws or rejects with an Overload when the request is refused.
   */
  enter(
    user: UserInfo,
    info: RequestInfo,
    signal: AbortSignal,
    timeoutMs: number | undefined,
  ): Place | Promise<Place> | undefined;
}
