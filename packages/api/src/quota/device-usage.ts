import type { DeviceSubRequest, ExactDeviceRequest, ResourceClaim } from "../resource/v1.ts";

/** Follows the name of a device class in the names under which quotas limit devices. */
export const deviceClassSuffix = ".deviceclass.resource.k8s.io/devices";

/** As many devices as one claim can get at most. */
const maxDevices = 32;

/** How many devices of each class the claim may get at worst, by the name that quotas have for the class. */
export function deviceUsage({ spec }: ResourceClaim): ReadonlyMap<string, number> {
  const total = new Map<string, number>();
  for (const { exactly, firstAvailable } of spec.devices?.requests ?? []) {
    for (const [name, count] of worstCase(exactly ? [exactly] : (firstAvailable ?? []))) {
      total.set(name, (total.get(name) ?? 0) + count);
    }
  }
  return total;
}

/** Only one of the requests is met, and nobody knows which. */
function worstCase(requests: readonly (ExactDeviceRequest | DeviceSubRequest)[]): ReadonlyMap<string, number> {
  const most = new Map<string, number>();
  for (const request of requests) {
    const name = `${request.deviceClassName}${deviceClassSuffix}`;
    most.set(name, Math.max(most.get(name) ?? 0, countOf(request)));
  }
  return most;
}

function countOf({ allocationMode = "ExactCount", count = 1 }: ExactDeviceRequest | DeviceSubRequest): number {
  if (allocationMode === "All") return maxDevices;
  return allocationMode === "ExactCount" ? Number(count) : 0;
}
