import type { IncomingMessage } from "node:http";
import { badRequest, requestEntityTooLarge, unsupportedMediaType } from "@kube-ts/api/status-error";

/** Upstream's bound on a request body. */
export const maxBodyBytes = 3 * 1024 * 1024;

/** What a body in YAML may make its parser do: more than the largest manifests take, which kubectl sends as JSON. */
export const maxYamlTokens = 100_000;

/** Reads the whole body. Throws 413 past the bound, without reading further. */
export async function readBody(request: IncomingMessage, signal: AbortSignal): Promise<Buffer> {
  const declared = Number(request.headers["content-length"] ?? "0");
  if (declared > maxBodyBytes) throw requestEntityTooLarge(`limit is ${maxBodyBytes}`);
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") {
    throw unsupportedMediaType(["application/json", "application/yaml"]);
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const fail = (error: unknown) => {
      request.removeAllListeners("data");
      request.pause();
      reject(error);
    };
    signal.addEventListener("abort", () => fail(signal.reason), { once: true });
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBodyBytes) fail(requestEntityTooLarge(`limit is ${maxBodyBytes}`));
      else chunks.push(chunk);
    });
    request.on("end", () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.on("error", (cause) => fail(badRequest("the request body could not be read", cause)));
  });
}

/** The media type without parameters, lowercase; empty when the request names none. */
export function mediaTypeOf(request: IncomingMessage): string {
  const header = request.headers["content-type"] ?? "";
  const semicolon = header.indexOf(";");
  return (semicolon < 0 ? header : header.slice(0, semicolon)).trim().toLowerCase();
}
