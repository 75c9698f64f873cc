import type { ServicePort } from "@kube-ts/api/core/v1";
import type { ServiceReference } from "@kube-ts/api/apiregistration/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import { services } from "@kube-ts/api/resource-types";
import { notFound, serviceUnavailable } from "@kube-ts/api/status-error";
import { type Random, randomInt } from "@kube-ts/std/random";
import type { ObjectSource } from "../registry/object-source.ts";
import type { ReadyEndpoints } from "../service-routing/ready-endpoints.ts";

export interface ServiceAddress {
  readonly address: string;
  readonly port: number;
}

const defaultPort = 443;

/** The port of a reference to a service. */
export function portOf({ port }: ServiceReference): number {
  return port ?? defaultPort;
}

/**
 * Where to reach a service: at its cluster address, or with `ready` at one of its ready endpoints, chosen
 * at random. Throws an ApiError in upstream's words.
 */
export function serviceAddress(
  reference: ServiceReference,
  source: ObjectSource,
  random: Random,
  /** Given where requests are to go to endpoints. */
  ready: Pick<ReadyEndpoints, "of"> | undefined,
): ServiceAddress {
  const { namespace = "", name = "" } = reference;
  const port = portOf(reference);
  const spec = source.get(services, namespace, name)?.spec;
  if (!spec) throw notFound({ group: "", resource: "services" }, name);
  if (spec.type === "ExternalName") {
    if (ready) throw new Error(`unsupported service type ${goQuote(spec.type)}`);
    return { address: spec.externalName ?? "", port };
  }
  const offered = findPort(spec.ports, port);
  if (!offered) throw serviceUnavailable(`no service port ${port} found for service ${goQuote(name)}`);
  if (!ready) {
    const address = spec.clusterIP ?? "";
    if (address === "" || address === "None") throw serviceUnavailable(`service ${goQuote(name)} has no cluster IP`);
    return { address, port };
  }
  const candidates = ready.of(namespace, name, offered.name ?? "");
  const chosen = candidates[randomInt(random, candidates.length)];
  if (!chosen) throw serviceUnavailable(`no endpoints available for service ${goQuote(name)}`);
  return chosen;
}

export function findPort(ports: readonly ServicePort[] | undefined, port: number): ServicePort | undefined {
  return ports?.find((each) => each.port === port);
}
