import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import { type ApiError, apiError, findApiError, timeout, unauthorized } from "@kube-ts/api/status-error";
import type { Auditing, RequestAudit } from "../audit/request-audit.ts";
import type { AuthenticationNotes, Authenticator } from "../auth/authenticator.ts";
import type { AuthorizationDecision, Authorizer } from "../auth/authorizer.ts";
import { refusedRequest } from "../auth/forbidden.ts";
import { credentialsOf } from "../auth/request-credentials.ts";
import { Impersonator } from "../auth/impersonation/impersonator.ts";
import { type UserInfo, anonymousUser } from "../auth/user.ts";
import type { ApiRouter } from "../endpoints/api-router.ts";
import type { Exchange, OfferedSocket } from "../endpoints/exchange.ts";
import { Overload } from "../flow-control/overload.ts";
import type { RequestGate } from "../flow-control/request-gate.ts";
import { requestInfoOf } from "../endpoints/request-info.ts";
import type { RequestInfo } from "../endpoints/request-info.ts";
import { asApiError, hasAnswered, sendError } from "../endpoints/respond.ts";
import { authorizationAttributes } from "./authorization-attributes.ts";
import { OverloadAnswers } from "./overload-answers.ts";
import type { PathRoutes } from "./path-routes.ts";
import type { RequestMetrics } from "./request-metrics.ts";
import type { UnknownConnections } from "./unknown-connections.ts";

export interface RequestHandlerParts {
  /** Undefined where no records of requests are kept. */
  readonly audit: Auditing | undefined;
  readonly authenticator: Authenticator;
  /** Judges requests. */
  readonly authorizer: Authorizer;
  /** Judges who may act as whom. */
  readonly impersonation: Authorizer;
  readonly router: ApiRouter;
  readonly paths: PathRoutes;
  readonly metrics: RequestMetrics;
  /** Decides when a request may go on. */
  readonly gate: RequestGate;
  /** Loses the connections on which requests are authenticated. */
  readonly unknown: Pick<UnknownConnections, "acquaint">;
  readonly log: Logger;
  readonly clock: Clock;
  /** Requests that are not long-running are given up after this long. */
  readonly requestTimeoutMs: number;
  /** Aborts when long-running requests have to end; all others have their deadlines. */
  readonly signal: AbortSignal;
}

/** Profiles take as long as whoever asks for them says. */
const profilesPath = "/debug/pprof/";

/** How a request is named, and its record once there is one. */
export interface AuditTrail {
  readonly auditId: string;
  audit: RequestAudit | undefined;
  /** What the answer warns of; absent where it has no place for that. */
  readonly warnings?: string[];
}

/** What the answer says in any case, whatever becomes of the request. */
interface Told extends AuditTrail {
  readonly warnings: string[];
  headers: Readonly<Record<string, string>> | undefined;
  /** Whether the request was given up: there were too many, or its time was up. */
  terminated: boolean;
  /** How long the request waited for its turn. */
  waitedMs: number;
}

/**
 * The chain every request passes: what it is, who sent it, whether it is its turn, whether they may, and then the code
 * that answers. Every failure ends as a Status, but for upstream's plain words that there are too many requests.
 */
export class RequestHandler {
  readonly #parts: RequestHandlerParts;
  readonly #impersonator: Impersonator;
  readonly #overloads: OverloadAnswers;
  /** Of the requests being answered; one listener on the server's signal serves all that may take long. */
  readonly #deadlines = new Set<RequestDeadline>();

