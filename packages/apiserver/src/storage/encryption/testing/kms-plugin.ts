import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { Server, ServerCredentials, type sendUnaryData, status } from "@grpc/grpc-js";
import { ProtoReader, ProtoWriter } from "../../etcd/protobuf.ts";
import { readAnnotation, writeAnnotations } from "../kms/encrypted-object.ts";
import { aesGcm } from "../local-transformers.ts";

const never = new AbortController().signal;
const annotation = "made-by.example.com";

/** A KMS v2 plugin on a unix socket, whose keys a test rotates. */
export class KmsPlugin implements AsyncDisposable {
  readonly socket: string;
  /** `hangs` never answers. */
  mood: "well" | "ill" | "hangs" = "well";
  /** How often each method was called. */
  readonly calls = { Status: 0, Encrypt: 0, Decrypt: 0 };
  readonly #keys = new Map<string, Buffer>();
  #current = "";
  #server: Server | undefined;

  constructor(socket: string) {
    this.socket = socket;
    this.rotate();
  }

  static async start(socket: string): Promise<KmsPlugin> {
    const plugin = new KmsPlugin(socket);
    await plugin.serve();
    return plugin;
  }

  get endpoint(): string {
    return `unix://${this.socket}`;
  }

  rotate(): void {
    this.#current = `key-${this.#keys.size + 1}`;
    this.#keys.set(this.#current, randomBytes(32));
  }

  async serve(): Promise<void> {
    rmSync(this.socket, { force: true });
    const server = new Server();
    const method = (name: keyof KmsPlugin["calls"], answer: (request: Buffer) => Buffer) => ({
      path: `/v2.KeyManagementService/${name}`,
      requestStream: false as const,
      responseStream: false as const,
      requestSerialize: (message: Buffer) => message,
      requestDeserialize: (message: Buffer) => message,
      responseSerialize: (message: Buffer) => message,
      responseDeserialize: (message: Buffer) => message,
      answer,
    });
    const service = {
      Status: method("Status", () => this.#status()),
      Encrypt: method("Encrypt", (request) => this.#encrypt(request)),
      Decrypt: method("Decrypt", (request) => this.#decrypt(request)),
    };
    const handlers = Object.fromEntries(
      Object.entries(service).map(([name, { answer }]) => [
        name,
        (call: { request: Buffer }, callback: sendUnaryData<Buffer>) => {
          this.calls[name as keyof KmsPlugin["calls"]] += 1;
          if (this.mood === "hangs") return;
          if (this.mood === "ill") callback({ code: status.UNAVAILABLE, details: "the plugin is ill" });
          else callback(null, answer(call.request));
        },
      ]),
    );
    server.addService(service, handlers);
    await new Promise<void>((resolve, reject) => {
      server.bindAsync(`unix:${this.socket}`, ServerCredentials.createInsecure(), (error) =>
        error ? reject(error) : resolve(),
      );
    });
    this.#server = server;
  }

  /** The plugin dies; `serve` brings it back. */
  die(): void {
    this.#server?.forceShutdown();
    this.#server = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.die();
    return Promise.resolve();
  }

  #status(): Buffer {
    const writer = new ProtoWriter(256);
    writer.bytes(3, Buffer.from(this.#current));
    writer.bytes(2, Buffer.from("ok"));
    writer.bytes(1, Buffer.from("v2"));
    return writer.finish();
  }

  #encrypt(request: Buffer): Buffer {
    const plaintext = fieldOf(request, 1);
    const key = this.#keys.get(this.#current) ?? Buffer.alloc(0);
    const writer = new ProtoWriter(4_096);
    writeAnnotations(writer, 3, new Map([[annotation, Buffer.from("test")]]));
    writer.bytes(2, Buffer.from(this.#current));
    writer.bytes(1, aesGcm(key).encrypt(plaintext, "", never) as Buffer);
    return writer.finish();
  }

  #decrypt(request: Buffer): Buffer {
    const key = this.#keys.get(fieldOf(request, 3).toString()) ?? Buffer.alloc(32);
    const reader = new ProtoReader(request);
    const annotations = new Map<string, Buffer>();
    while (reader.next()) {
      if (reader.field === 4) annotations.set(...reader.message(readAnnotation));
      else reader.skip();
    }
    if (annotations.get(annotation)?.toString() !== "test") throw new Error("the annotations were not given back");
    const { bytes } = aesGcm(key).decrypt(fieldOf(request, 1), "", never) as { bytes: Buffer };
    const writer = new ProtoWriter(4_096);
    writer.bytes(1, bytes);
    return writer.finish();
  }
}

function fieldOf(message: Buffer, field: number): Buffer {
  const reader = new ProtoReader(message);
  while (reader.next()) {
    if (reader.field === field) return Buffer.from(reader.bytes());
    reader.skip();
  }
  return Buffer.alloc(0);
}
