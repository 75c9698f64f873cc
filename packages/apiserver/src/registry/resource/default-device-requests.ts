import type { DeviceSubRequest, ExactDeviceRequest, ResourceClaimSpec } from "@kube-ts/api/resource/v1";
import { dropZeroFields } from "../meta/zero-fields.ts";

/** Requests are for one device unless they say otherwise. */
export function defaultDeviceRequests(spec: ResourceClaimSpec | undefined): void {
  for (const { exactly, firstAvailable } of spec?.devices?.requests ?? []) {
    if (exactly) defaultRequest(exactly);
    for (const alternative of firstAvailable ?? []) defaultRequest(alternative);
  }
}

function defaultRequest(request: ExactDeviceRequest | DeviceSubRequest): void {
  request.allocationMode ||= "ExactCount";
  if (request.allocationMode === "ExactCount") request.count ||= 1;
  dropZeroFields(request, ["count"]);
}
