import { endpointSlices, endpoints } from "@kube-ts/api/resource-types";
import { type EndpointAddress, readyAddresses } from "../endpoints/proxy/locations.ts";
import type { ObjectSource } from "../registry/object-source.ts";

/** The ready addresses of services, kept until an endpoint of their namespace changes: requests do not search for them. */
export class ReadyEndpoints implements Disposable {
  readonly #source: ObjectSource;
  /** By namespace, then by service and port name. */
  readonly #known = new Map<string, Map<string, readonly EndpointAddress[]>>();
  readonly #changes: readonly Disposable[];

  constructor(source: ObjectSource) {
    this.#source = source;
    const forget = ({ namespace }: { readonly namespace: string }) => void this.#known.delete(namespace);
    this.#changes = [source.onChange(endpointSlices, forget), source.onChange(endpoints, forget)];
  }

  of(namespace: string, name: string, portName: string): readonly EndpointAddress[] {
    const inNamespace = this.#known.get(namespace) ?? new Map<string, readonly EndpointAddress[]>();
    this.#known.set(namespace, inNamespace);
    const key = `${name}/${portName}`;
    const known = inNamespace.get(key) ?? readyAddresses(this.#source, namespace, name, portName);
    inNamespace.set(key, known);
    return known;
  }

  [Symbol.dispose](): void {
    for (const subscription of this.#changes) subscription[Symbol.dispose]();
  }
}
