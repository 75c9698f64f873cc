import type { ChannelSelection, ChannelSet } from "./channel-set.ts";
import { remoteCommand, spdyRemoteCommandProtocols } from "./protocols.ts";
import { openSpdyChannels } from "./spdy-channels.ts";
import { UpgradeError } from "./streaming-error.ts";
import { upgradeToSpdy, upgradeToWebSocket } from "./upgrade-client.ts";
import type { UpgradeTarget } from "./upgrade-client.ts";
import { WebSocketChannelSet } from "./web-socket-channels.ts";

/** Opens an exec or attach session over SPDY, which every kubelet speaks. */
export async function openSpdyRemoteCommand(
  target: UpgradeTarget,
  selection: ChannelSelection,
  signal: AbortSignal,
): Promise<ChannelSet> {
  const upgraded = await upgradeToSpdy(target, spdyRemoteCommandProtocols, signal);
  return await openSpdyChannels(upgraded.socket, upgraded.protocol || remoteCommand.v1, selection, signal);
}

/** Opens an exec or attach session over WebSocket, which can end stdin alone. */
export async function openWebSocketRemoteCommand(
  target: UpgradeTarget,
  selection: ChannelSelection,
  signal: AbortSignal,
): Promise<ChannelSet> {
  const { socket, protocol } = await upgradeToWebSocket(target, [remoteCommand.v5], signal);
  return new WebSocketChannelSet(socket, protocol, selection);
}

/** WebSocket first, SPDY when the server, or a proxy on the way, refuses the handshake for what it is. */
export async function openRemoteCommand(
  target: UpgradeTarget,
  selection: ChannelSelection,
  signal: AbortSignal,
): Promise<ChannelSet> {
  try {
    return await openWebSocketRemoteCommand(target, selection, signal);
  } catch (error) {
    if (!isHandshakeRefusal(error)) throw error;
    return await openSpdyRemoteCommand(target, selection, signal);
  }
}

/** Whether another protocol may succeed: the server answered, and not about authority or the object itself. */
export function isHandshakeRefusal(error: unknown): boolean {
  if (!(error instanceof UpgradeError) || error.statusCode === undefined) return false;
  const { statusCode } = error;
  return statusCode === 400 || statusCode === 403 || statusCode === 405 || statusCode === 426 || statusCode >= 500;
}
