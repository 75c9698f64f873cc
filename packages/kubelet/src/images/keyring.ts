import type { RegistryAuth } from "../runtime/image-service.ts";
import type { RegistryCredentials } from "./docker-config.ts";

const defaultRegistry = "index.docker.io";

/** A registry location, taken apart: `*.example.com:5000/team`. */
interface Location {
  /** Host and path, by which locations are ordered. */
  readonly key: string;
  readonly hostParts: readonly string[];
  readonly port: string;
  readonly path: string;
}

interface Entry {
  readonly location: Location;
  readonly auth: RegistryAuth;
}

/**
 * Credentials of several sources, asked for by repository. A location matches when every part of its host does
 * (each may hold `*`), the ports are equal and the path is a prefix; the most specific comes first.
 */
export class Keyring {
  readonly #entries: Entry[] = [];

  constructor(sources: readonly RegistryCredentials[]) {
    for (const source of sources) {
      for (const [text, auth] of source) {
        const location = parseLocation(text);
        if (location) this.#entries.push({ location, auth });
      }
    }
    // Reverse order of text puts longer paths before shorter ones and names before wildcards.
    this.#entries.sort((left, right) => compareText(right.location.key, left.location.key));
  }

  /** Credentials to try for a repository such as `docker.io/library/busybox`, best first. */
  lookup(repository: string): readonly RegistryAuth[] {
    const target = parseLocation(repository);
    if (!target) return [];
    const found = this.#entries.filter((entry) => matches(entry.location, target));
    if (found.length > 0) return found.map((entry) => entry.auth);
    if (target.hostParts.join(".") !== "docker.io") return [];
    return this.#entries.filter((entry) => isDefaultRegistry(entry.location)).map((entry) => entry.auth);
  }
}

/** Clients write Docker Hub's location as `https://index.docker.io/v1/`. */
function parseLocation(text: string): Location | undefined {
  const withoutScheme = text.replace(/^https?:\/\//, "");
  const slash = withoutScheme.indexOf("/");
  const host = slash < 0 ? withoutScheme : withoutScheme.slice(0, slash);
  const rawPath = slash < 0 ? "" : withoutScheme.slice(slash);
  const path = /^\/v[12]\//.test(rawPath) ? rawPath.slice(3) : rawPath;
  const { name, port } = splitPort(host);
  if (name === "") return undefined;
  const effective = path === "/" ? "" : path;
  return { key: host + effective, hostParts: name.split("."), port, path: effective };
}

function splitPort(host: string): { readonly name: string; readonly port: string } {
  const match = /^(.*?)(?::(\d+))?$/.exec(host);
  return { name: match?.[1] ?? host, port: match?.[2] ?? "" };
}

function matches(pattern: Location, target: Location): boolean {
  return (
    pattern.port === target.port &&
    pattern.hostParts.length === target.hostParts.length &&
    target.path.startsWith(pattern.path) &&
    pattern.hostParts.every((part, index) => matchesPart(part, target.hostParts[index] ?? ""))
  );
}

function matchesPart(pattern: string, text: string): boolean {
  if (!pattern.includes("*") && !pattern.includes("?")) return pattern === text;
  const escaped = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped}$`).test(text);
}

function isDefaultRegistry(location: Location): boolean {
  return location.hostParts.join(".") === defaultRegistry && location.path === "";
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
