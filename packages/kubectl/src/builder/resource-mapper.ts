import { goQuote } from "@kube-ts/api/go-quote";
import { CommandError, ExitCodeError } from "../command-line/command-error.ts";
import type { ApiResource, Discovery } from "./discovery.ts";

/** Asks the server again; undefined when what is known comes from it already. */
export type Rediscover = () => Promise<Discovery | undefined>;

/**
 * Names of resources and kinds, resolved against what the server has. What is not found in a remembered answer is
 * looked for in a new one.
 */
export class ResourceMapper {
  #discovery: Discovery;
  readonly #rediscover: Rediscover;

  constructor(discovery: Discovery, rediscover: Rediscover = () => Promise.resolve(undefined)) {
    this.#discovery = discovery;
    this.#rediscover = rediscover;
  }

  get discovery(): Discovery {
    return this.#discovery;
  }

  /**
   * The resource that a user means: plural, singular, kind or short name in any case, alone or qualified by group
   * (`deployments.apps`) or by version and group (`deployments.v1.apps`). Throws a CommandError.
   */
  async resolve(name: string): Promise<ApiResource> {
    return this.#resolved(name, (message) => new CommandError(message));
  }

  /** As `resolve`, for commands that tell of a failure without any word before it. */
  async resolvePlainly(name: string): Promise<ApiResource> {
    const dot = name.indexOf(".");
    const place = dot < 0 ? "" : ` in group ${goQuote(name.slice(dot + 1))}`;
    return this.#resolved(name, (message) => new ExitCodeError(message + place, 1));
  }

  async #resolved(name: string, failure: (message: string) => CommandError): Promise<ApiResource> {
    const found = await this.find(name);
    if (found) return found;
    throw failure(`the server doesn't have a resource type ${goQuote(baseName(name))}`);
  }

  find(name: string): Promise<ApiResource | undefined> {
    return this.#search(() => this.findKnown(name));
  }

  /** Looks only in what is known already. */
  findKnown(name: string): ApiResource | undefined {
    const wanted = name.toLowerCase();
    const dot = wanted.indexOf(".");
    if (dot < 0) return this.#match(wanted, () => true);
    const base = wanted.slice(0, dot);
    const rest = wanted.slice(dot + 1);
    const second = rest.indexOf(".");
    if (second >= 0 || /^v\d/.test(rest)) {
      const version = second < 0 ? rest : rest.slice(0, second);
      const group = second < 0 ? "" : rest.slice(second + 1);
      const exact = this.#match(base, (resource) => resource.version === version && resource.group === group);
      if (exact) return exact;
    }
    return (
      this.#match(base, (resource) => resource.group === rest) ??
      this.#match(base, (resource) => resource.group.startsWith(rest))
    );
  }

  forKind(apiVersion: string, kind: string): Promise<ApiResource | undefined> {
    const slash = apiVersion.indexOf("/");
    const group = slash < 0 ? "" : apiVersion.slice(0, slash);
    const version = apiVersion.slice(slash + 1);
    return this.#search(() =>
      this.#discovery.resources.find(
        (resource) => resource.group === group && resource.version === version && resource.kind === kind,
      ),
    );
  }

  async #search(look: () => ApiResource | undefined): Promise<ApiResource | undefined> {
    const found = look();
    if (found) return found;
    const renewed = await this.#rediscover();
    if (!renewed) return undefined;
    this.#discovery = renewed;
    return look();
  }

  /** The resources in a category such as `all`; undefined where there is no such category. */
  category(name: string): ApiResource[] | undefined {
    const wanted = name.toLowerCase();
    const preferred = this.preferred().filter((resource) => resource.categories.includes(wanted));
    return preferred.length === 0 ? undefined : preferred;
  }

  /** Each resource once, in its group's preferred version. */
  preferred(): ApiResource[] {
    const seen = new Set<string>();
    return this.discovery.resources.filter(({ group, plural }) => {
      const key = `${plural}.${group}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
  }

  #match(name: string, among: (resource: ApiResource) => boolean): ApiResource | undefined {
    const resources = this.discovery.resources.filter(among);
    return (
      resources.find((resource) => resource.plural === name) ??
      resources.find((resource) => resource.shortNames.includes(name)) ??
      resources.find((resource) => resource.singular === name) ??
      resources.find((resource) => resource.kind.toLowerCase() === name)
    );
  }
}

function baseName(name: string): string {
  const dot = name.indexOf(".");
  return dot < 0 ? name : name.slice(0, dot);
}

/** `pods`, `deployments.apps`: how messages name a resource. */
export function qualifiedPlural({ plural, group }: ApiResource): string {
  return group === "" ? plural : `${plural}.${group}`;
}

/** `pod`, `deployment.apps`: how output names a kind. */
export function qualifiedKind(kind: string, group: string): string {
  return group === "" ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`;
}

/** The URL path of a collection, an object or a subresource. */
export function pathOf(resource: ApiResource, namespace?: string, name?: string, subresource?: string): string {
  let path = resource.group === "" ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  if (resource.namespaced && namespace) path += `/namespaces/${encodeURIComponent(namespace)}`;
  path += `/${resource.plural}`;
  if (name !== undefined) path += `/${encodeURIComponent(name)}`;
  return subresource ? `${path}/${subresource}` : path;
}

export function apiVersionOf({ group, version }: { readonly group: string; readonly version: string }): string {
  return group === "" ? version : `${group}/${version}`;
}
