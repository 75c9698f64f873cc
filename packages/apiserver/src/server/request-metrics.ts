import type { IncomingMessage } from "node:http";
import { HotCounter, HotHistogram } from "@kube-ts/std/hot-metrics";
import { Gauge, requestDurationBuckets } from "@kube-ts/std/metrics";
import type { Registry } from "@kube-ts/std/metrics";
import type { Deprecation } from "../endpoints/api-lifecycle.ts";
import type { RequestInfo, ResourceRequest } from "../endpoints/request-info.ts";
import type { RequestTarget, RequestTargets } from "./request-target.ts";

const resourceLabels = ["group", "version", "resource", "subresource", "scope", "component"] as const;
const component = "apiserver";
const sliBuckets = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];
const sizeBuckets = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/** What became of a request, for its metrics. */
export interface Outcome {
  readonly code: number;
  readonly durationMs: number;
  /** The part of the duration for which it waited for its turn. */
  readonly waitedMs: number;
  /** With its headers. */
  readonly answerBytes: number;
  /** Whether it was given up instead of answered. */
  readonly terminated: boolean;
}

/** Counts and times requests, under upstream's metric names. What clients make up never becomes a label. */
export class RequestMetrics {
  readonly #targets: Pick<RequestTargets, "find">;
  readonly #total: HotCounter;
  readonly #duration: HotHistogram;
  readonly #ownDuration: HotHistogram;
  readonly #sizes: HotHistogram;
  readonly #terminations: HotCounter;
  readonly #deprecated: Gauge<"group" | "version" | "resource" | "subresource" | "removed_release">;
  readonly #toldOf = new Set<string>();
  readonly #longRunning: Gauge;

  constructor(registry: Registry, targets: Pick<RequestTargets, "find">) {
    this.#targets = targets;
    this.#total = new HotCounter({
      name: "apiserver_request_total",
      help: "Requests answered, by what was asked and the status code.",
      labelNames: ["verb", "dry_run", ...resourceLabels, "code"],
      registry,
    });
    this.#duration = new HotHistogram({
      name: "apiserver_request_duration_seconds",
      help: "Time from the arrival of a request to the end of its answer; long-running requests left out.",
      labelNames: ["verb", "dry_run", ...resourceLabels],
      buckets: requestDurationBuckets,
      registry,
    });
    this.#ownDuration = new HotHistogram({
      name: "apiserver_request_sli_duration_seconds",
      help: "As apiserver_request_duration_seconds, without the time that requests waited for their turn.",
      labelNames: ["verb", ...resourceLabels],
      buckets: sliBuckets,
      registry,
    });
    this.#sizes = new HotHistogram({
      name: "apiserver_response_sizes",
      help: "Bytes of the answers to requests that read, with their headers.",
      labelNames: ["verb", ...resourceLabels],
      buckets: sizeBuckets,
      registry,
    });
    this.#terminations = new HotCounter({
      name: "apiserver_request_terminations_total",
      help: "Requests given up because there were too many or their time was up.",
      labelNames: ["verb", ...resourceLabels, "code"],
      registry,
    });
    const registers = [registry];
    this.#deprecated = new Gauge({
      name: "apiserver_requested_deprecated_apis",
      help: "1 for each deprecated version that somebody has asked for, with the release that has it no more.",
      labelNames: ["group", "version", "resource", "subresource", "removed_release"],
      registers,
    });
    this.#longRunning = new Gauge({
      name: "apiserver_longrunning_requests",
      help: "Requests being answered now that have no deadline.",
      labelNames: ["verb", ...resourceLabels],
      registers,
    });
  }

  /** Counts a long-running request until it is disposed of; undefined for what is not known. */
  enterLongRunning(info: RequestInfo): Disposable | undefined {
    const target = info.kind === "resource" ? this.#targets.find(info) : undefined;
    if (info.kind !== "resource" || !target) return undefined;
    const { group, version, resource, subresource } = info;
    const verb = verbOf(info, target, undefined);
    const labels = { verb, group, version, resource, subresource, scope: scopeOf(info), component };
    this.#longRunning.inc(labels);
    return { [Symbol.dispose]: () => this.#longRunning.dec(labels) };
  }

  /** Records an answered request. */
  observe(request: IncomingMessage, info: RequestInfo | undefined, outcome: Outcome): void {
    const code = String(outcome.code);
    const target = info?.kind === "resource" ? this.#targets.find(info) : undefined;
    if (info?.kind !== "resource" || !target) {
      this.#total.with("other", "", "", "", "", "", "", "", code).inc();
      return;
    }
    const { group, version, resource, subresource } = info;
    const verb = verbOf(info, target, request.headers["content-type"]);
    const scope = scopeOf(info);
    const dryRun = writes.has(verb) && info.query.get("dryRun") === "All" ? "All" : "";
    this.#total.with(verb, dryRun, group, version, resource, subresource, scope, component, code).inc();
    if (target.deprecation) this.#tellOf(info, target.deprecation);
    if (outcome.terminated) {
      this.#terminations.with(verb, group, version, resource, subresource, scope, component, code).inc();
    }
    if (verb === "WATCH" || verb === "CONNECT") return;
    const series = this.#duration.with(verb, dryRun, group, version, resource, subresource, scope, component);
    series.observe(outcome.durationMs / 1000);
    const own = this.#ownDuration.with(verb, group, version, resource, subresource, scope, component);
    own.observe((outcome.durationMs - outcome.waitedMs) / 1000);
    if (verb !== "GET" && verb !== "LIST") return;
    this.#sizes.with(verb, group, version, resource, subresource, scope, component).observe(outcome.answerBytes);
  }

  #tellOf({ group, version, resource, subresource }: ResourceRequest, { removedRelease }: Deprecation): void {
    const key = `${group}/${version}/${resource}/${subresource}`;
    if (this.#toldOf.has(key)) return;
    this.#toldOf.add(key);
    this.#deprecated.set({ group, version, resource, subresource, removed_release: removedRelease }, 1);
  }
}

const verbs: Readonly<Record<string, string>> = {
  get: "GET",
  list: "LIST",
  watch: "WATCH",
  create: "POST",
  update: "PUT",
  patch: "PATCH",
  delete: "DELETE",
  deletecollection: "DELETECOLLECTION",
};
const writes: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "APPLY", "DELETE", "DELETECOLLECTION"]);

/** The verb in upstream's metrics, which are named after methods. */
function verbOf({ verb }: ResourceRequest, target: RequestTarget, contentType: string | undefined): string {
  if (target.isConnection) return "CONNECT";
  if (verb === "patch" && contentType?.startsWith("application/apply-patch")) return "APPLY";
  return (Object.hasOwn(verbs, verb) ? verbs[verb] : undefined) ?? "other";
}

function scopeOf({ name, verb, namespace }: ResourceRequest): string {
  if (name !== "" || verb === "create") return "resource";
  return namespace === "" ? "cluster" : "namespace";
}
