import type { Clock } from "./clock.ts";
import type { FlagDefinitions } from "./flags.ts";
import { type FlagType, flagTexts } from "./flag-values.ts";
import { kubernetesVersion } from "./version.ts";

/** A page about the process, as it is to be answered. */
export interface ZPage {
  readonly status: 200 | 406;
  readonly contentType: string;
  readonly body: string;
  /** The `Warning` header. */
  readonly warning?: string;
}

export interface ZPagesOptions {
  /** The daemon's name, such as `kube-scheduler`. */
  readonly component: string;
  readonly definitions: FlagDefinitions;
  /** The values of the flags by name. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly clock: Clock;
}

type Kind = "Statusz" | "Flagz";

const kinds: ReadonlyMap<string, Kind> = new Map([
  ["/statusz", "Statusz"],
  ["/flagz", "Flagz"],
]);

/** Where the pages are. */
export const zpagePaths: readonly string[] = [...kinds.keys()];

const group = "config.k8s.io";
const versions = ["v1beta1", "v1alpha1"];
const deprecatedVersion = "v1alpha1";
const mediaTypes = ["application/json", "application/yaml", "text/plain"] as const;
const caution =
  "Warning: This endpoint is not meant to be machine parseable, has no formatting compatibility guarantees and is for debugging purposes only.";

/**
 * Pages with which people find out what a daemon is and how it was started: `/statusz` and `/flagz` (KEP-4827, KEP-4828), as
 * text or as objects of `config.k8s.io`. Whoever serves them sees to it that the client may have them.
 */
export class ZPages {
  readonly #options: ZPagesOptions;
  readonly #startedMs: number;

  /** The process is taken to have started now. */
  constructor(options: ZPagesOptions) {
    this.#options = options;
    this.#startedMs = options.clock.now();
  }

