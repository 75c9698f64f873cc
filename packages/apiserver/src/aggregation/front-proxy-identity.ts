import type { UserInfo } from "../auth/user.ts";

/** Bytes that may be in a header name (RFC 9110 token); `%` is the escape. */
const plainByte = /^[A-Za-z0-9!#$&'*+\-.^_`|~]$/;

/** The headers by which a front proxy tells a server behind it who the user is. */
export function identityHeaders({ name, uid, groups, extra }: UserInfo): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = { "X-Remote-User": headerText(name) };
  if (uid !== "") headers["X-Remote-Uid"] = uid;
  if (groups.length > 0) headers["X-Remote-Group"] = groups.map(headerText);
  for (const [key, values] of Object.entries(extra)) {
    if (values.length > 0) headers[`X-Remote-Extra-${escapeKey(key)}`] = values.map(headerText);
  }
  return headers;
}

/** The key as part of a header name: percent-encoded where it has to be. */
function escapeKey(key: string): string {
  return [...Buffer.from(key)]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return plainByte.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}

/** Header values are written as latin1; UTF-8 passes through it. */
function headerText(text: string): string {
  return Buffer.from(text).toString("latin1");
}
