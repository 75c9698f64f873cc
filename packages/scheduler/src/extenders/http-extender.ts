import { readFileSync } from "node:fs";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Container, Node, Pod } from "@kube-ts/api/core/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import { nameOf } from "@kube-ts/api/object";
import { withTimeout } from "@kube-ts/std/abort";
import { Agent, request as httpRequest } from "@kube-ts/std/node-http";
import { readAnswer } from "@kube-ts/std/read-answer";
import type { ExtenderConfig } from "../config/extender-config.ts";
import { checkBindAnswer, filterAnswer, prioritizeAnswer } from "./extender-answer.ts";
import type { Extender, ExtenderFilterResult } from "./extender.ts";

/** An answer may hold every node of the cluster. */
const maxAnswerBytes = 64 * 1024 * 1024;
/** One pod is looked at at a time, but bindings run beside that. */
const maxSockets = 32;

/** An extender behind a URL, by upstream's protocol `kube-scheduler/extender/v1`. */
export class HttpExtender implements Extender, Disposable {
  readonly name: string;
  readonly #config: ExtenderConfig;
  readonly #agent: InstanceType<typeof Agent>;

  constructor(config: ExtenderConfig) {
    this.name = config.urlPrefix;
    this.#config = config;
    this.#agent = agentOf(config);
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }

  get filters(): boolean {
    return this.#config.filterVerb !== "";
  }

  get prioritizes(): boolean {
    return this.#config.prioritizeVerb !== "";
  }

  get binds(): boolean {
    return this.#config.bindVerb !== "";
  }

  get weight(): number {
    return this.#config.weight;
  }

  get ignorable(): boolean {
    return this.#config.ignorable;
  }

  isInterested({ spec }: Pod): boolean {
    const { managedResources } = this.#config;
    if (managedResources.size === 0) return true;
    const wants = ({ resources }: Container) =>
      [resources?.requests, resources?.limits].some((amounts) =>
        Object.keys(amounts ?? {}).some((name) => managedResources.has(name)),
      );
    return spec.containers.some(wants) || (spec.initContainers ?? []).some(wants);
  }

  async filter(pod: Pod, nodes: readonly Node[], signal: AbortSignal): Promise<ExtenderFilterResult> {
    const { filterVerb, nodeCacheCapable } = this.#config;
    const answer = await this.#send(filterVerb, this.#question(pod, nodes), signal);
    return filterAnswer(answer, nodes, { extender: this.name, nodeCacheCapable });
  }

  async prioritize(pod: Pod, nodes: readonly Node[], signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
    return prioritizeAnswer(await this.#send(this.#config.prioritizeVerb, this.#question(pod, nodes), signal));
  }

  async bind({ metadata }: Pod, nodeName: string, signal: AbortSignal): Promise<void> {
    const { name, namespace, uid } = metadata;
    const body = { PodName: name, PodNamespace: namespace, PodUID: uid, Node: nodeName };
    checkBindAnswer(await this.#send(this.#config.bindVerb, body, signal));
  }

  #question(pod: Pod, nodes: readonly Node[]): object {
    return this.#config.nodeCacheCapable
      ? { Pod: pod, Nodes: null, NodeNames: nodes.map(nameOf) }
      : { Pod: pod, Nodes: { metadata: {}, items: nodes }, NodeNames: null };
  }

  async #send(verb: string, body: object, signal: AbortSignal): Promise<unknown> {
    const url = `${this.#config.urlPrefix.replace(/\/+$/, "")}/${verb}`;
    const answer = await post(url, body, this.#agent, withTimeout(signal, this.#config.timeoutMs)).catch(
      (error: unknown) => {
        signal.throwIfAborted();
        throw new Error(`Post ${goQuote(url)}: ${callProblem(error, url)}`, { cause: error });
      },
    );
    if (answer.status !== 200) throw new Error(`failed ${verb} with extender at URL ${url}, code ${answer.status}`);
    return JSON.parse(answer.text) as unknown;
  }
}

function agentOf({ urlPrefix, enableHTTPS, tls }: ExtenderConfig): InstanceType<typeof Agent> {
  if (!urlPrefix.startsWith("https:")) return new Agent({ keepAlive: true, maxSockets });
  const part = (file: string | undefined, data: string | undefined) =>
    data ? Buffer.from(data, "base64") : file ? readFileSync(file) : undefined;
  const [ca, cert, key] = [
    part(tls.caFile, tls.caData),
    part(tls.certFile, tls.certData),
    part(tls.keyFile, tls.keyData),
  ];
  // As upstream has it: asked for HTTPS and given nobody to trust, it trusts whoever answers.
  const isInsecure = tls.insecure === true || (enableHTTPS && !ca);
  return new HttpsAgent({
    keepAlive: true,
    maxSockets,
    rejectUnauthorized: !isInsecure,
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(tls.serverName && { servername: tls.serverName }),
  });
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function post(url: string, body: object, agent: InstanceType<typeof Agent>, signal: AbortSignal): Promise<Answer> {
  const payload = JSON.stringify(body);
  const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(payload) };
  const start = url.startsWith("https:") ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = start(url, { method: "POST", agent, headers, signal }, (response) => {
      readAnswer(response, maxAnswerBytes).then(
        (answer) => resolve({ status: response.statusCode ?? 0, text: answer.toString() }),
        reject,
      );
    });
    outgoing.on("error", reject);
    outgoing.end(payload);
  });
}

/** What went wrong with a call, in upstream's words where clients may know them. */
function callProblem(error: unknown, url: string): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? error.code : undefined;
  if (code === "ECONNREFUSED") return `dial tcp ${new URL(url).host}: connect: connection refused`;
  const cause = error.cause instanceof Error ? error.cause : error;
  if (cause.name === "TimeoutError")
    return "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
  return error.message;
}
