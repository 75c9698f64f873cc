import { isIP } from "node:net";
import { checkServerIdentity, createSecureContext } from "node:tls";
import { credentials, Metadata } from "@grpc/grpc-js";
import type { ChannelCredentials, ChannelOptions, Client } from "@grpc/grpc-js";
import { Host } from "etcd3/lib/connection-pool.js";
import { UnaryConnection } from "./unary-connection.ts";
import type { UnaryOptions } from "./unary-call.ts";
import type { EtcdTls } from "./unary-connection.ts";

export type ServiceName = "KV" | "Watch" | "Lease" | "Maintenance";

/** A stream of requests and responses, both encoded messages. */
export interface MessageStream {
  write(message: Buffer): void;
  cancel(): void;
  on(event: "data", listener: (message: Buffer) => void): void;
  on(event: "error", listener: (error: Error) => void): void;
  on(event: "end", listener: () => void): void;
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

/**
 * One member of the cluster. Streams go over etcd3's connection to the host, unary calls over one of their own.
 * Messages are already encoded: etcd3's own encoding goes through reflection.
 */
export class EtcdEndpoint {
  readonly url: string;
  readonly #calls: UnaryConnection;
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
    this.#calls = new UnaryConnection(url, tls);
    this.#host = new Host(url, channelCredentials, { ...channelOptions, ...options });
    this.#requireLeader.set("hasleader", "true");
  }

  /** Calls a method; rejects with a `CallError` or the signal's reason. */
  unary(service: ServiceName, method: string, request: Buffer, options: UnaryOptions): Promise<Buffer> {
    return this.#calls.call(`/etcdserverpb.${service}/${method}`, request, options);
  }

  /** Opens a stream that the member ends when it has lost the cluster's leader. */
  stream(service: ServiceName, method: string): MessageStream {
    const path = `/etcdserverpb.${service}/${method}`;
    return this.#client(service).makeBidiStreamRequest(path, asIs, asIs, this.#requireLeader);
  }

  close(): void {
    this.#calls.close();
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
