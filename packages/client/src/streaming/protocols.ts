/** Subprotocols of exec and attach; later ones add a JSON status (v4) and half-closing of stdin (v5). */
export const remoteCommand = {
  v1: "channel.k8s.io",
  v2: "v2.channel.k8s.io",
  v3: "v3.channel.k8s.io",
  v4: "v4.channel.k8s.io",
  v5: "v5.channel.k8s.io",
  base64: "base64.channel.k8s.io",
  base64v4: "v4.base64.channel.k8s.io",
} as const;

/** What servers accept over SPDY, best first. */
export const spdyRemoteCommandProtocols: readonly string[] = [
  remoteCommand.v4,
  remoteCommand.v3,
  remoteCommand.v2,
  remoteCommand.v1,
];

/** What servers accept over WebSocket, best first. */
export const webSocketRemoteCommandProtocols: readonly string[] = [
  remoteCommand.v5,
  remoteCommand.v4,
  remoteCommand.base64v4,
  remoteCommand.v1,
  remoteCommand.base64,
];

/** Port forwarding over SPDY, and the same tunnelled through WebSocket messages. */
export const portForwardProtocol = "portforward.k8s.io";
export const portForwardTunnelProtocol = "SPDY/3.1+portforward.k8s.io";

/** Name of the SPDY upgrade. */
export const spdyUpgrade = "SPDY/3.1";
export const streamProtocolHeader = "x-stream-protocol-version";
export const acceptedStreamProtocolHeader = "x-accepted-stream-protocol-versions";

/** The first of the client's protocols that the server has; undefined when they share none. */
export function negotiate(offered: readonly string[], accepted: readonly string[]): string | undefined {
  return offered.find((protocol) => accepted.includes(protocol));
}

/** The names in a header that may be repeated or comma-separated. */
export function headerList(value: string | readonly string[] | undefined): readonly string[] {
  const joined = typeof value === "string" ? value : (value ?? []).join(",");
  return joined
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** Whether the outcome travels as a JSON Status instead of plain text. */
export function hasJsonStatus(protocol: string): boolean {
  return protocol === remoteCommand.v4 || protocol === remoteCommand.v5 || protocol === remoteCommand.base64v4;
}

/** Whether the protocol has a resize channel. */
export function hasResize(protocol: string): boolean {
  return protocol === remoteCommand.v3 || hasJsonStatus(protocol);
}
