import type { IncomingMessage, ServerResponse } from "node:http";
import type { Random } from "@kube-ts/std/random";
import type { ApiServerConfig } from "../config/server-config.ts";
import type { Shutdown } from "./shutdown.ts";

/** Sees a request before the chain does; true when it has answered it. */
export type FrontFilter = (request: IncomingMessage, response: ServerResponse) => boolean;

/** What of the configuration matters here. */
export interface FrontConfig {
  readonly requests: Pick<ApiServerConfig["requests"], "closeChance">;
  readonly browsers: Pick<ApiServerConfig["browsers"], "allowsOrigin">;
}

/** What the configuration asks for in front of the chain; nothing by default, as it would cost every request. */
export function frontFilters(
  { requests: { closeChance }, browsers: { allowsOrigin } }: FrontConfig,
  shutdown: Shutdown,
  random: Random,
): FrontFilter[] {
  return [
    ...(shutdown.sendsRetryAfter ? [refuseWhileDraining(shutdown)] : []),
    ...(closeChance > 0 ? [closeSome(closeChance, random)] : []),
    ...(allowsOrigin ? [answerPreflights(allowsOrigin)] : []),
  ];
}

const retryAfterSeconds = 5;
/** Health and metrics are told to the last. */
const exemptPath = /^\/(metrics|healthz|livez|readyz)(?:[/?]|$)/;

function refuseWhileDraining({ draining }: Shutdown): FrontFilter {
  return ({ url = "" }, response) => {
    if (!draining.aborted || exemptPath.test(url)) return false;
    response.writeHead(429, {
      Connection: "close",
      "Retry-After": retryAfterSeconds,
      "Content-Type": "text/plain; charset=utf-8",
      "X-Content-Type-Options": "nosniff",
    });
    response.end("The apiserver is shutting down, please try again later.\n");
    return true;
  };
}

/** A client that connects anew may meet another server behind a load balancer. */
function closeSome(chance: number, random: Random): FrontFilter {
  return (_request, response) => {
    if (random.next() < chance) response.shouldKeepAlive = false;
    return false;
  };
}

function answerPreflights(allowsOrigin: (origin: string) => boolean): FrontFilter {
  return ({ method, headers }, response) => {
    if (method !== "OPTIONS" || headers.origin === undefined || !allowsOrigin(headers.origin)) return false;
    response.writeHead(204);
    response.end();
    return true;
  };
}