  constructor(parts: RequestHandlerParts) {
    this.#parts = parts;
    this.#impersonator = new Impersonator(parts.impersonation);
    this.#overloads = new OverloadAnswers(parts.clock, parts.signal);
    const stop = () => {
      for (const deadline of this.#deadlines) if (!deadline.bounded) deadline.abort(serverStopping());
    };
    parts.signal.addEventListener("abort", stop, { once: true });
  }

  /** How many requests that have to end in time are being answered. */
  get shortRequests(): number {
    return [...this.#deadlines].filter((deadline) => deadline.bounded).length;
  }

  /** Answers the request, on the offered socket where it asks to switch protocols; never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse, offered?: OfferedSocket): Promise<void> {
    const { clock, metrics } = this.#parts;
    const startedMs = clock.monotonicMs();
    const { socket } = request;
    const sentBefore = socket.bytesWritten;
    const told: Told = {
      auditId: auditIdOf(request),
      audit: undefined,
      warnings: [],
      headers: undefined,
      terminated: false,
      waitedMs: 0,
    };
    let info: RequestInfo | undefined;
    try {
      info = requestInfoOf(request);
      await this.#serve(request, response, info, told, offered);
    } catch (error) {
      // What is left of the body is not waited for.
      if (!request.complete) response.shouldKeepAlive = false;
      await this.#fail(error, response, info, told);
    } finally {
      told.audit?.complete(hasAnswered(response) ? response.statusCode : undefined);
      const answerBytes = socket.bytesWritten - sentBefore;
      const durationMs = clock.monotonicMs() - startedMs;
      const { terminated, waitedMs } = told;
      metrics.observe(request, info, { code: response.statusCode, durationMs, waitedMs, answerBytes, terminated });
    }
  }

  /** Tells the client what went wrong. */
  async #fail(error: unknown, response: ServerResponse, info: RequestInfo | undefined, told: Told): Promise<void> {
    if (error instanceof Overload) {
      told.terminated = true;
      await this.#overloads.send(response, error, told.auditId);
      return;
    }
    const failure = asApiError(error);
    const fields = { auditId: told.auditId, path: info?.path, error };
    if (failure.code >= 500 && !response.destroyed) this.#parts.log.warn("request failed", fields);
    if (told.audit) auditFailure(told.audit, failure, response.destroyed ? failure : error);
    sendError(response, failure, told);
  }

  async #serve(
    request: IncomingMessage,
    response: ServerResponse,
    info: RequestInfo,
    told: Told,
    offered: OfferedSocket | undefined,
  ): Promise<void> {
    using deadline = this.#deadline(response, info);
    using _counted = deadline.bounded ? undefined : this.#parts.metrics.enterLongRunning(info);
    const { signal } = deadline;
    try {
      signal.throwIfAborted();
      const user = await this.#authenticate(request, info, signal, told, !deadline.bounded);
      if (offered) told.audit?.followSocket(offered.socket);
      else if (!deadline.bounded) told.audit?.followResponse(response);
      const entered = this.#parts.gate.enter(user, info, signal, deadline.timeoutMs);
      using place = entered instanceof Promise ? await this.#turn(entered, told) : entered;
      told.headers = place?.headers;
      const { audit, auditId, warnings } = told;
      await this.authorize(user, info, signal, audit);
      const nowMs = this.#parts.clock.now();
      const exchange: Exchange = {
        request,
        response,
        info,
        auditId,
        user,
        signal,
        nowMs,
        warnings,
        audit,
        place,
        offered,
      };
      if (info.kind === "resource") await this.#parts.router.route(exchange, info);
      else {
        // Not all of these answer through the exchange.
        for (const name in told.headers) response.setHeader(name, told.headers[name] ?? "");
        await this.#parts.paths.route(exchange, info);
      }
    } catch (error) {
      if (deadline.expired) {
        told.terminated = true;
        throw timeout("request did not complete within the allotted timeout", 0);
      }
      throw error;
    }
  }

  async #turn<T>(entered: Promise<T>, told: Told): Promise<T> {
    const { clock } = this.#parts;
    const startedMs = clock.monotonicMs();
    try {
      return await entered;
    } finally {
      told.waitedMs = clock.monotonicMs() - startedMs;
      told.audit?.spent("apf-queue-wait", told.waitedMs);
    }
  }

  /** Who the request acts as, once they are known to be allowed to make it. Throws 401 or 403. */
  async identify(
    request: IncomingMessage,
    info: RequestInfo,
    signal: AbortSignal,
    trail: AuditTrail,
  ): Promise<UserInfo> {
    const user = await this.#authenticate(request, info, signal, trail, true);
    await this.authorize(user, info, signal, trail.audit);
    return user;
  }

  async #authenticate(
    request: IncomingMessage,
    info: RequestInfo,
    signal: AbortSignal,
    trail: AuditTrail,
    isLongRunning: boolean,
  ): Promise<UserInfo> {
    const { authenticator, unknown, log, audit, clock } = this.#parts;
    const startedMs = audit ? clock.monotonicMs() : 0;
    const outcome = await authenticator.authenticate(credentialsOf(request), signal);
    if (outcome.kind !== "user") {
      if (outcome.kind === "refused") log.debug("authentication refused", { reason: outcome.reason });
      const annotations = outcome.kind === "refused" ? outcome.notes?.annotations : undefined;
      audit?.unauthenticated({ request, info, auditId: trail.auditId }, annotations);
      throw unauthorized();
    }
    if (outcome.user !== anonymousUser) unknown.acquaint(request.socket);
    if (audit) {
      const authenticatedMs = clock.monotonicMs() - startedMs;
      const begun = audit.begin({ request, info, user: outcome.user, auditId: trail.auditId, isLongRunning });
      trail.audit = begun instanceof Promise ? await begun : begun;
      trail.audit?.spent("authentication", authenticatedMs);
    }
    if (outcome.notes) note(outcome.notes, trail);
    const attributes = (user: UserInfo) => authorizationAttributes(user, info);
    const acting = this.#impersonator.actAs(request, attributes, outcome.user, signal);
    const { user, constraint } = acting instanceof Promise ? await acting : acting;
    if (user !== outcome.user) trail.audit?.impersonates(user, constraint);
    return user;
  }

  /** Throws 403 when the user may not do this. */
  async authorize(
    user: UserInfo,
    info: RequestInfo,
    signal: AbortSignal,
    audit: RequestAudit | undefined,
  ): Promise<void> {
    const attributes = authorizationAttributes(user, info);
    const startedMs = audit ? this.#parts.clock.monotonicMs() : 0;
    const answer = await this.#parts.authorizer.authorize(attributes, signal);
    if (audit) {
      audit.spent("authorization", this.#parts.clock.monotonicMs() - startedMs);
      auditDecision(audit, answer);
    }
    if (answer.decision !== "allow") throw refusedRequest(attributes, answer);
  }

  #deadline(response: ServerResponse, info: RequestInfo): RequestDeadline {
    const longRunning =
      info.kind === "resource" ? this.#parts.router.isLongRunning(info) : info.path.startsWith(profilesPath);
    const deadline = new RequestDeadline(response, this.#deadlines, longRunning ? undefined : this.#timeoutMs(info));
    if (longRunning && this.#parts.signal.aborted) deadline.abort(serverStopping());
    return deadline;
  }

  /** The client's own timeout where it is shorter than the server's. */
  #timeoutMs({ query }: RequestInfo): number {
    const { requestTimeoutMs } = this.#parts;
    const match = /^(\d+)(ms|s|m)?$/.exec(query.get("timeout") ?? "");
    if (!match) return requestTimeoutMs;
    const unitMs = match[2] === "ms" ? 1 : match[2] === "m" ? 60_000 : 1_000;
    return Math.min(requestTimeoutMs, Number(match[1]) * unitMs || requestTimeoutMs);
  }
}

