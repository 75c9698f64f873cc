import { type ClientHttp2Session, type IncomingHttpHeaders, connect } from "node:http2";
import { goQuote } from "@kube-ts/api/go-quote";
import { formatDuration } from "@kube-ts/std/duration";
import { type ProbeAnswer, joinHostPort, maxOutputBytes } from "./probe-answer.ts";

export interface GrpcProbeRequest {
  readonly host: string;
  readonly port: number;
  /** The service that is asked about; empty for the server as a whole. */
  readonly service: string;
  readonly userAgent: string;
  readonly timeoutMs: number;
}

const unimplemented = 12;
const servingStatuses = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];

/** Asks the gRPC health protocol (grpc.health.v1.Health/Check) over plain HTTP/2. */
export async function probeGrpc(request: GrpcProbeRequest, signal: AbortSignal): Promise<ProbeAnswer> {
  const address = joinHostPort(request.host, request.port);
  const deadline = AbortSignal.timeout(request.timeoutMs);
  const stop = AbortSignal.any([signal, deadline]);
  let connected = false;
  try {
    const session = await open(address, stop);
    connected = true;
    try {
      return judge(await check(session, request, stop));
    } finally {
      session.destroy();
    }
  } catch (error) {
    signal.throwIfAborted();
    const limit = formatDuration(request.timeoutMs);
    if (deadline.aborted && connected) {
      return { result: "failure", output: `timeout: health rpc did not complete within ${limit}` };
    }
    if (deadline.aborted) {
      const text = `timeout: failed to connect service ${goQuote(address)} within ${limit}: context deadline exceeded`;
      return { result: "failure", output: text };
    }
    const reason = error instanceof Error ? error.message : String(error);
    return { result: "failure", output: `error: failed to connect service at ${goQuote(address)}: ${reason}` };
  }
}

function open(address: string, signal: AbortSignal): Promise<ClientHttp2Session> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const session = connect(`http://${address}`);
    const onAbort = () => {
      session.destroy();
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    session.once("connect", () => {
      signal.removeEventListener("abort", onAbort);
      session.on("error", () => undefined);
      resolve(session);
    });
    session.once("error", (error) => {
      signal.removeEventListener("abort", onAbort);
      reject(error);
    });
  });
}

interface GrpcAnswer {
  readonly code: number;
  readonly message: string;
  readonly body: Buffer;
}

function check(session: ClientHttp2Session, request: GrpcProbeRequest, signal: AbortSignal): Promise<GrpcAnswer> {
  const stream = session.request(
    {
      ":method": "POST",
      ":path": "/grpc.health.v1.Health/Check",
      "content-type": "application/grpc",
      "user-agent": request.userAgent,
      te: "trailers",
    },
    { signal },
  );
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    let headers: IncomingHttpHeaders = {};
    const take = (more: IncomingHttpHeaders) => {
      headers = { ...headers, ...more };
    };
    stream.on("response", take);
    stream.on("trailers", take);
    stream.on("data", (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes <= maxOutputBytes) chunks.push(chunk);
    });
    stream.once("error", reject);
    stream.once("end", () => {
      const code = Number(headers["grpc-status"] ?? unimplemented);
      const message = decodeURIComponent(String(headers["grpc-message"] ?? ""));
      resolve({ code, message, body: Buffer.concat(chunks) });
    });
    stream.end(frame(request.service));
  });
}

/** One length-prefixed message `HealthCheckRequest { string service = 1 }`. */
function frame(service: string): Buffer {
  const name = Buffer.from(service, "utf8");
  const message = name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, ...varint(name.length)]), name]);
  const header = Buffer.alloc(5);
  header.writeUInt32BE(message.length, 1);
  return Buffer.concat([header, message]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

function judge({ code, message, body }: GrpcAnswer): ProbeAnswer {
  if (code === unimplemented) {
    const text = `error: this server does not implement the grpc health protocol (grpc.health.v1.Health): ${message}`;
    return { result: "failure", output: text };
  }
  if (code !== 0) return { result: "failure", output: `error: health rpc probe failed: ${message || `code ${code}`}` };
  // HealthCheckResponse { ServingStatus status = 1 }: an absent field is zero.
  const status = servingStatuses[body[5] === 0x08 ? (body[6] ?? 0) : 0] ?? "UNKNOWN";
  if (status === "SERVING") return { result: "success", output: "service healthy" };
  return { result: "failure", output: `service unhealthy (responded with ${goQuote(status)})` };
}
