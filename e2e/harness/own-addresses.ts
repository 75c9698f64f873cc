import { networkInterfaces } from "node:os";

const own = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal, scopeid }) => !internal && !scopeid);

/** An address of this machine that is not loopback: API servers do not proxy to loopback addresses. */
export const ownIpv4 = own.find(({ family }) => family === "IPv4")?.address ?? "";

/** Left out where the machine has none besides loopback and link-local ones. */
export const ownIpv6 = own.find(({ family }) => family === "IPv6")?.address;
