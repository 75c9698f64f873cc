import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { UserInfo } from "../auth/user.ts";
import type { ResourceRequest } from "./request-info.ts";

/** A request to switch protocols, authenticated and authorized. */
export interface UpgradeExchange {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What the client sent after its request. */
  readonly head: Buffer;
  readonly info: ResourceRequest;
  readonly user: UserInfo;
  /** Aborts when the server stops. */
  readonly signal: AbortSignal;
}

/** Answers requests to switch protocols on one subresource. */
export interface UpgradeHandler {
  readonly group: string;
  /** `pods/exec`. */
  readonly path: string;
  /** Whether a handshake, which is a GET, starts what is a create, and takes that permission, too. */
  readonly creates?: boolean;
  /** Whether it only reads, so that admission has no say. */
  readonly reads?: boolean;
  /** Takes the socket over, or throws an `ApiError` before a byte was written to it. */
  upgrade(exchange: UpgradeExchange): Promise<void>;
}