  /** The page at the path in what the `Accept` header asks for; undefined for another path. `paths` is what else there is. */
  async page(path: string, accept: string | undefined, paths: readonly string[]): Promise<ZPage | undefined> {
    const kind = kinds.get(path);
    if (!kind) return undefined;
    const form = negotiate(kind, accept ?? "");
    if (!form) return notAcceptable();
    if (form.mediaType === "text/plain") {
      const lines = kind === "Statusz" ? this.#statusText(paths) : this.#flagText();
      return { status: 200, contentType: "text/plain; charset=utf-8", body: lines };
    }
    const object = {
      kind,
      apiVersion: `${group}/${form.version}`,
      metadata: { name: this.#options.component },
      ...(kind === "Statusz" ? this.#status(paths) : { flags: this.#flags() }),
    };
    const body =
      form.mediaType === "application/json"
        ? `${JSON.stringify(object)}\n`
        : (await import("./yaml.ts")).formatYaml(object);
    const { mediaType: contentType } = form;
    return {
      status: 200,
      contentType,
      body,
      ...(form.version === deprecatedVersion && { warning: deprecation(kind) }),
    };
  }

  #status(paths: readonly string[]) {
    const binaryVersion = kubernetesVersion.slice(1);
    const [major, minor] = binaryVersion.split(".");
    return {
      startTime: new Date(this.#startedMs).toISOString().replace(/\.\d+Z$/, "Z"),
      uptimeSeconds: this.#uptimeSeconds,
      goVersion: `node ${process.version}`,
      binaryVersion,
      emulationVersion: `${major}.${minor}`,
      minimumCompatibilityVersion: `${major}.${Number(minor) - 1}`,
      paths: folders(paths),
    };
  }

  get #uptimeSeconds(): number {
    return Math.max(0, Math.floor((this.#options.clock.now() - this.#startedMs) / 1000));
  }

  #flags(): Record<string, string> {
    const { definitions, values } = this.#options;
    const entries = Object.entries(definitions).map(
      ([name, { type }]) => [name, flagText(type, values[name])] as const,
    );
    return Object.fromEntries(entries.toSorted(([left], [right]) => (left < right ? -1 : 1)));
  }

  #statusText(paths: readonly string[]): string {
    const { goVersion, binaryVersion, emulationVersion, paths: shown } = this.#status(paths);
    const seconds = this.#uptimeSeconds;
    const two = (value: number) => String(value).padStart(2, "0");
    const up = `${Math.floor(seconds / 3600)} hr ${two(Math.floor(seconds / 60) % 60)} min ${two(seconds % 60)} sec`;
    const lines = [
      `Started: ${unixDate(this.#startedMs)}`,
      `Up: ${up}`,
      `Go version: ${goVersion}`,
      `Binary version: ${binaryVersion}`,
      `Emulation version: ${emulationVersion}`,
      `Paths: ${shown.join(" ")}`,
    ];
    return `\n${this.#options.component} statusz\n${caution}\n\n${lines.join("\n")}\n`;
  }

  #flagText(): string {
    const lines = Object.entries(this.#flags()).map(([name, text]) => `${name}=${text}\n`);
    return `\n${this.#options.component} flagz\n${caution}\n${lines.join("")}`;
  }
}

function flagText(type: FlagType, value: unknown): string {
  return value === undefined ? "" : (flagTexts[type] as (value: unknown) => string)(value);
}

interface Form {
  readonly mediaType: (typeof mediaTypes)[number];
  readonly version: string;
}

/** The first form of the header that there is: objects have to be asked for by name, text is for everybody else. */
function negotiate(kind: Kind, accept: string): Form | undefined {
  if (accept.trim() === "") return { mediaType: "text/plain", version: "" };
  const clauses = accept.split(",").map(parseClause);
  for (const { range, parameters } of clauses.toSorted((left, right) => right.quality - left.quality)) {
    for (const mediaType of mediaTypes) {
      const [type = ""] = mediaType.split("/");
      if (range !== "*/*" && range !== `${type}/*` && range !== mediaType) continue;
      const version = parameters.get("v") ?? "";
      const isNamed = parameters.get("as") === kind && parameters.get("g") === group && versions.includes(version);
      const isPlain = !["as", "g", "v"].some((name) => parameters.has(name));
      if (mediaType === "text/plain" ? isPlain : isNamed) return { mediaType, version };
    }
  }
  return undefined;
}

function parseClause(text: string) {
  const [range = "", ...rest] = text.split(";").map((part) => part.trim());
  const parameters = new Map(
    rest.map((part) => {
      const [name = "", ...value] = part.split("=");
      return [name.toLowerCase(), value.join("=")] as const;
    }),
  );
  const quality = Number(parameters.get("q") ?? "1");
  return { range: range.toLowerCase(), parameters, quality: Number.isFinite(quality) ? quality : 0 };
}

function notAcceptable(): ZPage {
  const message = `only the following media types are accepted: ${mediaTypes.join(", ")}`;
  const status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message };
  const body = `${JSON.stringify({ ...status, reason: "NotAcceptable", code: 406 })}\n`;
  return { status: 406, contentType: "application/json", body };
}

function deprecation(kind: Kind): string {
  return `299 - "This version of the ${kind.toLowerCase()} endpoint is deprecated. Please use a newer version."`;
}

/** Of no use to people who look for what is wrong. */
const uninteresting = new Set(["/apis", "/api", "/openid", "/openapi", "/.well-known"]);

/** The first parts of the paths. */
function folders(paths: readonly string[]): string[] {
  const first = paths.map((path) => `/${path.split("/")[1] ?? ""}`);
  return [...new Set(first)].filter((folder) => folder !== "/" && !uninteresting.has(folder)).toSorted();
}

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** As `date` prints it, in UTC. */
function unixDate(epochMs: number): string {
  const date = new Date(epochMs);
  const day = String(date.getUTCDate()).padStart(2);
  const time = date.toISOString().slice(11, 19);
  return `${days[date.getUTCDay()]} ${months[date.getUTCMonth()]} ${day} ${time} UTC ${date.getUTCFullYear()}`;
}
