const tokenPrefix = "base64url.bearer.authorization.k8s.io.";

/** What the `Sec-WebSocket-Protocol` header says of a bearer token. */
export type WebSocketToken =
  | { readonly kind: "none" }
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "malformed"; readonly problem: string };

/** The bearer token that browsers pass as one of the WebSocket subprotocols, since they cannot set headers. */
export function webSocketToken(protocolHeader: string | undefined): WebSocketToken {
  const protocols = splitProtocols(protocolHeader);
  const carriers = protocols.filter((protocol) => protocol.startsWith(tokenPrefix));
  const [carrier] = carriers;
  if (carrier === undefined) return { kind: "none" };
  if (carriers.length > 1) return malformed("multiple base64.bearer.authorization tokens specified");
  const encoded = carrier.slice(tokenPrefix.length);
  if (!/^[A-Za-z0-9_-]*$/.test(encoded) || encoded.length % 4 === 1) {
    return malformed("invalid base64.bearer.authorization token encoding");
  }
  const bytes = Buffer.from(encoded, "base64url");
  const token = bytes.toString("utf8");
  if (!Buffer.from(token, "utf8").equals(bytes)) return malformed("invalid base64.bearer.authorization token");
  if (protocols.length === 1) return malformed("missing additional subprotocol");
  return { kind: "token", token };
}

/** The subprotocols to negotiate over: those of the header without the one that carries the token. */
export function negotiableProtocols(protocolHeader: string | undefined): string[] {
  return splitProtocols(protocolHeader).filter((protocol) => !protocol.startsWith(tokenPrefix));
}

function splitProtocols(header: string | undefined): string[] {
  return (header ?? "")
    .split(",")
    .map((protocol) => protocol.trim())
    .filter((protocol) => protocol !== "");
}

function malformed(problem: string): WebSocketToken {
  return { kind: "malformed", problem };
}
