import type { ClientConfig } from "@kube-ts/client/client-config";
import type { Clock } from "@kube-ts/std/clock";

/** One request as the log shows it. */
export interface LoggedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | undefined;
}

export interface LoggedResponse {
  /** Such as `200 OK`. */
  readonly status: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly elapsedMs: number;
}

export interface RequestLogOptions {
  readonly verbosity: number;
  readonly write: (text: string) => void;
  readonly clock: Clock;
  readonly pid: number;
}

type Value = string | number;

/** From these levels on, the URL with its status, headers, bodies, the command of curl and whole bodies are shown. */
const levels = { url: 6, headers: 7, bodies: 8, curl: 9, wholeBodies: 10 } as const;
/** How much of a body the levels show, in characters. */
const bodyLimits: Readonly<Record<number, number>> = { 8: 1024, 9: 10_240 };

/** What `-v` shows of the requests, in klog's format. Credentials never appear in it. */
export class RequestLog {
  readonly #options: RequestLogOptions;

  constructor(options: RequestLogOptions) {
    this.#options = options;
  }

  shows(level: number): boolean {
    return this.#options.verbosity >= level;
  }

  /** A message of a level of its own. */
  message(level: number, text: string): void {
    if (this.shows(level)) this.#line(text);
  }

  /** What went wrong beside the command itself, which goes on; shown at every level. */
  failure(text: string): void {
    this.#line(`"Unhandled Error" err=${JSON.stringify(text)}`, "E");
  }

  request({ method, url, headers, body }: LoggedRequest): void {
    if (this.shows(levels.bodies)) this.#entry("Request Body", { body: this.#truncate(body ?? "") });
    if (this.shows(levels.curl)) this.#entry("Request", { curlCommand: curlCommand(method, url, masked(headers)) });
    else if (this.shows(levels.headers)) {
      this.#entry("Request", { verb: method, url, headers: headerLines(masked(headers)) });
    }
  }

  response({ method, url }: Pick<LoggedRequest, "method" | "url">, response: LoggedResponse): void {
    if (!this.shows(levels.url)) return;
    const { status, headers, elapsedMs } = response;
    const alone = !this.shows(levels.headers) || this.shows(levels.curl);
    this.#entry("Response", {
      ...(alone && { verb: method, url }),
      status,
      ...(this.shows(levels.bodies) && { headers: headerLines(headers) }),
      milliseconds: Math.trunc(elapsedMs),
    });
  }

  responseBody(body: string): void {
    if (this.shows(levels.bodies)) this.#entry("Response Body", { body: this.#truncate(body) });
  }

  #truncate(body: string): string {
    const limit = this.shows(levels.wholeBodies) ? undefined : bodyLimits[this.#options.verbosity];
    if (limit === undefined || body.length <= limit) return body;
    return `${body.slice(0, limit)} [truncated ${body.length - limit} chars]`;
  }

  #entry(name: string, values: Readonly<Record<string, Value>>): void {
    const pairs = Object.entries(values).map(([key, value]) => ` ${key}=${valueText(value)}`);
    this.#line(JSON.stringify(name) + pairs.join(""));
  }

  #line(text: string, severity = "I"): void {
    const { clock, pid, write } = this.#options;
    const time = new Date(clock.now());
    const two = (value: number) => String(value).padStart(2, "0");
    const day = `${two(time.getMonth() + 1)}${two(time.getDate())}`;
    const micros = String(time.getMilliseconds() * 1000).padStart(6, "0");
    const clockTime = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${micros}`;
    write(`${severity}${day} ${clockTime} ${String(pid).padStart(7)} request-log.ts:1] ${text}\n`);
  }
}

/** Texts of several lines stand in a block of their own. */
function valueText(value: Value): string {
  if (typeof value === "number") return String(value);
  if (!value.includes("\n")) return JSON.stringify(value);
  const lines = value.endsWith("\n") ? value.slice(0, -1).split("\n") : value.split("\n");
  return `<\n${lines.map((line) => `\t${line}\n`).join("")} >`;
}

type Headers = LoggedRequest["headers"];

function headerEntries(headers: Headers): [string, string][] {
  return Object.entries(headers)
    .flatMap(([name, values]) =>
      (typeof values === "string" ? [values] : values).map((value): [string, string] => [canonicalName(name), value]),
    )
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function headerLines(headers: Headers): string {
  return headerEntries(headers)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join("");
}

function canonicalName(name: string): string {
  return name
    .split("-")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1).toLowerCase())
    .join("-");
}

function curlCommand(method: string, url: string, headers: Headers): string {
  const options = headerEntries(headers).map(([name, value]) => ` -H ${JSON.stringify(`${name}: ${value}`)}`);
  return `curl -v -X${method} ${options.join("")} '${url}'\n`;
}

/** A credential's scheme may be seen, the credential may not. */
function masked(headers: Headers): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (name.toLowerCase() !== "authorization") return [name, value] as const;
      const scheme = /^(?:Basic|Bearer|Negotiate)(?= )/i.exec(String(value))?.[0];
      return [name, scheme === undefined ? "<masked>" : `${scheme} <masked>`] as const;
    }),
  );
}

/** The headers that the client adds to every request, without what they keep secret. */
export function identityHeaders(config: ClientConfig, userAgent: string): Record<string, string | readonly string[]> {
  const { auth, impersonate } = config;
  const headers: Record<string, string | readonly string[]> = { "user-agent": userAgent };
  if (auth.kind === "basic") headers["authorization"] = "Basic <masked>";
  else if (auth.kind !== "none") headers["authorization"] = "Bearer <masked>";
  if (!impersonate) return headers;
  headers["impersonate-user"] = impersonate.user;
  if (impersonate.uid !== undefined) headers["impersonate-uid"] = impersonate.uid;
  if (impersonate.groups) headers["impersonate-group"] = impersonate.groups;
  for (const [key, values] of Object.entries(impersonate.extra ?? {})) headers[`impersonate-extra-${key}`] = values;
  return headers;
}
