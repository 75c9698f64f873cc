import type { IncomingMessage, RequestOptions } from "node:http";
import { request as requestHttp } from "@kube-ts/std/node-http";
import { request as requestHttps } from "node:https";
import type { HTTPHeader } from "@kube-ts/api/core/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import { type ProbeAnswer, dialFailure, joinHostPort, maxOutputBytes } from "./probe-answer.ts";

const maxRedirects = 10;
/** How a failure ends when a server answered HTTPS with HTTP. */
export const spokeHttp = "http: server gave HTTP response to HTTPS client";

export interface HttpProbeRequest {
  readonly url: URL;
  readonly headers: readonly HTTPHeader[];
  readonly userAgent: string;
  readonly timeoutMs: number;
}

/**
 * Gets the URL; any answer from 200 to 399 is a success. Redirects to the same host are followed, others count as they
 * are, with a warning. Certificates are not verified.
 */
export async function probeHttp(request: HttpProbeRequest, signal: AbortSignal): Promise<ProbeAnswer> {
  const answer = await httpAnswer(request, signal);
  return typeof answer === "string" ? { result: "failure", output: answer } : judge(answer);
}

/** The answer to a GET, or why there is none. Redirects to the same host are followed. */
export async function httpAnswer(request: HttpProbeRequest, signal: AbortSignal): Promise<HttpAnswer | string> {
  const deadline = AbortSignal.timeout(request.timeoutMs);
  const stop = AbortSignal.any([signal, deadline]);
  const first = request.url;
  let url = first;
  for (let redirects = 0; ; redirects += 1) {
    let answer: HttpAnswer;
    try {
      answer = await get(url, request, url === first, stop);
    } catch (error) {
      signal.throwIfAborted();
      return `Get ${goQuote(url.href)}: ${failureText(url, error, deadline)}`;
    }
    const next = redirectTarget(answer, url);
    if (!next || next.hostname !== first.hostname) return answer;
    if (redirects + 1 >= maxRedirects) return `Get ${goQuote(next.href)}: stopped after ${maxRedirects} redirects`;
    url = next;
  }
}

export interface HttpAnswer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

function judge({ status, body }: HttpAnswer): ProbeAnswer {
  if (status < 200 || status >= 400) {
    return { result: "failure", output: `HTTP probe failed with statuscode: ${status}` };
  }
  if (status < 300) return { result: "success", output: body };
  return { result: "warning", output: `Probe terminated redirects, Response body: ${body}` };
}

function redirectTarget({ status, location }: HttpAnswer, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  return URL.canParse(location, from) ? new URL(location, from) : undefined;
}

function get(
  url: URL,
  { headers, userAgent }: HttpProbeRequest,
  first: boolean,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const options: RequestOptions & { rejectUnauthorized: boolean } = {
    method: "GET",
    agent: false,
    headers: requestHeaders(headers, userAgent, first),
    signal,
    rejectUnauthorized: false,
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === "https:" ? requestHttps : requestHttp;
    const outgoing = send(url, options, (response) => {
      readBody(response).then(
        (body) => {
          outgoing.destroy();
          resolve({ status: response.statusCode ?? 0, location: response.headers.location, body });
        },
        (error: unknown) => reject(error as Error),
      );
    });
    outgoing.once("error", reject);
    outgoing.end();
  });
}

function requestHeaders(
  headers: readonly HTTPHeader[],
  userAgent: string,
  first: boolean,
): Record<string, string | string[]> {
  const all: Record<string, string[]> = {};
  for (const { name, value } of headers) {
    const key = name.toLowerCase();
    if (key === "host" && !first) continue;
    all[key] = [...(all[key] ?? []), value];
  }
  all["user-agent"] ??= [userAgent];
  all["accept"] ??= ["*/*"];
  all["connection"] = ["close"];
  // An empty value asks for the header to be left out.
  const kept = Object.entries(all).filter(([, values]) => values.some((value) => value !== ""));
  return Object.fromEntries(kept.map(([name, values]) => [name, values.length === 1 ? (values[0] ?? "") : values]));
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    sizeBytes += chunk.length;
    if (sizeBytes >= maxOutputBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxOutputBytes).toString("utf8");
}

function failureText(url: URL, error: unknown, deadline: AbortSignal): string {
  if (deadline.aborted) return "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
  const code = (error as { code?: unknown }).code;
  const syscall = (error as { syscall?: unknown }).syscall;
  if (syscall === "connect") {
    const host = url.hostname.replace(/^\[|\]$/g, "");
    return dialFailure(joinHostPort(host, Number(url.port || (url.protocol === "https:" ? 443 : 80))), error);
  }
  if (code === "EPROTO" && error instanceof Error && error.message.includes("wrong version number")) return spokeHttp;
  if (code === "ECONNRESET") return "EOF";
  return error instanceof Error ? error.message : String(error);
}
