import { type FlagValues, defineFlags } from "@kube-ts/std/flags";
import type { KubeletClientConfig } from "../endpoints/nodes/kubelet-connection.ts";
import { readFlagFile, requirePair } from "./flag-files.ts";

/** How kubelets are reached, for logs, exec and the like. */
export const kubeletFlags = defineFlags({
  "kubelet-client-certificate": {
    type: "string",
    default: "",
    description: "PEM file of the client certificate for kubelets",
  },
  "kubelet-client-key": { type: "string", default: "", description: "PEM file of its key" },
  "kubelet-certificate-authority": {
    type: "string",
    default: "",
    description: "PEM file of the authorities of kubelets' serving certificates; unchecked if unset",
  },
  "kubelet-preferred-address-types": {
    type: "stringList",
    default: ["Hostname", "InternalDNS", "InternalIP", "ExternalDNS", "ExternalIP"],
    description: "node address types in the order in which they are tried",
  },
  "kubelet-timeout": { type: "duration", default: 5_000, description: "how long a kubelet may take to answer" },
});

export type KubeletConfig = KubeletClientConfig;

/** Throws a FlagError. */
export async function kubeletConfig(values: FlagValues<typeof kubeletFlags>): Promise<KubeletConfig> {
  const certificate = values["kubelet-client-certificate"];
  const key = values["kubelet-client-key"];
  const authority = values["kubelet-certificate-authority"];
  requirePair(["kubelet-client-certificate", certificate], ["kubelet-client-key", key]);
  return {
    ...(certificate !== "" && { certificate: await readFlagFile("kubelet-client-certificate", certificate) }),
    ...(key !== "" && { key: await readFlagFile("kubelet-client-key", key) }),
    ...(authority !== "" && {
      certificateAuthority: await readFlagFile("kubelet-certificate-authority", authority),
    }),
    preferredAddressTypes: values["kubelet-preferred-address-types"],
    timeoutMs: values["kubelet-timeout"],
  };
}
