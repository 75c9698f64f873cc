import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import { goQuote } from "@kube-ts/api/go-quote";
import { apiError } from "@kube-ts/api/status-error";
import type { Clock } from "@kube-ts/std/clock";
import type { UserInfo } from "../auth/user.ts";
import type { RequestInfo } from "../endpoints/request-info.ts";
import type { AuditBackend } from "./audit-backend.ts";
import type { AuditEvent, ObjectReference } from "./audit-event.ts";
import type { AuditMetrics } from "./audit-metrics.ts";
import { AuditedRequest, type EventSink } from "./audited-request.ts";
import { type CompiledRule, type Recording, recordingOf } from "./policy-rules.ts";
import type { AuditableRequest, Auditing, RequestAudit } from "./request-audit.ts";

export interface AuditorParts {
  readonly rules: readonly CompiledRule[];
  readonly backend: AuditBackend;
  readonly metrics: AuditMetrics;
  readonly clock: Clock;
  /** The name that a request is pinned to by its query; empty for none. */
  readonly pinnedName: (user: UserInfo, info: RequestInfo) => string;
}

const nobody: UserInfo = { name: "", uid: "", groups: [], extra: {} };

/** Decides what is recorded of requests, and hands their events to the back ends. */
export class Auditor implements Auditing, EventSink {
  readonly #parts: AuditorParts;

  constructor(parts: AuditorParts) {
    this.#parts = parts;
  }

  begin(request: AuditableRequest): RequestAudit | undefined | Promise<RequestAudit | undefined> {
    const audited = this.#audited(request, request.user);
    if (!audited) return undefined;
    const kept = audited.received();
    if (kept === true) return audited;
    if (kept === false) throw this.#lost(request.request);
    return kept.then((isKept) => {
      if (!isKept) throw this.#lost(request.request);
      return audited;
    });
  }

  unauthenticated(
    request: Pick<AuditableRequest, "request" | "info" | "auditId">,
    annotations: Readonly<Record<string, string>> = {},
  ): void {
    const audited = this.#audited(request, undefined);
    for (const [key, value] of Object.entries(annotations)) audited?.annotate(key, value);
    audited?.status({ status: "Failure", message: attempts(request.request), reason: "Unauthorized", code: 401 });
    audited?.refused();
  }

  send(event: AuditEvent): boolean | Promise<boolean> {
    this.#parts.metrics.event();
    return this.#parts.backend.process(event);
  }

  monotonicMs(): number {
    return this.#parts.clock.monotonicMs();
  }

  #audited(
    { request, info, auditId }: Pick<AuditableRequest, "request" | "info" | "auditId">,
    user: UserInfo | undefined,
  ): AuditedRequest | undefined {
    const { rules, metrics, clock, pinnedName } = this.#parts;
    const recording: Recording | undefined = recordingOf(rules, user, info);
    metrics.level(recording?.level ?? "None");
    if (!recording || recording.level === "None") return undefined;
    const objectRef = referenceOf(info, () => pinnedName(user ?? nobody, info));
    const { verb } = info;
    return new AuditedRequest({ request, verb, auditId, user, recording, objectRef, receivedMs: clock.now() }, this);
  }

  #lost(request: IncomingMessage): Error {
    this.#parts.metrics.rejected();
    const message = `Internal Server Error: ${goQuote(request.url ?? "")}: failed to store audit event`;
    return apiError({ code: 500, reason: "InternalError", message });
  }
}

function referenceOf(info: RequestInfo, pinnedName: () => string): ObjectReference | undefined {
  if (info.kind !== "resource") return undefined;
  const { resource, namespace, name, group, version, subresource, query } = info;
  const named = name !== "" || !query.has("fieldSelector") ? name : pinnedName();
  return {
    resource,
    namespace,
    name: named,
    uid: "",
    apiGroup: group,
    apiVersion: version,
    resourceVersion: "",
    subresource,
  };
}

/** By which means somebody tried to be known. */
function attempts({ headers, url = "", socket }: IncomingMessage): string {
  const methods: string[] = [];
  const scheme = (headers.authorization ?? "").trim().split(" ", 1)[0]?.toLowerCase();
  if (scheme === "basic" || scheme === "bearer") methods.push(scheme);
  if (/[?&]access_token=[^&]/.test(url)) methods.push("access_token");
  const { getPeerCertificate } = socket as Partial<TLSSocket>;
  if (getPeerCertificate?.call(socket)?.raw) methods.push("x509");
  return methods.length > 0
    ? `Authentication failed, attempted: ${methods.join(", ")}`
    : "Authentication failed, no credentials provided";
}
