import type { ObjectMeta } from "@kube-ts/api/meta/v1";
import { formatTime } from "@kube-ts/api/rfc3339";
import { ipFamilyOf } from "@kube-ts/std/ip-address";

/** The service an address belongs to. */
export interface ServiceName {
  readonly namespace: string;
  readonly name: string;
}

/** The `IPAddress` of networking.k8s.io/v1: that it exists means that its address is taken. */
interface IpAddressObject {
  readonly kind: "IPAddress";
  readonly apiVersion: "networking.k8s.io/v1";
  readonly metadata: ObjectMeta;
  readonly spec: { readonly parentRef: ServiceName & { readonly resource: string } };
}

const managedByLabel = "ipaddress.kubernetes.io/managed-by";
const manager = "ipallocator.k8s.io";

export function encodeIpAddress(address: string, owner: ServiceName, uid: string, nowMs: number): Buffer {
  const object: IpAddressObject = {
    kind: "IPAddress",
    apiVersion: "networking.k8s.io/v1",
    metadata: {
      name: address,
      uid,
      creationTimestamp: formatTime(nowMs),
      labels: { "ipaddress.kubernetes.io/ip-family": ipFamilyOf(address) ?? "IPv4", [managedByLabel]: manager },
    },
    spec: { parentRef: { resource: "services", namespace: owner.namespace, name: owner.name } },
  };
  return Buffer.from(JSON.stringify(object));
}

/** What is known of a stored address. */
export interface IpAddressRecord {
  /** Empty names for an address whose object cannot be read. */
  readonly owner: ServiceName;
  readonly createdAt: string | undefined;
  /** Whether the allocator made it; others' objects are not ours to remove. */
  readonly isManaged: boolean;
}

export function decodeIpAddress(bytes: Buffer): IpAddressRecord {
  const object = parse(bytes);
  const parent = object?.spec?.parentRef;
  return {
    owner: { namespace: parent?.namespace ?? "", name: parent?.name ?? "" },
    createdAt: object?.metadata?.creationTimestamp,
    isManaged: object?.metadata?.labels?.[managedByLabel] === manager,
  };
}

function parse(bytes: Buffer): Partial<IpAddressObject> | undefined {
  try {
    return JSON.parse(bytes.toString("utf8")) as Partial<IpAddressObject>;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
