import { namespaces } from "@kube-ts/api/resource-types";
import { isAlreadyExists, notFound } from "@kube-ts/api/status-error";
import type { ObjectSource, ObjectWriter } from "../registry/object-source.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { isWriteOf } from "./forbidden.ts";

/** Refuses writes in namespaces that do not exist. */
export class NamespaceExists implements AdmissionPlugin {
  readonly name = "NamespaceExists";
  readonly #source: ObjectSource;

  constructor(source: ObjectSource) {
    this.#source = source;
  }

  handles(operation: AdmissionOperation): boolean {
    return operation !== "CONNECT";
  }

  validate(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> | undefined {
    const name = missingNamespace(this.#source, attributes);
    return name === undefined ? undefined : this.#require(name, signal);
  }

  async #require(name: string, signal: AbortSignal): Promise<void> {
    if (await this.#source.getLatest(namespaces, "", name, signal)) return;
    throw notFound({ group: "", resource: "namespaces" }, name);
  }
}

/** Makes the namespace of what is made, if there is none. */
export class NamespaceAutoProvision implements AdmissionPlugin {
  readonly name = "NamespaceAutoProvision";
  readonly #source: ObjectSource;
  readonly #writer: ObjectWriter;

  constructor(source: ObjectSource, writer: ObjectWriter) {
    this.#source = source;
    this.#writer = writer;
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE";
  }

  admit(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> | undefined {
    const name = attributes.dryRun ? undefined : missingNamespace(this.#source, attributes);
    return name === undefined ? undefined : this.#provide(name, signal);
  }

  async #provide(name: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#writer.create(namespaces, { metadata: { name }, spec: {} }, signal);
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
  }
}

/** The namespace of the write, unless it has none or the cache knows it. */
function missingNamespace(source: ObjectSource, attributes: AdmissionAttributes): string | undefined {
  const { namespace, subresource } = attributes;
  if (namespace === "" || isWriteOf(attributes, namespaces, [subresource])) return undefined;
  return source.get(namespaces, "", namespace) ? undefined : namespace;
}
