import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { formatDuration } from "@kube-ts/std/duration";
import type { UserInfo } from "../auth/user.ts";
import type { AuditEvent, AuditStage, ObjectReference, ResponseStatus } from "./audit-event.ts";
import { withoutManagedFields } from "./managed-fields.ts";
import type { Recording } from "./policy-rules.ts";
import type { RequestAudit } from "./request-audit.ts";
import { sourceIps } from "./source-ips.ts";
import type { TimedStep } from "./step-timer.ts";

/** What is known of a request when it begins. */
export interface RequestBegin {
  readonly request: IncomingMessage;
  readonly verb: string;
  readonly auditId: string;
  readonly user: UserInfo | undefined;
  readonly recording: Recording;
  readonly objectRef: ObjectReference | undefined;
  readonly receivedMs: number;
}

/** Takes events of a request; false when one is lost that must not be. */
export interface EventSink {
  send(event: AuditEvent): boolean | Promise<boolean>;
  /** Milliseconds on a clock that never jumps. */
  monotonicMs(): number;
}

interface Metadata {
  readonly name?: unknown;
  readonly namespace?: unknown;
  readonly uid?: unknown;
  readonly resourceVersion?: unknown;
}

const maxUserAgent = 1024;
const latencyPrefix = "apiserver.latency.k8s.io/";
const explainedFromMs = 500;

/** Follows one request and sends an event for each of its stages. */
export class AuditedRequest implements RequestAudit {
  readonly keepsRequest: boolean;
  readonly keepsResponse: boolean;
  readonly #begin: RequestBegin;
  readonly #sink: EventSink;
  readonly #beganAt: number;
  readonly #sourceIps: readonly string[];
  #impersonated: UserInfo | undefined;
  #constraint: string | undefined;
  #objectRef: ObjectReference | undefined;
  #status: ResponseStatus | undefined;
  #requestObject: string | undefined;
  #responseObject: string | undefined;
  #annotations: Record<string, string> | undefined;
  #spent: Map<TimedStep, number> | undefined;
  #panicked = false;
  #isLongRunning = false;
  #hasStarted = false;
  #isComplete = false;

  constructor(begin: RequestBegin, sink: EventSink) {
    const { level } = begin.recording;
    this.keepsRequest = level === "Request" || level === "RequestResponse";
    this.keepsResponse = level === "RequestResponse";
    this.#begin = begin;
    this.#sink = sink;
    this.#beganAt = sink.monotonicMs();
    this.#sourceIps = sourceIps(begin.request);
    this.#objectRef = begin.objectRef;
  }

  impersonates(user: UserInfo, constraint: string | undefined): void {
    this.#impersonated = user;
    this.#constraint = constraint;
  }

