import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import { withoutManagedFields } from "@kube-ts/client/without-managed-fields";

/** A slice without what rules do not depend on, which is the larger part of each endpoint. */
export function slimSlice(slice: EndpointSlice): EndpointSlice {
  const endpoints = slice.endpoints?.map(
    ({ targetRef: _target, deprecatedTopology: _topology, ...endpoint }) => endpoint,
  );
  return { ...withoutManagedFields(slice), ...(endpoints && { endpoints }) };
}
