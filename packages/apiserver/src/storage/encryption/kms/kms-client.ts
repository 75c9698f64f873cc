import { Client, type ServiceError, credentials, status as grpcStatus } from "@grpc/grpc-js";
import { ProtoReader, ProtoWriter } from "../../etcd/protobuf.ts";
import { readAnnotation, writeAnnotations } from "./encrypted-object.ts";

export interface KmsStatus {
  readonly version: string;
  readonly healthz: string;
  readonly keyId: string;
}

/** What a KMS made of a key: only it can undo it. */
export interface EncryptedKey {
  readonly ciphertext: Buffer;
  readonly keyId: string;
  readonly annotations: ReadonlyMap<string, Buffer>;
}

/** A KMS v2 plugin. Calls reject when it does not answer in time. */
export interface Kms {
  status(signal: AbortSignal): Promise<KmsStatus>;
  encrypt(uid: string, plaintext: Buffer, signal: AbortSignal): Promise<EncryptedKey>;
  decrypt(uid: string, key: EncryptedKey, signal: AbortSignal): Promise<Buffer>;
  close(): void;
}

/** Told of each call. */
export type CallObserver = (method: string, durationMs: number, grpcCode: string) => void;

const messageBytes = 256 * 1_024;

/** A KMS v2 plugin behind a unix socket. */
export class KmsClient implements Kms {
  readonly #client: Client;
  readonly #timeoutMs: number;
  readonly #observe: CallObserver;

  constructor(endpoint: string, timeoutMs: number, observe: CallObserver) {
    this.#timeoutMs = timeoutMs;
    this.#observe = observe;
    this.#client = new Client(grpcTarget(endpoint), credentials.createInsecure(), {
      "grpc.initial_reconnect_backoff_ms": 100,
      "grpc.max_reconnect_backoff_ms": 1_000,
      "grpc.max_receive_message_length": messageBytes,
    });
  }

  status(signal: AbortSignal): Promise<KmsStatus> {
    return this.#call("Status", Buffer.alloc(0), readStatus, signal);
  }

  encrypt(uid: string, plaintext: Buffer, signal: AbortSignal): Promise<EncryptedKey> {
    const writer = new ProtoWriter(messageBytes);
    writer.bytes(2, Buffer.from(uid));
    writer.bytes(1, plaintext);
    return this.#call("Encrypt", writer.finish(), readEncryptedKey, signal);
  }

  decrypt(uid: string, { ciphertext, keyId, annotations }: EncryptedKey, signal: AbortSignal): Promise<Buffer> {
    const writer = new ProtoWriter(messageBytes);
    writeAnnotations(writer, 4, annotations);
    writer.bytes(3, Buffer.from(keyId));
    writer.bytes(2, Buffer.from(uid));
    writer.bytes(1, ciphertext);
    return this.#call("Decrypt", writer.finish(), readPlaintext, signal);
  }

  close(): void {
    this.#client.close();
  }

  #call<T>(method: string, request: Buffer, read: (reader: ProtoReader) => T, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const startMs = performance.now();
    return new Promise<T>((resolve, reject) => {
      const settled = (error: ServiceError | null, answer: T | undefined) => {
        signal.removeEventListener("abort", cancel);
        this.#observe(method, performance.now() - startMs, grpcStatus[error?.code ?? grpcStatus.OK]);
        if (error)
          reject(new Error(`rpc error: code = ${grpcStatus[error.code]} desc = ${error.details}`, { cause: error }));
        else resolve(answer as T);
      };
      const call = this.#client.makeUnaryRequest(
        `/v2.KeyManagementService/${method}`,
        (message: Buffer) => message,
        (message: Buffer) => read(new ProtoReader(message)),
        request,
        { deadline: Date.now() + this.#timeoutMs },
        settled,
      );
      const cancel = () => call.cancel();
      signal.addEventListener("abort", cancel, { once: true });
    });
  }
}

/** Abstract sockets are written `unix:///@name`. */
function grpcTarget(endpoint: string): string {
  const path = endpoint.replace(/^unix:(\/\/)?/, "");
  return path.startsWith("/@") ? `unix-abstract:${path.slice(2)}` : `unix:${path}`;
}

function readStatus(reader: ProtoReader): KmsStatus {
  const status = { version: "", healthz: "", keyId: "" };
  while (reader.next()) {
    if (reader.field === 1) status.version = reader.text();
    else if (reader.field === 2) status.healthz = reader.text();
    else if (reader.field === 3) status.keyId = reader.text();
    else reader.skip();
  }
  return status;
}

function readEncryptedKey(reader: ProtoReader): EncryptedKey {
  const annotations = new Map<string, Buffer>();
  let ciphertext = Buffer.alloc(0);
  let keyId = "";
  while (reader.next()) {
    if (reader.field === 1) ciphertext = Buffer.from(reader.bytes());
    else if (reader.field === 2) keyId = reader.text();
    else if (reader.field === 3) annotations.set(...reader.message(readAnnotation));
    else reader.skip();
  }
  return { ciphertext, keyId, annotations };
}

function readPlaintext(reader: ProtoReader): Buffer {
  let plaintext = Buffer.alloc(0);
  while (reader.next()) {
    if (reader.field === 1) plaintext = Buffer.from(reader.bytes());
    else reader.skip();
  }
  return plaintext;
}
