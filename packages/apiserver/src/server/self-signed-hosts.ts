import { AddressRange } from "../allocators/address-range.ts";
import type { ApiServerConfig } from "../config/server-config.ts";

/** Under which names and addresses a server is reached that makes its own certificate. */
export function selfSignedHosts({ serving, services }: Pick<ApiServerConfig, "serving" | "services">): string[] {
  const { host, advertiseAddress } = serving;
  const isUnspecified = host === "0.0.0.0" || host === "::";
  const serviceAddresses = services.ipRanges.map((range) => new AddressRange(range).firstAddress);
  return [
    ...new Set([
      advertiseAddress,
      "kubernetes.default.svc",
      "kubernetes.default",
      "kubernetes",
      ...serviceAddresses,
      isUnspecified ? "localhost" : host,
    ]),
  ];
}
