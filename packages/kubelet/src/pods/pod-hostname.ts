import type { Pod } from "@kube-ts/api/core/v1";

const maxLabelLength = 63;
/** What the kernel takes as a host name. */
const maxHostnameLength = 64;

export interface PodHostname {
  /** The host name inside the pod. */
  readonly hostname: string;
  /** The short name in the pod's hosts file. */
  readonly name: string;
  /** The domain of the pod's subdomain; empty for none. */
  readonly domain: string;
}

/** A pod's names for itself. Throws when its full name is wanted as host name and is too long for one. */
export function podHostname(pod: Pod, clusterDomain: string): PodHostname {
  if (pod.spec.hostnameOverride) {
    return { hostname: pod.spec.hostnameOverride, name: pod.spec.hostnameOverride, domain: "" };
  }
  const name = pod.spec.hostname || truncated(pod.metadata.name ?? "");
  const { subdomain } = pod.spec;
  const domain = subdomain ? `${subdomain}.${pod.metadata.namespace}.svc.${clusterDomain}` : "";
  if (!pod.spec.setHostnameAsFQDN || domain === "") return { hostname: name, name, domain };
  const hostname = `${name}.${domain}`;
  if (hostname.length > maxHostnameLength) {
    throw new Error(
      `failed to construct FQDN from pod hostname and cluster domain, FQDN ${hostname} is too long ` +
        `(${maxHostnameLength} characters is the max, ${hostname.length} characters requested)`,
    );
  }
  return { hostname, name, domain };
}

/** A pod's name as one label of a host name. */
function truncated(name: string): string {
  return name.length <= maxLabelLength ? name : name.slice(0, maxLabelLength).replace(/[-.]+$/, "");
}
