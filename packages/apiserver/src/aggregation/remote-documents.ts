import type { APIService } from "@kube-ts/api/apiregistration/v1";
import { type JsonObject, isJsonObject as isObject } from "@kube-ts/api/json-value";
import type { APIResourceList } from "@kube-ts/api/meta/v1";
import type { Clock } from "@kube-ts/std/clock";
import type { Logger } from "@kube-ts/std/log";
import { discoveryResources } from "../endpoints/aggregated-discovery.ts";
import { groupVersionPath } from "../endpoints/group-version.ts";
import type { ApiServiceTable } from "./api-service-table.ts";
import { isAvailable } from "./availability.ts";
import { ownPart } from "./openapi-part.ts";
import type { RemoteServers } from "./remote-servers.ts";

/** What the server behind an APIService offers, as it was last heard. */
export interface RemoteVersion {
  /** Resources as aggregated discovery lists them. */
  readonly resources: readonly unknown[];
  /** Whether they could not be asked for lately. */
  readonly stale: boolean;
}

interface Known {
  /** What it was asked for: another specification is another server. */
  readonly identity: string;
  readonly checkedMs: number;
  readonly version: RemoteVersion;
  readonly v2: JsonPart | undefined;
  /** The hash of its OpenAPI v3 document; undefined where it has none. */
  readonly v3Hash: string | undefined;
}

interface JsonPart {
  readonly etag: string | undefined;
  readonly document: JsonObject;
}

export interface RemoteV3 {
  readonly document: JsonObject;
  readonly hash: string;
}

const refreshMs = 60_000;
const limits = { timeoutMs: 10_000, maxBytes: 32 * 1024 * 1024 };
const discoveryLimits = { timeoutMs: 5_000, maxBytes: 8 * 1024 * 1024 };
/** Servers that are asked at once. */
const maxAtOnce = 8;

const aggregatedList = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** Discovery and OpenAPI documents of the servers behind APIServices: asked for when they change, and every minute. */
export class RemoteDocuments {
  readonly #table: ApiServiceTable;
  readonly #servers: RemoteServers;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #known = new Map<string, Known>();
  readonly #v3 = new Map<string, RemoteV3>();
  #wake: () => void = () => {};
  #isDirty = true;
  #generation = 0;

  constructor(table: ApiServiceTable, servers: RemoteServers, clock: Clock, log: Logger) {
    this.#table = table;
    this.#servers = servers;
    this.#clock = clock;
    this.#log = log;
    table.onChange(() => {
      this.#generation += 1;
      this.#isDirty = true;
      this.#wake();
    });
  }

  /** Differs after every change of what is known, and of the APIServices themselves. */
  get generation(): number {
    return this.#generation;
  }

  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => this.#wake(), { once: true });
    while (!signal.aborted) {
      this.#isDirty = false;
      await this.#refresh(signal);
      if (this.#isDirty || signal.aborted) continue;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      using _timer = this.#clock.setTimer(refreshMs, resolve);
      await promise;
    }
  }

  /** What is known of a version; nothing yet is stale. */
  version(service: APIService): RemoteVersion {
    const known = this.#known.get(nameOf(service));
    return known?.identity === identityOf(service) ? known.version : { resources: [], stale: true };
  }

