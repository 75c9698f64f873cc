import { goQuote } from "@kube-ts/api/go-quote";
import type { Status } from "@kube-ts/api/meta/v1";
import type { UserInfo } from "../auth/user.ts";

export const auditLevels = ["None", "Metadata", "Request", "RequestResponse"] as const;
export type AuditLevel = (typeof auditLevels)[number];

export const auditStages = ["RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"] as const;
export type AuditStage = (typeof auditStages)[number];

/** What a request is about; empty texts stand for what is not known. */
export interface ObjectReference {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly apiGroup: string;
  readonly apiVersion: string;
  readonly resourceVersion: string;
  readonly subresource: string;
}

export type ResponseStatus = Pick<Status, "status" | "message" | "reason" | "details" | "code">;

/** One record: `Event` of audit.k8s.io/v1. It never changes. */
export interface AuditEvent {
  readonly level: AuditLevel;
  readonly auditId: string;
  readonly stage: AuditStage;
  readonly requestUri: string;
  readonly verb: string;
  readonly user: UserInfo | undefined;
  readonly impersonatedUser: UserInfo | undefined;
  readonly impersonationConstraint: string | undefined;
  readonly sourceIps: readonly string[];
  readonly userAgent: string;
  readonly objectRef: ObjectReference | undefined;
  readonly responseStatus: ResponseStatus | undefined;
  /** JSON texts. */
  readonly requestObject: string | undefined;
  readonly responseObject: string | undefined;
  /** Milliseconds since the epoch, with fractions. */
  readonly receivedMs: number;
  readonly stageMs: number;
  readonly annotations: Readonly<Record<string, string>> | undefined;
}

/** The text of a time as microseconds are written: `2006-01-02T15:04:05.000000Z`. */
export function microTime(epochMs: number): string {
  const wholeMs = Math.floor(epochMs);
  const micros = Math.floor((epochMs - wholeMs) * 1_000);
  return `${new Date(wholeMs).toISOString().slice(0, -1)}${String(micros).padStart(3, "0")}Z`;
}

/** Users are kept by those who authenticate them, and so is how they are written. */
const userTexts = new WeakMap<UserInfo, string>();
const noUser = "{}";

function userJson(user: UserInfo | undefined): string {
  if (!user) return noUser;
  const known = userTexts.get(user);
  if (known !== undefined) return known;
  const { name, uid, groups, extra } = user;
  const text = JSON.stringify({
    ...(name !== "" && { username: name }),
    ...(uid !== "" && { uid }),
    ...(groups.length > 0 && { groups }),
    ...(Object.keys(extra).length > 0 && { extra }),
  });
  userTexts.set(user, text);
  return text;
}

function referenceJson(reference: ObjectReference): string {
  let text = "";
  for (const key in reference) {
    const value = reference[key as keyof ObjectReference];
    if (value !== "") text += `,"${key}":${JSON.stringify(value)}`;
  }
  return `{${text.slice(1)}}`;
}

function statusJson({ status, message, reason, details, code }: ResponseStatus): string {
  let text = `{"metadata":{}`;
  if (status) text += `,"status":${JSON.stringify(status)}`;
  if (message) text += `,"message":${JSON.stringify(message)}`;
  if (reason) text += `,"reason":${JSON.stringify(reason)}`;
  if (details) text += `,"details":${JSON.stringify(details)}`;
  return code === undefined ? `${text}}` : `${text},"code":${code}}`;
}

/** The event as JSON, its fields in upstream's order. */
export function eventJson(event: AuditEvent): string {
  let text = `{"kind":"Event","apiVersion":"audit.k8s.io/v1"${eventFields(event)}`;
  const { annotations } = event;
  if (annotations) text += `,"annotations":${JSON.stringify(annotations)}`;
  return `${text}}`;
}

function eventFields(event: AuditEvent): string {
  const { level, auditId, stage, requestUri, verb, user, impersonatedUser, impersonationConstraint } = event;
  let text = `,"level":"${level}","auditID":${JSON.stringify(auditId)},"stage":"${stage}"`;
  text += `,"requestURI":${JSON.stringify(requestUri)},"verb":${JSON.stringify(verb)},"user":${userJson(user)}`;
  if (impersonatedUser) text += `,"impersonatedUser":${userJson(impersonatedUser)}`;
  if (impersonationConstraint !== undefined) {
    text += `,"authenticationMetadata":${JSON.stringify({ impersonationConstraint })}`;
  }
  if (event.sourceIps.length > 0) text += `,"sourceIPs":${JSON.stringify(event.sourceIps)}`;
  if (event.userAgent !== "") text += `,"userAgent":${JSON.stringify(event.userAgent)}`;
  if (event.objectRef) text += `,"objectRef":${referenceJson(event.objectRef)}`;
  if (event.responseStatus) text += `,"responseStatus":${statusJson(event.responseStatus)}`;
  if (event.requestObject !== undefined) text += `,"requestObject":${event.requestObject}`;
  if (event.responseObject !== undefined) text += `,"responseObject":${event.responseObject}`;
  return `${text},"requestReceivedTimestamp":"${microTime(event.receivedMs)}","stageTimestamp":"${microTime(event.stageMs)}"`;
}

/** The event as a line of former times, which `--audit-log-format=legacy` asks for. */
export function legacyLine(event: AuditEvent): string {
  const { user, impersonatedUser, objectRef, responseStatus } = event;
  const fields = {
    id: event.auditId,
    stage: event.stage,
    ip: event.sourceIps[0] ?? "<unknown>",
    method: event.verb,
    user: user?.name || "<none>",
    groups: (user?.name && quotedList(user.groups)) || "<none>",
    as: impersonatedUser?.name ?? "<self>",
    asgroups: impersonatedUser ? quotedList(impersonatedUser.groups) : "<lookup>",
    "user-agent": event.userAgent,
    namespace: objectRef?.namespace || "<none>",
    uri: event.requestUri,
    response: responseStatus ? String(responseStatus.code ?? 0) : "<deferred>",
  };
  const texts = Object.entries(fields).map(([name, value]) => `${name}=${goQuote(value)}`);
  return `${new Date(event.receivedMs).toISOString()} AUDIT: ${texts.join(" ")}`;
}

function quotedList(list: readonly string[]): string {
  return list.map(goQuote).join(",");
}
