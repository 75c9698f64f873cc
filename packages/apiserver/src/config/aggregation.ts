import { type FlagValues, defineFlags } from "@kube-ts/std/flags";
import type { RemoteServersConfig } from "../aggregation/remote-servers.ts";
import { readOptionalFile, requirePair } from "./flag-files.ts";

/** How aggregated servers are reached. */
export const aggregationFlags = defineFlags({
  "proxy-client-cert-file": {
    type: "string",
    default: "",
    description: "PEM file of the certificate by which aggregated servers know this one",
  },
  "proxy-client-key-file": { type: "string", default: "", description: "PEM file of its key" },
  "aggregator-reject-forwarding-redirect": {
    type: "boolean",
    default: true,
    description: "do not pass redirects of aggregated servers on to clients",
  },
  "enable-aggregator-routing": {
    type: "boolean",
    default: false,
    description: "send requests to the endpoints of aggregated servers instead of their cluster addresses",
  },
});

export type AggregationConfig = RemoteServersConfig;

/** Throws a FlagError. */
export async function aggregationConfig(values: FlagValues<typeof aggregationFlags>): Promise<AggregationConfig> {
  const certificate = values["proxy-client-cert-file"];
  const key = values["proxy-client-key-file"];
  requirePair(["proxy-client-cert-file", certificate], ["proxy-client-key-file", key]);
  return {
    certificate: await readOptionalFile("proxy-client-cert-file", certificate),
    key: await readOptionalFile("proxy-client-key-file", key),
    routesToEndpoints: values["enable-aggregator-routing"],
    refusesRedirects: values["aggregator-reject-forwarding-redirect"],
  };
}
