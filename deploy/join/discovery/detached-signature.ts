import { createHmac, timingSafeEqual } from "node:crypto";
import type { BootstrapToken } from "../token/bootstrap-token.ts";

/**
 * Whether `signature` (`HEADER..SIGNATURE`, a JSON Web Signature without its payload) is the token's over `content`. Only
 * HS256 counts, and only with the token's id as key id.
 */
export function isSignedBy(token: BootstrapToken, content: string, signature: string): boolean {
  const [header = "", payload, value = "", ...rest] = signature.split(".");
  if (payload !== "" || rest.length > 0 || !isHeaderOf(token, header)) return false;
  const signed = `${header}.${Buffer.from(content).toString("base64url")}`;
  const expected = createHmac("sha256", token.secret).update(signed).digest();
  const given = Buffer.from(value, "base64url");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function isHeaderOf({ id }: BootstrapToken, text: string): boolean {
  try {
    const header = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as unknown;
    if (typeof header !== "object" || header === null) return false;
    const { alg, kid, crit } = header as { alg?: unknown; kid?: unknown; crit?: unknown };
    return alg === "HS256" && kid === id && crit === undefined;
  } catch {
    return false;
  }
}
