import { Quantity } from "@kube-ts/api/quantity";
import type { PortMapping } from "../runtime/config.ts";
import type { CapabilityValues } from "./network-list.ts";

const ingressAnnotation = "kubernetes.io/ingress-bandwidth";
const egressAnnotation = "kubernetes.io/egress-bandwidth";
/** Bits that may pass at once: in effect no limit, so that only the rate counts. */
const burstBits = 2_147_483_647;

/** Values for the capabilities portMappings, bandwidth and ipRanges. Absent ones do not apply to the pod. */
export function capabilityValues(
  portMappings: readonly PortMapping[],
  annotations: Readonly<Record<string, string>>,
  podCidrs: readonly string[],
): CapabilityValues {
  const mappings = portMappings
    .filter((mapping) => mapping.hostPort > 0)
    .map((mapping) => ({
      hostPort: mapping.hostPort,
      containerPort: mapping.containerPort,
      protocol: mapping.protocol.toLowerCase(),
      hostIP: mapping.hostIp,
    }));
  const bandwidth = bandwidthValue(annotations);
  return {
    ...(mappings.length === 0 ? {} : { portMappings: mappings }),
    ...(bandwidth === undefined ? {} : { bandwidth }),
    ...(podCidrs.length === 0 ? {} : { ipRanges: podCidrs.map((subnet) => [{ subnet }]) }),
  };
}

function bandwidthValue(annotations: Readonly<Record<string, string>>): Record<string, number> | undefined {
  const ingress = bitsPerSecond(annotations[ingressAnnotation]);
  const egress = bitsPerSecond(annotations[egressAnnotation]);
  if (ingress === undefined && egress === undefined) return undefined;
  return {
    ...(ingress === undefined ? {} : { ingressRate: ingress, ingressBurst: burstBits }),
    ...(egress === undefined ? {} : { egressRate: egress, egressBurst: burstBits }),
  };
}

/** Throws for a text that is no quantity: the pod asked for something that cannot be given. */
function bitsPerSecond(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Quantity.parse(text).value();
}