  annotate(key: string, value: string): void {
    this.#annotations ??= {};
    if (!Object.hasOwn(this.#annotations, key)) this.#annotations[key] = value;
  }

  spent(step: TimedStep, ms: number): void {
    if (ms <= 0) return;
    this.#spent ??= new Map();
    this.#spent.set(step, (this.#spent.get(step) ?? 0) + ms);
  }

  async during<T>(step: TimedStep, work: Promise<T>): Promise<T> {
    const startedMs = this.#sink.monotonicMs();
    try {
      return await work;
    } finally {
      this.spent(step, this.#sink.monotonicMs() - startedMs);
    }
  }

  within<T>(step: TimedStep, work: () => T): T {
    const startedMs = this.#sink.monotonicMs();
    try {
      return work();
    } finally {
      this.spent(step, this.#sink.monotonicMs() - startedMs);
    }
  }

  requestObject(object: object): void {
    const { metadata } = object as { readonly metadata?: Metadata };
    if (this.#objectRef && metadata) this.#objectRef = completed(this.#objectRef, metadata);
    if (this.keepsRequest) this.#requestObject = this.#shown(object);
  }

  requestPatch(patch: unknown): void {
    if (this.keepsRequest) this.#requestObject = JSON.stringify(patch);
  }

  responseJson(json: Buffer): void {
    if (!this.keepsResponse) return;
    const text = json.toString();
    this.#responseObject = this.#begin.recording.omitManagedFields ? this.#shown(JSON.parse(text) as object) : text;
  }

  status({ status, message, reason, details, code }: ResponseStatus): void {
    this.#status = {
      ...(status !== undefined && { status }),
      ...(message !== undefined && { message }),
      ...(reason !== undefined && { reason }),
      ...(details !== undefined && { details }),
      ...(code !== undefined && { code }),
    };
  }

  panicked(error: unknown): void {
    // What the error says may repeat what the client sent.
    const message = `APIServer panic'd: ${error instanceof Error ? error.name : typeof error}`;
    this.#panicked = true;
    this.#status = { status: "Failure", message, reason: "InternalError", code: 500 };
  }

  received(): boolean | Promise<boolean> {
    return this.#send("RequestReceived");
  }

  /** Nobody knows who sent it: the refusal is its only event. */
  refused(): void {
    void this.#send("ResponseStarted");
  }

  followResponse(response: ServerResponse): void {
    this.#isLongRunning = true;
    // Whoever answers comes by here, also by writing a body without a head.
    const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
    response.writeHead = (...args: unknown[]): ServerResponse => {
      const written = writeHead(...args);
      this.#started(response.statusCode);
      return written;
    };
  }

  followSocket(socket: Duplex): void {
    this.#isLongRunning = true;
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
    let code: number | undefined;
    socket.write = (...args: unknown[]): boolean => {
      if (!this.#hasStarted) {
        const head = Buffer.isBuffer(args[0]) ? args[0].toString("latin1", 0, 16) : String(args[0]).slice(0, 16);
        code = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 101);
        this.#started(code);
      }
      return write(...args);
    };
    socket.once("close", () => this.complete(code));
  }

  #started(code: number): void {
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    this.#status = { ...this.#status, code };
    void this.#send("ResponseStarted");
  }

  complete(code: number | undefined): void {
    if (this.#isComplete) return;
    this.#isComplete = true;
    if (code === undefined) {
      this.#status ??= { status: "Success", message: "Connection closed early", code: 200 };
      if (this.#isLongRunning && !this.#hasStarted) void this.#send("ResponseStarted");
    } else if (!this.#panicked) this.#status = { ...this.#status, code };
    this.#explainTime();
    void this.#send(this.#panicked ? "Panic" : "ResponseComplete");
  }

  /** Annotates a request that took long with the steps that are known. */
  #explainTime(): void {
    const totalMs = this.#sink.monotonicMs() - this.#beganAt;
    if (totalMs <= explainedFromMs || !this.#spent) return;
    for (const [step, ms] of this.#spent) this.annotate(latencyPrefix + step, formatDuration(ms));
    this.annotate(`${latencyPrefix}total`, formatDuration(totalMs));
  }

  #shown(value: object): string {
    return JSON.stringify(this.#begin.recording.omitManagedFields ? withoutManagedFields(value) : value);
  }

  #send(stage: AuditStage): boolean | Promise<boolean> {
    const { recording } = this.#begin;
    return recording.omitStages.has(stage) || this.#sink.send(this.#event(stage));
  }

  #event(stage: AuditStage): AuditEvent {
    const { request, verb, auditId, user, recording, receivedMs } = this.#begin;
    const userAgent = request.headers["user-agent"] ?? "";
    return {
      level: recording.level,
      auditId,
      stage,
      requestUri: request.url ?? "",
      verb,
      user,
      impersonatedUser: this.#impersonated,
      impersonationConstraint: this.#constraint,
      sourceIps: this.#sourceIps,
      userAgent: userAgent.length > maxUserAgent ? `${userAgent.slice(0, maxUserAgent)}...TRUNCATED` : userAgent,
      objectRef: this.#objectRef,
      responseStatus: this.#status,
      requestObject: this.#requestObject,
      responseObject: this.#responseObject,
      receivedMs,
      stageMs: receivedMs + Math.max(0, this.#sink.monotonicMs() - this.#beganAt),
      // Later stages add to them.
      annotations: this.#annotations && { ...this.#annotations },
    };
  }
}

/** What the URL leaves open, from the object. */
function completed(reference: ObjectReference, metadata: Metadata): ObjectReference {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return {
    ...reference,
    namespace: reference.namespace || text(metadata.namespace),
    name: reference.name || text(metadata.name),
    uid: reference.uid || text(metadata.uid),
    resourceVersion: reference.resourceVersion || text(metadata.resourceVersion),
  };
}
