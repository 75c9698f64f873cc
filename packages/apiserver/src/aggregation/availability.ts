import type { APIService, APIServiceCondition } from "@kube-ts/api/apiregistration/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import { services } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { readyAddresses, slicesOf } from "../service-routing/endpoint-addresses.ts";
import type { ObjectSource } from "../registry/object-source.ts";
import { findPort, portOf } from "./service-address.ts";

/** Whether a group-version can be had, and why. */
export type Verdict = Required<Pick<APIServiceCondition, "status" | "reason" | "message">>;

const localVerdict: Verdict = {
  status: "True",
  reason: "Local",
  message: "Local APIServices are always available",
};
export const passedVerdict: Verdict = { status: "True", reason: "Passed", message: "all checks passed" };

export function failedDiscovery(problem: string): Verdict {
  return { status: "False", reason: "FailedDiscoveryCheck", message: problem };
}

/** What the cluster's objects say of an APIService; undefined when its server has to be asked. */
export function verdictOfObjects({ spec }: APIService, source: ObjectSource): Verdict | undefined {
  if (!spec.service) return localVerdict;
  const { namespace = "", name = "" } = spec.service;
  const port = portOf(spec.service);
  const what = `service/${name} in ${goQuote(namespace)}`;
  const service = source.get(services, namespace, name);
  if (!service) return unavailable("ServiceNotFound", `${what} is not present`);
  if ((service.spec.type ?? "ClusterIP") !== "ClusterIP") return undefined;
  const offered = findPort(service.spec.ports, port);
  if (!offered) return unavailable("ServicePortError", `${what} is not listening on port ${port}`);
  const ready = readyAddresses(source, namespace, name, offered.name ?? "");
  if (ready.length > 0) return undefined;
  if (slicesOf(source, namespace, name).length === 0) {
    return unavailable("EndpointsNotFound", `cannot find endpointslices for ${what}`);
  }
  const portName = goQuote(offered.name ?? "");
  return unavailable("MissingEndpoints", `endpointslices for ${what} have no addresses with port name ${portName}`);
}

function unavailable(reason: string, message: string): Verdict {
  return { status: "False", reason, message };
}

export function isAvailable({ status }: APIService): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === "Available" && value === "True") ?? false;
}

/** The conditions with the verdict in them; undefined when they say it already. */
export function withVerdict(
  { status }: APIService,
  verdict: Verdict,
  nowMs: number,
): APIServiceCondition[] | undefined {
  const conditions = status?.conditions ?? [];
  const old = conditions.find(({ type }) => type === "Available");
  const same = old?.status === verdict.status && old.reason === verdict.reason && old.message === verdict.message;
  if (same) return undefined;
  const changed = old?.status !== verdict.status;
  const lastTransitionTime = (changed ? undefined : old?.lastTransitionTime) ?? formatTime(nowMs);
  const next: APIServiceCondition = { type: "Available", ...verdict, lastTransitionTime };
  return old ? conditions.map((each) => (each === old ? next : each)) : [...conditions, next];
}