/** Aborts a request's signal when the client leaves, the time is up or the server stops. */
class RequestDeadline implements Disposable {
  readonly #controller = new AbortController();
  readonly #response: ServerResponse;
  readonly #running: Set<RequestDeadline>;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #onClose = () => this.abort(new Error("the client went away"));
  #expired = false;

  /** How much time the request has; undefined for a long-running one. */
  readonly timeoutMs: number | undefined;

  /** Is a member of `running` until it is disposed of. */
  constructor(response: ServerResponse, running: Set<RequestDeadline>, timeoutMs: number | undefined) {
    this.#response = response;
    this.#running = running;
    this.timeoutMs = timeoutMs;
    running.add(this);
    response.on("close", this.#onClose);
    if (timeoutMs === undefined) return;
    this.#timer = setTimeout(() => {
      this.#expired = true;
      this.abort(new Error("request timed out"));
    }, timeoutMs);
  }

  abort(reason: Error): void {
    this.#controller.abort(reason);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the request has to end in time; a long-running one has not. */
  get bounded(): boolean {
    return this.#timer !== undefined;
  }

  get expired(): boolean {
    return this.#expired;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#running.delete(this);
    this.#response.removeListener("close", this.#onClose);
  }
}

function serverStopping(): Error {
  return apiError({ code: 503, reason: "ServiceUnavailable", message: "apiserver is shutting down" });
}

/** Passes on what is to be said of the credentials. */
function note({ annotations, warning }: AuthenticationNotes, { audit, warnings }: AuditTrail): void {
  for (const [key, value] of Object.entries(annotations)) audit?.annotate(key, value);
  if (warning !== undefined) warnings?.push(warning);
}

/** Of those whom nobody allows, a failure of those who might have is told in place of their reasons. */
function auditDecision(audit: RequestAudit, { decision, reason, problem }: AuthorizationDecision): void {
  const failed = decision !== "allow" && problem !== undefined;
  if (!failed) audit.annotate("authorization.k8s.io/decision", decision === "allow" ? "allow" : "forbid");
  audit.annotate("authorization.k8s.io/reason", failed ? "internal error" : reason);
}

/** Records the Status that answers for an error. */
export function auditFailure(audit: RequestAudit, { status }: ApiError, error: unknown): void {
  if (findApiError(error)) audit.status(status);
  else audit.panicked(error);
  if (audit.keepsResponse) audit.responseJson(Buffer.from(JSON.stringify(status)));
}

/** By what the request is named: the client's own name for it where that is usable. */
export function auditIdOf(request: IncomingMessage): string {
  const given = request.headers["audit-id"];
  return typeof given === "string" && /^[A-Za-z0-9-]{1,64}$/.test(given) ? given : randomUUID();
}
