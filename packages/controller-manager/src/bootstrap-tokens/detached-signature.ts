import { createHmac } from "node:crypto";
import type { BootstrapToken } from "./bootstrap-token.ts";

/** A JSON Web Signature (HS256) without its payload, which the reader has already: `HEADER..SIGNATURE`. */
export function detachedSignature(content: string, { id, secret }: BootstrapToken): string {
  const header = Buffer.from(JSON.stringify({ alg: "HS256", kid: id })).toString("base64url");
  const payload = Buffer.from(content).toString("base64url");
  return `${header}..${createHmac("sha256", secret).update(`${header}.${payload}`).digest("base64url")}`;
}
