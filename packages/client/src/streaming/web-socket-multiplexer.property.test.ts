import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { suite, test } from "node:test";
import fc from "fast-check";
import type { WebSocket } from "ws";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { remoteCommand } from "./protocols.ts";
import { WebSocketMultiplexer } from "./web-socket-multiplexer.ts";

/** As much of a socket as the multiplexer uses; what is sent is kept. */
class SocketInMemory extends EventEmitter {
  readonly OPEN = 1;
  readonly CLOSED = 3;
  readonly readyState = 1;
  readonly url = "wss://server";
  readonly sent: Buffer[] = [];
  resume(): void {}
  pause(): void {}
  terminate(): void {}
  send(data: Buffer | string, ...more: readonly unknown[]): void {
    this.sent.push(Buffer.from(data as Buffer));
    (more.at(-1) as () => void)();
  }
}

function multiplexer(protocol: string): { readonly socket: SocketInMemory; readonly channels: WebSocketMultiplexer } {
  const socket = new SocketInMemory();
  return { socket, channels: new WebSocketMultiplexer(socket as unknown as WebSocket, protocol, [0, 1, 2]) };
}

const protocols = fc.constantFrom(remoteCommand.v5, remoteCommand.v4, remoteCommand.base64v4, remoteCommand.v1, "");
const bytes = fc.uint8Array({ maxLength: 30 }).map((each) => Buffer.from(each));
const messages = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), bytes), { maxLength: 8 });

function received(channels: WebSocketMultiplexer, number: number): Buffer {
  const parts: Buffer[] = [];
  const channel = channels.channel(number);
  for (let part = channel?.read() as Buffer | null; part; part = channel?.read() as Buffer | null) parts.push(part);
  return Buffer.concat(parts);
}

suite("messages of a WebSocket", () => {
  test("are read on the channels on which they were written, in any protocol", () => {
    checkProperty(
      fc.property(protocols, messages, (protocol, written) => {
        const [here, there] = [multiplexer(protocol), multiplexer(protocol)];
        for (const [number, data] of written) here.channels.channel(number)?.write(data);
        const isBinary = protocol !== remoteCommand.base64v4;
        for (const message of here.socket.sent) there.socket.emit("message", message, isBinary);
        for (const number of [0, 1, 2]) {
          const expected = Buffer.concat(written.filter(([channel]) => channel === number).map(([, data]) => data));
          assert.deepEqual(received(there.channels, number), expected);
        }
      }),
      { share: 2 },
    );
  });

  test("of any bytes reach a channel that there is, or none", () => {
    checkProperty(
      fc.property(protocols, fc.array(fc.tuple(bytes, fc.boolean()), { maxLength: 8 }), (protocol, sent) => {
        const { socket, channels } = multiplexer(protocol);
        for (const [message, isBinary] of sent) socket.emit("message", message, isBinary);
        const total = [0, 1, 2].reduce((sum, number) => sum + received(channels, number).length, 0);
        assert.ok(total <= sent.reduce((sum, [message]) => sum + Math.max(0, message.length - 1), 0));
        assert.equal(channels.channel(3), undefined);
      }),
      { share: 3 },
    );
  });
});
