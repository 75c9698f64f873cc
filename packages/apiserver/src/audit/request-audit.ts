import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { UserInfo } from "../auth/user.ts";
import type { RequestInfo } from "../endpoints/request-info.ts";
import type { ResponseStatus } from "./audit-event.ts";
import type { StepTimer, TimedStep } from "./step-timer.ts";

/** What the audit is told of a request when it begins. */
export interface AuditableRequest {
  readonly request: IncomingMessage;
  readonly info: RequestInfo;
  /** Who sent it; whoever it acts as is told later. */
  readonly user: UserInfo;
  readonly auditId: string;
  /** Whether the begin of its answer is an event of its own. */
  readonly isLongRunning: boolean;
}

/** Keeps a record of requests. */
export interface Auditing {
  /** Undefined for a request of which nothing is kept. Throws an InternalError where the record cannot be kept and has to. */
  begin(request: AuditableRequest): RequestAudit | undefined | Promise<RequestAudit | undefined>;
  /** Records that nobody knows who sent the request, with the annotations. */
  unauthenticated(
    request: Pick<AuditableRequest, "request" | "info" | "auditId">,
    annotations?: Readonly<Record<string, string>>,
  ): void;
}

/** The record of one request. */
export interface RequestAudit extends StepTimer {
  /** Whether it holds the body of the request. */
  readonly keepsRequest: boolean;
  /** Whether it holds the body of the answer. */
  readonly keepsResponse: boolean;
  /** The request acts as this user; `constraint` is the permission by which it does so for a purpose. */
  impersonates(user: UserInfo, constraint: string | undefined): void;
  /** Adds an annotation; the first value of a key stays. */
  annotate(key: string, value: string): void;
  /** Adds to the time that a step took; the record of a request that takes long says where its time went. */
  spent(step: TimedStep, ms: number): void;
  /** The object in the request, which is read at once. What it is about is kept at every level. */
  requestObject(object: object): void;
  /** The body of the request as parsed JSON, read at once. */
  requestPatch(patch: unknown): void;
  /** The answer's JSON. */
  responseJson(json: Buffer): void;
  /** The Status that is the answer. */
  status(status: ResponseStatus): void;
  /** Nobody expected what went wrong. */
  panicked(error: unknown): void;
  /** Has the begin of the answer told; for a long-running request. */
  followResponse(response: ServerResponse): void;
  /** As `followResponse`, for a protocol switch; the request is then complete when the socket is closed. */
  followSocket(socket: Duplex): void;
  /** The request is over; `code` is the status code that was sent, undefined for none. */
  complete(code: number | undefined): void;
}
