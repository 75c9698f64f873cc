import { Etcd3 } from "etcd3";
import type { ICallable, IOptions } from "etcd3";

/** A gRPC connection of etcd3, with the metadata to send along. */
type Connection = Parameters<Parameters<ICallable<unknown>["withConnection"]>[1]>[0];
export type ServiceName = "KV" | "Watch" | "Lease" | "Maintenance";

/** Credentials of a TLS connection to etcd, PEM. */
export interface EtcdTls {
  readonly ca: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** A stream of requests and responses, both encoded messages. */
export interface MessageStream {
  write(message: Buffer): void;
  cancel(): void;
  on(event: "data", listener: (message: Buffer) => void): void;
  on(event: "error", listener: (error: Error) => void): void;
  on(event: "end", listener: () => void): void;
}

export interface UnaryOptions {
  readonly signal: AbortSignal;
  /** Wall-clock milliseconds at which the call fails. */
  readonly deadlineMs: number;
}

/** Runs the call as it is: retries and failover are decided by the caller. */
const plainPolicy = { execute: (call: (context: object) => unknown) => call({ attempt: 0 }) };

const grpcOptions = {
  "grpc.max_receive_message_length": 2 ** 31 - 1,
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 2_000,
  "grpc.enable_retries": 0,
  "grpc.enable_channelz": 0,
  "grpc-node.flow_control_window": 4 * 1024 * 1024,
};

const asIs = (message: Buffer) => message;

/**
 * One member of the cluster. Messages go over etcd3's connections already encoded: etcd3's own encoding through
 * reflection costs about as much CPU as the rest of a small call.
 */
export class EtcdEndpoint extends Etcd3 {
  readonly url: string;
  readonly #connections = new Map<ServiceName, Promise<Connection>>();

  constructor(url: string, tls: EtcdTls | undefined) {
    super({
      hosts: url,
      grpcOptions,
      faultHandling: { global: plainPolicy, host: () => plainPolicy } as unknown as IOptions["faultHandling"],
      ...(tls && { credentials: tlsCredentials(tls) }),
    });
    this.url = url;
  }

  /** Calls a method; rejects with the gRPC error or the signal's reason. */
  async unary(service: ServiceName, method: string, request: Buffer, options: UnaryOptions): Promise<Buffer> {
    const { client, metadata } = await this.#connection(service);
    const { signal, deadlineMs } = options;
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        call.cancel();
        reject(signal.reason as Error);
      };
      const path = `/etcdserverpb.${service}/${method}`;
      const call = client.makeUnaryRequest(
        path,
        asIs,
        asIs,
        request,
        metadata,
        { deadline: deadlineMs },
        (error, response) => {
          signal.removeEventListener("abort", onAbort);
          if (response) resolve(response);
          else reject(error ?? new Error("empty response"));
        },
      );
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  /** Opens a stream that the member ends when it has lost the cluster's leader. */
  async stream(service: ServiceName, method: string): Promise<MessageStream> {
    const { client, metadata } = await this.#connection(service);
    const requireLeader = metadata.clone();
    requireLeader.set("hasleader", "true");
    return client.makeBidiStreamRequest(`/etcdserverpb.${service}/${method}`, asIs, asIs, requireLeader);
  }

  #connection(service: ServiceName): Promise<Connection> {
    let connection = this.#connections.get(service);
    if (!connection) {
      connection = this.pool.withConnection(service, (found) => found);
      this.#connections.set(service, connection);
    }
    return connection;
  }
}

function tlsCredentials(tls: EtcdTls): NonNullable<IOptions["credentials"]> {
  return {
    rootCertificate: tls.ca,
    ...(tls.cert && { certChain: tls.cert }),
    ...(tls.key && { privateKey: tls.key }),
  };
}
