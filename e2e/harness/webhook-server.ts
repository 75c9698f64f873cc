import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Server, createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AdmissionRequest, AdmissionResponse } from "@kube-ts/api/admission/v1";
import { Authority } from "../../deploy/pki/authority.ts";

/** A call as the webhook got it. */
export interface WebhookRequest {
  readonly path: string;
  readonly apiVersion: string;
  readonly request: AdmissionRequest;
}

/** What a webhook says; the uid is added. */
export type Answer = (call: WebhookRequest) => Omit<AdmissionResponse, "uid"> | Promise<Omit<AdmissionResponse, "uid">>;
/** Answers as it likes, the protocol notwithstanding. */
export type RawAnswer = (request: IncomingMessage, response: ServerResponse) => void;

/** An HTTPS server on loopback with webhooks behind its paths; it keeps what it was asked. */
export class WebhookServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #directory: string;
  readonly #answers = new Map<string, Answer>();
  readonly #raw = new Map<string, RawAnswer>();
  readonly calls: WebhookRequest[] = [];
  /** How many connections were made to it. */
  connections = 0;
  /** The certificate that it is checked against, as configurations carry it. */
  readonly caBundle: string;

  private constructor(server: Server, directory: string, caBundle: string) {
    this.#server = server;
    this.#directory = directory;
    this.caBundle = caBundle;
    server.on("request", (request, response) => void this.#serve(request, response));
    server.on("secureConnection", () => (this.connections += 1));
  }

  /** `hosts` are the alternative names that its certificate carries; `commonName` is the one that does not count. */
  static async start(
    hosts: readonly string[] = ["127.0.0.1", "localhost"],
    commonName = "webhook",
  ): Promise<WebhookServer> {
    const directory = mkdtempSync(join(tmpdir(), "kube-ts-webhook-"));
    const authority = await Authority.open(directory, "ca", "webhooks");
    const { cert, key } = await authority.issue("webhook", {
      commonName,
      ...(hosts.length > 0 && { hosts }),
      usages: ["server"],
    });
    const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new WebhookServer(server, directory, readFileSync(authority.certFile).toString("base64"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
    rmSync(this.#directory, { recursive: true, force: true });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  on(path: string, answer: Answer): void {
    this.#answers.set(path, answer);
  }

  onRaw(path: string, answer: RawAnswer): void {
    this.#raw.set(path, answer);
  }

  /** How a configuration names the webhook behind the path. */
  config(path: string): { readonly url: string; readonly caBundle: string } {
    return { url: `https://127.0.0.1:${this.port}${path}`, caBundle: this.caBundle };
  }

  /** The calls of a path so far. */
  of(path: string): WebhookRequest[] {
    return this.calls.filter((call) => call.path === path);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "").replace(/\?.*/, "");
    const raw = this.#raw.get(path);
    if (raw) {
      request.resume();
      raw(request, response);
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const review = JSON.parse(Buffer.concat(chunks).toString()) as { apiVersion: string; request: AdmissionRequest };
    const call = { path, apiVersion: review.apiVersion, request: review.request };
    this.calls.push(call);
    const answer = await (this.#answers.get(path) ?? (() => ({ allowed: true })))(call);
    const { apiVersion } = review;
    const body = { kind: "AdmissionReview", apiVersion, response: { uid: review.request.uid, ...answer } };
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(body));
  }
}

/** A JSON patch as responses carry it. */
export function jsonPatch(...operations: readonly object[]): Pick<AdmissionResponse, "patch" | "patchType"> {
  return { patch: Buffer.from(JSON.stringify(operations)).toString("base64"), patchType: "JSONPatch" };
}
