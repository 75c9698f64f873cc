import { ServerResponse } from "@kube-ts/std/node-http";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { endAfterAnswer, upgradeKind } from "@kube-ts/client/streaming/upgrade-server";
import type { Logger } from "@kube-ts/std/log";
import { resourceNotFound } from "@kube-ts/api/status-error";
import type { Connection } from "../endpoints/connection-admission.ts";
import { requestInfoOf } from "../endpoints/request-info.ts";
import type { RequestInfo, ResourceRequest } from "../endpoints/request-info.ts";
import { asApiError, sendError, switchingProtocols } from "../endpoints/respond.ts";
import type { UpgradeHandler } from "../endpoints/upgrade.ts";
import { type AuditTrail, type RequestHandler, auditFailure, auditIdOf } from "./request-handler.ts";
import type { RequestMetrics } from "./request-metrics.ts";

/** How long authentication, authorization and the backend may take to agree to a protocol switch. */
const agreeMs = 30_000;

/** The server behind this one that answers for a group-version; it is asked before anything here. */
type ServersBehind = (group: string, version: string) => Pick<UpgradeHandler, "upgrade"> | undefined;

/** Sends requests to switch protocols through the same checks as any request, then to their handler. */
export class UpgradeRouter {
  readonly #handler: RequestHandler;
  readonly #routes: ReadonlyMap<string, UpgradeHandler>;
  readonly #behind: ServersBehind;
  readonly #admit: (connection: Connection) => Promise<void>;
  readonly #metrics: Pick<RequestMetrics, "enterLongRunning" | "observe">;
  readonly #log: Logger;
  readonly #signal: AbortSignal;

  constructor(
    handler: RequestHandler,
    upgrades: readonly UpgradeHandler[],
    admit: (connection: Connection) => Promise<void>,
    behind: ServersBehind,
    metrics: Pick<RequestMetrics, "enterLongRunning" | "observe">,
    log: Logger,
    signal: AbortSignal,
  ) {
    this.#admit = admit;
    this.#behind = behind;
    this.#handler = handler;
    this.#routes = new Map(upgrades.map((entry) => [`${entry.group}/${entry.path}`, entry]));
    this.#metrics = metrics;
    this.#log = log;
    this.#signal = signal;
  }

  /** Whether the request may switch protocols. Others that offer to do so are answered as if they did not. */
  takes(request: IncomingMessage): boolean {
    let info: RequestInfo;
    try {
      info = requestInfoOf(request);
    } catch {
      return false;
    }
    if (info.kind !== "resource") return false;
    if (this.#behind(info.group, info.version) || this.#route(info)) return true;
    return info.verb === "watch" && upgradeKind(request) === "websocket";
  }

  /** Answers the request; never rejects. */
  async handle(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => socket.destroy());
    let info: RequestInfo | undefined;
    const trail: AuditTrail = { auditId: auditIdOf(request), audit: undefined };
    let code = switchingProtocols;
    try {
      info = requestInfoOf(request);
      if (this.#isWatch(info)) {
        await this.#handler.handle(request, answerOn(request, socket), { socket, head });
        return;
      }
      await this.#upgrade(request, socket, head, info, trail);
    } catch (error) {
      const failure = asApiError(error);
      code = failure.code;
      if (code >= 500) this.#log.warn("upgrade failed", { url: request.url, error });
      if (trail.audit) auditFailure(trail.audit, failure, socket.destroyed ? failure : error);
      answer(request, socket, failure);
      trail.audit?.complete(failure.code);
    }
    this.#metrics.observe(request, info, { code, durationMs: 0, waitedMs: 0, answerBytes: 0, terminated: false });
  }

  #route({ group, resource, subresource }: ResourceRequest): UpgradeHandler | undefined {
    return this.#routes.get(`${group}/${resource}/${subresource}`);
  }

  /** Whether it is for a watch here, which passes all that an ordinary request passes. */
  #isWatch(info: RequestInfo): boolean {
    return info.kind === "resource" && info.verb === "watch" && !this.#behind(info.group, info.version);
  }

  /** Resolves when the connection has ended. */
  async #upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    info: RequestInfo,
    trail: AuditTrail,
  ): Promise<void> {
    const limited = AbortSignal.any([this.#signal, AbortSignal.timeout(agreeMs)]);
    const user = await this.#handler.identify(request, info, limited, trail);
    const { audit } = trail;
    audit?.followSocket(socket);
    if (info.kind !== "resource") throw resourceNotFound();
    using _counted = this.#metrics.enterLongRunning(info);
    const behind = this.#behind(info.group, info.version);
    if (behind) {
      await behind.upgrade({ request, socket, head, info, user, signal: this.#signal });
      return;
    }
    const route = this.#route(info);
    if (!route) throw resourceNotFound();
    if (route.creates && info.verb === "get")
      await this.#handler.authorize(user, { ...info, verb: "create" }, limited, audit);
    if (!route.reads) await this.#admit({ info, user, signal: limited, audit, warn: () => {} });
    await route.upgrade({ request, socket, head, info, user, signal: this.#signal });
  }
}

/** An ordinary answer on a socket that was offered for another protocol; it ends the socket. */
function answerOn(request: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket as Socket);
  response.on("finish", () => endAfterAnswer(socket));
  return response;
}

/** Writes an ordinary answer on a socket that was offered for another protocol, and ends it. */
function answer(request: IncomingMessage, socket: Duplex, failure: Parameters<typeof sendError>[1]): void {
  if (socket.destroyed || !socket.writable) return;
  sendError(answerOn(request, socket), failure);
}
