import type * as Http from "node:http";

const http: typeof Http = process.getBuiltinModule("node:http");

/**
 * What daemons use of `node:http`. Importing that module by its name reads all of its exports, the built-in `fetch`
 * and WebSocket client among them, which are loaded by that: 14 MB of memory in every process.
 */
export const { Agent, createServer, IncomingMessage, request, ServerResponse, STATUS_CODES } = http;

export type IncomingMessage = Http.IncomingMessage;
export type ServerResponse = Http.ServerResponse;
