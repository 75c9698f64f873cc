import type { ChannelSelection, ChannelSet } from "./channel-set.ts";
import { remoteCommand, spdyRemoteCommandProtocols, webSocketRemoteCommandProtocols } from "./protocols.ts";
import { acceptSpdyChannels } from "./spdy-channels.ts";
import { UpgradeError } from "./streaming-error.ts";
import { acceptSpdyUpgrade, acceptWebSocketUpgrade, refuseUpgrade, upgradeKind } from "./upgrade-server.ts";
import type { UpgradeRequest } from "./upgrade-server.ts";
import { WebSocketChannelSet } from "./web-socket-channels.ts";

/**
 * Upgrades an exec or attach request to whichever protocol its client speaks. When it rejects, the client has
 * been answered or cut off.
 */
export async function acceptRemoteCommand(
  upgrade: UpgradeRequest,
  selection: ChannelSelection,
  signal: AbortSignal,
): Promise<ChannelSet> {
  switch (upgradeKind(upgrade.request)) {
    case "websocket": {
      const { socket, protocol } = await acceptWebSocketUpgrade(upgrade, webSocketRemoteCommandProtocols);
      return new WebSocketChannelSet(socket, protocol, selection);
    }
    case "spdy": {
      const protocol = acceptSpdyUpgrade(upgrade, spdyRemoteCommandProtocols, remoteCommand.v1);
      return await acceptSpdyChannels(upgrade.socket, protocol, selection, signal);
    }
    default: {
      const message = "unable to upgrade: the request asks for neither WebSocket nor SPDY/3.1";
      refuseUpgrade(upgrade.socket, 400, message);
      throw new UpgradeError(message);
    }
  }
}
