import type { Transport } from "../forward/forwarder.ts";

/** Where a server answers. */
export interface ListenAddress {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
}

/** Answers a message; undefined leaves it unanswered. Never rejects but when the server stops. */
export type MessageHandler = (message: Buffer, transport: Transport) => Promise<Buffer | undefined>;

/** A bound address; disposing it stops answering. */
export interface Listener extends AsyncDisposable {
  readonly port: number;
}