  /** The versions behind APIServices, as `apis/GROUP/VERSION`. */
  get paths(): ReadonlySet<string> {
    return new Set([...this.#table.remote.values()].map(pathOf));
  }

  /** The parts of the OpenAPI v2 document that belong to the versions behind APIServices. */
  v2Parts(): JsonObject[] {
    return [...this.#known.values()].flatMap(({ v2 }) => (v2 ? [v2.document] : []));
  }

  /** The versions with an OpenAPI v3 document, and its hash. */
  v3Hashes(): ReadonlyMap<string, string> {
    const hashes = new Map<string, string>();
    for (const service of this.#table.remote.values()) {
      const hash = this.#known.get(nameOf(service))?.v3Hash;
      if (hash !== undefined) hashes.set(pathOf(service), hash);
    }
    return hashes;
  }

  /** The OpenAPI v3 document at `apis/GROUP/VERSION`, asked for once for each hash; undefined where there is none. */
  async v3(path: string, signal: AbortSignal): Promise<RemoteV3 | undefined> {
    const service = [...this.#table.remote.values()].find((each) => pathOf(each) === path);
    const hash = service && this.#known.get(nameOf(service))?.v3Hash;
    if (!service || hash === undefined) return undefined;
    const known = this.#v3.get(path);
    if (known?.hash === hash) return known;
    const { code, body } = await this.#servers.get(service, `/openapi/v3/${path}`, jsonOnly, limits, signal);
    const document = code === 200 ? parseObject(body) : undefined;
    if (!document) throw new Error(`no OpenAPI document from the server of ${path}: code ${code}`);
    const fetched = { document, hash };
    this.#v3.set(path, fetched);
    return fetched;
  }

  async #refresh(signal: AbortSignal): Promise<void> {
    const services = [...this.#table.remote.values()];
    const names = new Set(services.map(nameOf));
    for (const name of this.#known.keys()) if (!names.has(name)) this.#forget(name);
    const paths = new Set(services.map(pathOf));
    for (const path of this.#v3.keys()) if (!paths.has(path)) this.#v3.delete(path);
    const due = services.filter((service) => this.#isDue(service));
    for (let at = 0; at < due.length; at += maxAtOnce) {
      await Promise.all(due.slice(at, at + maxAtOnce).map((service) => this.#ask(service, signal)));
    }
  }

  #isDue(service: APIService): boolean {
    const known = this.#known.get(nameOf(service));
    if (known?.identity !== identityOf(service)) return true;
    return known.version.stale === isAvailable(service) || this.#clock.now() - known.checkedMs >= refreshMs;
  }

  #forget(name: string): void {
    this.#known.delete(name);
    this.#generation += 1;
  }

  async #ask(service: APIService, signal: AbortSignal): Promise<void> {
    const name = nameOf(service);
    const identity = identityOf(service);
    const previous = this.#known.get(name);
    const old = previous?.identity === identity ? previous : undefined;
    const checkedMs = this.#clock.now();
    const resources = isAvailable(service) ? await this.#resources(service, signal) : undefined;
    if (!resources) {
      const version = { resources: old?.version.resources ?? [], stale: true };
      this.#learn(name, { identity, checkedMs, version, v2: old?.v2, v3Hash: old?.v3Hash }, previous);
      return;
    }
    const v2 = await this.#v2(service, old?.v2, signal);
    const v3Hash = await this.#v3Hash(service, signal);
    this.#learn(name, { identity, checkedMs, version: { resources, stale: false }, v2, v3Hash }, previous);
  }

  #learn(name: string, next: Known, previous: Known | undefined): void {
    this.#known.set(name, next);
    const same =
      previous?.identity === next.identity &&
      previous.v2 === next.v2 &&
      previous.v3Hash === next.v3Hash &&
      JSON.stringify(previous.version) === JSON.stringify(next.version);
    if (!same) this.#generation += 1;
  }

  /** From aggregated discovery, or from legacy discovery where the server has nothing else. */
  async #resources(service: APIService, signal: AbortSignal): Promise<readonly unknown[] | undefined> {
    const { group = "", version = "" } = service.spec;
    return this.#attempt("discovery", service, signal, async () => {
      const accept = { accept: `${aggregatedList}, application/json;q=0.5` };
      const all = await this.#servers.get(service, "/apis", accept, discoveryLimits, signal);
      if (all.code === 200 && /g=apidiscovery\.k8s\.io/.test(all.headers["content-type"] ?? "")) {
        const listed = resourcesIn(parseObject(all.body), group, version);
        if (listed) return listed;
      }
      const own = await this.#servers.get(
        service,
        groupVersionPath({ group, version }),
        jsonOnly,
        discoveryLimits,
        signal,
      );
      const list = own.code === 200 ? parseObject(own.body) : undefined;
      if (!Array.isArray(list?.["resources"])) throw new Error(`no discovery document: code ${own.code}`);
      return discoveryResources((list as unknown as APIResourceList).resources, { group, version });
    });
  }

  async #v2(service: APIService, old: JsonPart | undefined, signal: AbortSignal): Promise<JsonPart | undefined> {
    const { group = "", version = "" } = service.spec;
    return this.#attempt("OpenAPI v2", service, signal, async () => {
      const headers = { ...jsonOnly, ...(old?.etag !== undefined && { "if-none-match": old.etag }) };
      const answer = await this.#servers.get(service, "/openapi/v2", headers, limits, signal);
      if (answer.code === 304) return old;
      const document = answer.code === 200 ? parseObject(answer.body) : undefined;
      return (
        document && { etag: answer.headers.etag, document: ownPart(document, groupVersionPath({ group, version })) }
      );
    });
  }

  async #v3Hash(service: APIService, signal: AbortSignal): Promise<string | undefined> {
    return this.#attempt("OpenAPI v3", service, signal, async () => {
      const { code, body } = await this.#servers.get(service, "/openapi/v3", jsonOnly, limits, signal);
      const paths = code === 200 ? parseObject(body)?.["paths"] : undefined;
      const entry = isObject(paths) ? paths[pathOf(service)] : undefined;
      const url = isObject(entry) ? entry["serverRelativeURL"] : undefined;
      if (typeof url !== "string") return undefined;
      return new URL(url, "https://server").searchParams.get("hash") ?? "";
    });
  }

  async #attempt<T>(
    what: string,
    service: APIService,
    signal: AbortSignal,
    ask: () => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      this.#log.debug("an aggregated server's document was not read", { what, name: nameOf(service), error });
      return undefined;
    }
  }
}

const jsonOnly = { accept: "application/json" };

function nameOf({ metadata }: APIService): string {
  return metadata.name ?? "";
}

function pathOf({ spec }: APIService): string {
  return groupVersionPath({ group: spec.group ?? "", version: spec.version ?? "" }).slice(1);
}

function identityOf({ metadata, spec }: APIService): string {
  return `${metadata.uid} ${JSON.stringify(spec.service)}`;
}

function parseObject(body: Buffer): JsonObject | undefined {
  const value: unknown = JSON.parse(body.toString());
  return isObject(value) ? value : undefined;
}

/** The resources of a version in an aggregated discovery document. */
function resourcesIn(list: JsonObject | undefined, group: string, version: string): readonly unknown[] | undefined {
  const items = Array.isArray(list?.["items"]) ? list["items"] : [];
  for (const item of items) {
    if (!isObject(item) || !isObject(item["metadata"]) || item["metadata"]["name"] !== group) continue;
    for (const each of Array.isArray(item["versions"]) ? item["versions"] : []) {
      if (!isObject(each) || each["version"] !== version) continue;
      return Array.isArray(each["resources"]) ? each["resources"] : [];
    }
  }
  return undefined;
}
