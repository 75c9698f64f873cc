import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { plainAddress } from "@kube-ts/std/bind-address";

/**
 * Where a request comes from: what proxies say of it, and last the address of the connection, which cannot be made up.
 * The first ones can be, by whoever sends the request.
 */
export function sourceIps({ headers, socket }: Pick<IncomingMessage, "headers" | "socket">): string[] {
  const addresses: string[] = [];
  const forwarded = headers["x-forwarded-for"];
  if (forwarded !== undefined) {
    const first = Array.isArray(forwarded) ? (forwarded[0] ?? "") : forwarded;
    for (const part of first.split(",", maxForwarded)) {
      const address = part.trim();
      if (isIP(address) !== 0) addresses.push(address);
    }
  }
  const real = headers["x-real-ip"];
  if (typeof real === "string" && isIP(real) !== 0 && !addresses.includes(real)) addresses.push(real);
  const remote = plainAddress(socket.remoteAddress ?? "");
  if (remote !== "" && addresses.at(-1) !== remote) addresses.push(remote);
  return addresses;
}

/** Headers are bounded anyway; this only keeps events readable. */
const maxForwarded = 1_000;
