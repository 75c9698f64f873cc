import { isIP } from "node:net";
import { checkServerIdentity, createSecureContext } from "node:tls";
import { credentials, Metadata, status } from "@grpc/grpc-js";
import type { ChannelCredentials, ChannelOptions, Client } from "@grpc/grpc-js";
import { Host } from "etcd3/lib/connection-pool.js";
import type { GrpcError } from "./errors.ts";

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

const channelOptions: ChannelOptions = {
  "grpc.max_receive_message_length": 2 ** 31 - 1,
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 2_000,
  "grpc.enable_retries": 0,
  "grpc.enable_channelz": 0,
  "grpc-node.flow_control_window": 4 * 1024 * 1024,
};

/** Sent as TLS server name to members that are addressed by IP, for which the protocol has none. */
const serverNameOfAddress = "localhost";

const asIs = (message: Buffer) => message;
const noMetadata = new Metadata();

class CallError extends Error implements GrpcError {
  readonly code: number;
  readonly details: string;

  constructor(code: number, details: string) {
    super(`${code} ${status[code]}: ${details}`);
    this.code = code;
    this.details = details;
  }
}

/**
 * One member of the cluster, on etcd3's connection to a host. Messages go over it already encoded: etcd3's own
 * encoding through reflection, and its retries, cost about as much CPU as the rest of a small call.
 */
export class EtcdEndpoint {
  readonly url: string;
  readonly #host: Host;
  readonly #requireLeader = new Metadata();

  constructor(url: string, tls: EtcdTls | undefined) {
    this.url = url;
    const { protocol, hostname } = new URL(url);
    if (protocol !== "http:" && protocol !== "https:") throw new Error(`not an http(s) URL of etcd: ${url}`);
    const address = hostname.replace(/^\[|\]$/g, "");
    const secure = protocol === "https:";
    const options = secure && isIP(address) ? { "grpc.ssl_target_name_override": serverNameOfAddress } : {};
    const channelCredentials = secure ? tlsCredentials(address, tls) : credentials.createInsecure();
    this.#host = new Host(url, channelCredentials, { ...channelOptions, ...options });
    this.#requireLeader.set("hasleader", "true");
  }

  /**
   * Calls a method; rejects with the gRPC error or the signal's reason. The call is made on the client's channel:
   * its own unary call adds an event emitter, interceptors and the capture of a stack.
   */
  unary(service: ServiceName, method: string, request: Buffer, { signal, deadlineMs }: UnaryOptions): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const channel = this.#client(service).getChannel();
      const call = channel.createCall(`/etcdserverpb.${service}/${method}`, deadlineMs, null, null, null);
      const onAbort = () => {
        call.cancelWithStatus(status.CANCELLED, "canceled");
        reject(signal.reason as Error);
      };
      let response: Buffer | undefined;
      call.start(noMetadata, {
        onReceiveMetadata: () => {},
        onReceiveMessage: (message: Buffer) => {
          response = message;
        },
        onReceiveStatus: ({ code, details }) => {
          signal.removeEventListener("abort", onAbort);
          if (code !== status.OK) reject(new CallError(code, details));
          else if (response) resolve(response);
          else reject(new CallError(status.UNIMPLEMENTED, "No message received"));
        },
      });
      call.startRead();
      call.sendMessageWithContext({}, request);
      call.halfClose();
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  /** Opens a stream that the member ends when it has lost the cluster's leader. */
  stream(service: ServiceName, method: string): MessageStream {
    const path = `/etcdserverpb.${service}/${method}`;
    return this.#client(service).makeBidiStreamRequest(path, asIs, asIs, this.#requireLeader);
  }

  close(): void {
    this.#host.close();
  }

  #client(service: ServiceName): Client {
    return this.#host.getServiceClient(service);
  }
}

/** Credentials that check the member's certificate against the address that it is reached at. */
function tlsCredentials(address: string, tls: EtcdTls | undefined): ChannelCredentials {
  const secureContext = createSecureContext({ ca: tls?.ca, cert: tls?.cert, key: tls?.key });
  return credentials.createFromSecureContext(secureContext, {
    checkServerIdentity: (_serverName, certificate) => checkServerIdentity(address, certificate),
  });
}
