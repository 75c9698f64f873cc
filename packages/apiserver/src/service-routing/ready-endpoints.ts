import { endpointSlices, endpoints } from "@kube-ts/api/resource-types";
import type { ObjectSource } from "../registry/object-source.ts";
import { type EndpointAddress, readyAddresses } from "./endpoint-addresses.ts";

/** The ready addresses of services, kept until an endpoint of their namespace changes: requests do not search for them. */
export class ReadyEndpoints implements Disposable {
  readonly #source: ObjectSource;
  /** By namespace, then by service and port name. Only what has addresses is kept: requests may name anything. */
  readonly #known = new Map<string, Map<string, readonly EndpointAddress[]>>();
  readonly #changes: readonly Disposable[];

  constructor(source: ObjectSource) {
    this.#source = source;
    const forget = ({ namespace }: { readonly namespace: string }) => void this.#known.delete(namespace);
    this.#changes = [source.onChange(endpointSlices, forget), source.onChange(endpoints, forget)];
  }

  of(namespace: string, name: string, portName: string): readonly EndpointAddress[] {
    const inNamespace = this.#known.get(namespace);
    const key = `${name}/${portName}`;
    const known = inNamespace?.get(key);
    if (known) return known;
    const found = readyAddresses(this.#source, namespace, name, portName);
    if (found.length === 0) return found;
    if (inNamespace) inNamespace.set(key, found);
    else this.#known.set(namespace, new Map([[key, found]]));
    return found;
  }

  [Symbol.dispose](): void {
    for (const subscription of this.#changes) subscription[Symbol.dispose]();
  }
}
