import { once } from "node:events";
import { createGzip, constants } from "node:zlib";
import type { Writable } from "node:stream";
import { badRequest } from "@kube-ts/api/status-error";
import { encodeContinueToken } from "../registry/continue-token.ts";
import { keepForNextPage, openReadView } from "../registry/list-reader.ts";
import type { ReadView } from "../registry/list-reader.ts";
import type { CachedObject } from "../storage/watch-cache.ts";
import type { Exchange } from "./exchange.ts";
import { selectPage } from "./list-page.ts";
import type { Page } from "./list-page.ts";
import type { ListQuery } from "./list-query.ts";
import type { AcceptedForm } from "./negotiation.ts";
import type { ObjectView } from "./object-view.ts";
import type { ServedResource } from "./served-resource.ts";
import { acceptsGzip, gzipThresholdBytes, sendEncoded, writeHead } from "./respond.ts";

/** Lists are written in pieces of about this size. */
const chunkBytes = 256 * 1024;
/** The same where each object may have to be encoded. */
const encodedSliceObjects = 200;

/** Answers a list request from the bytes in the cache, without parsing or building the list. */
export async function serveList(
  exchange: Exchange,
  resource: ServedResource,
  query: ListQuery,
  form: AcceptedForm,
  view: ObjectView,
): Promise<void> {
  if (query.point.limit < 0) throw badRequest(`limit must not be negative: ${query.point.limit}`);
  const readView = await openReadView(resource.registry, query.point, exchange.signal);
  const page = await selectPage(readView, query, exchange.signal);
  if (page.nextAfter !== undefined) keepForNextPage(resource.registry, readView);
  await sendList(exchange, form, view, listMetadata(readView, page), page.objects);
}

/** Answers with a list of the objects; the metadata is JSON. */
export async function sendList(
  exchange: Exchange,
  form: AcceptedForm,
  view: ObjectView,
  metadata: string,
  objects: readonly CachedObject[],
): Promise<void> {
  const made = view.needsItemsBytes ? await makeItems(objects, view, exchange.signal) : undefined;
  const itemsBytes = made?.reduce((sum, item) => sum + item.length, 0) ?? 0;
  const pieces = joinItems(made ?? objects, view, view.listHead(metadata, itemsBytes));
  if (form.encoding === "yaml" || form.pretty) await sendEncoded(exchange, 200, form, Buffer.concat([...pieces]));
  else await sendPieces(exchange, form, pieces);
}

/** All items at once, for lists that tell their length first. What is not kept is held until the list is sent. */
async function makeItems(
  objects: readonly CachedObject[],
  view: ObjectView,
  signal: AbortSignal,
): Promise<readonly Buffer[]> {
  const items: Buffer[] = [];
  for (const object of objects) {
    items.push(view.item(object));
    if (items.length % encodedSliceObjects !== 0) continue;
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
  return items;
}

function listMetadata({ snapshot }: ReadView, page: Page): string {
  const metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number } = {
    resourceVersion: String(snapshot.revision),
  };
  if (page.nextAfter !== undefined) {
    metadata.continue = encodeContinueToken({ revision: snapshot.revision, afterKey: page.nextAfter });
    if (page.remaining !== undefined) metadata.remainingItemCount = page.remaining;
  }
  return JSON.stringify(metadata);
}

/** The list's bytes in pieces of about `chunkBytes`, made as they are taken. */
function* joinItems(
  objects: readonly (CachedObject | Buffer)[],
  view: ObjectView,
  head: Buffer,
): Generator<Buffer, undefined, undefined> {
  let pending: Buffer[] = [head];
  let size = head.length;
  let first = true;
  for (const object of objects) {
    const item = Buffer.isBuffer(object) ? object : view.item(object);
    if (!first && view.separator.length > 0) pending.push(view.separator);
    first = false;
    pending.push(item);
    size += item.length + 1;
    if (size >= chunkBytes) {
      yield Buffer.concat(pending);
      pending = [];
      size = 0;
    }
  }
  pending.push(view.listTail);
  yield Buffer.concat(pending);
}

async function sendPieces(
  exchange: Exchange,
  form: AcceptedForm,
  pieces: Generator<Buffer, undefined, undefined>,
): Promise<void> {
  const { response } = exchange;
  const first = pieces.next().value ?? Buffer.alloc(0);
  const second = pieces.next();
  const headers = { "Content-Type": form.contentType, "Cache-Control": "no-cache, private" };
  const large = !second.done || first.length >= gzipThresholdBytes;
  if (large && acceptsGzip(exchange)) {
    writeHead(exchange, 200, { ...headers, "Content-Encoding": "gzip", Vary: "Accept-Encoding" });
    const gzip = createGzip({ level: constants.Z_BEST_SPEED });
    gzip.pipe(response);
    await writePieces(gzip, first, second, pieces, exchange.signal);
    return;
  }
  if (second.done) {
    writeHead(exchange, 200, { ...headers, "Content-Length": first.length });
    response.end(first);
    return;
  }
  writeHead(exchange, 200, headers);
  await writePieces(response, first, second, pieces, exchange.signal);
}

async function writePieces(
  target: Writable,
  first: Buffer,
  second: IteratorResult<Buffer, undefined>,
  rest: Generator<Buffer, undefined, undefined>,
  signal: AbortSignal,
): Promise<void> {
  const write = async (piece: Buffer) => {
    if (!target.write(piece)) await once(target, "drain", { signal });
  };
  await write(first);
  if (!second.done) await write(second.value);
  for (const piece of rest) await write(piece);
  target.end();
}
