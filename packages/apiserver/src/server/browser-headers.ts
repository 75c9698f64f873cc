import type { IncomingMessage } from "node:http";
import type { BrowserConfig } from "../config/browsers.ts";

const corsHeaders: readonly (readonly [name: string, value: string])[] = [
  ["Access-Control-Allow-Methods", "POST, GET, OPTIONS, PUT, DELETE, PATCH"],
  [
    "Access-Control-Allow-Headers",
    "Content-Type, Content-Length, Accept-Encoding, X-CSRF-Token, Authorization, X-Requested-With, If-Modified-Since",
  ],
  ["Access-Control-Expose-Headers", "Date"],
  ["Access-Control-Allow-Credentials", "true"],
];

/** What every answer tells browsers, by the request; undefined where the configuration asks for nothing. */
export function browserHeaders({
  allowsOrigin,
  strictTransport,
}: BrowserConfig): ((request: IncomingMessage) => Iterable<readonly [name: string, value: string]>) | undefined {
  if (!allowsOrigin && strictTransport === undefined) return undefined;
  const always = strictTransport === undefined ? [] : ([["Strict-Transport-Security", strictTransport]] as const);
  return ({ headers: { origin } }) =>
    origin !== undefined && allowsOrigin?.(origin)
      ? [...always, ["Access-Control-Allow-Origin", origin], ...corsHeaders]
      : always;
}
