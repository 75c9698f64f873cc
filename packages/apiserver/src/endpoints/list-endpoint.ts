import { once } from "node:events";
import { createGzip, constants } from "node:zlib";
import type { Writable } from "node:stream";
import { badRequest } from "@kube-ts/api/status-error";
import { objectKey } from "@kube-ts/api/object";
import { encodeContinueToken } from "../registry/continue-token.ts";
import { keepForNextPage, openReadView } from "../registry/list-reader.ts";
import type { ReadView } from "../registry/list-reader.ts";
import { StoredSnapshot } from "../registry/stored-snapshot.ts";
import type { CachedObject } from "../storage/watch-cache.ts";
import type { Exchange } from "./exchange.ts";
import type { ListQuery } from "./list-query.ts";
import type { AcceptedForm } from "./negotiation.ts";
import type { ObjectView } from "./object-view.ts";
import type { ServedResource } from "./served-resource.ts";
import { acceptsGzip, gzipThresholdBytes, sendEncoded, writeHead } from "./respond.ts";
import { covers } from "./selection.ts";
import type { ObjectFilter } from "./selection.ts";

/** Lists are written in pieces of about this size. */
const chunkBytes = 256 * 1024;
/** How many objects are looked at between two breaths of the event loop. */
const sliceObjects = 2_000;
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
  const itemsBytes = view.needsItemsBytes ? await sizeOf(objects, view, exchange.signal) : 0;
  const pieces = joinItems(objects, view, view.listHead(metadata, itemsBytes));
  if (form.encoding === "yaml" || form.pretty) await sendEncoded(exchange, 200, form, Buffer.concat([...pieces]));
  else await sendPieces(exchange, form, pieces);
}

/** How many bytes the items take. They are made on the way, and kept where there is room. */
async function sizeOf(objects: readonly CachedObject[], view: ObjectView, signal: AbortSignal): Promise<number> {
  let size = 0;
  for (const [index, object] of objects.entries()) {
    size += view.item(object).length;
    if (index % encodedSliceObjects !== encodedSliceObjects - 1) continue;
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
  return size;
}

export interface Page {
  readonly objects: readonly CachedObject[];
  /** The key after which the next page starts; undefined on the last page. */
  readonly nextAfter: string | undefined;
  /** How many objects follow; undefined when a selector makes it unknown. */
  readonly remaining: number | undefined;
}

/** The objects of one page, in key order. */
export async function selectPage(readView: ReadView, query: ListQuery, signal: AbortSignal): Promise<Page> {
  const { snapshot, afterKey } = readView;
  const limit = readView.paged && query.point.limit > 0 ? query.point.limit : Infinity;
  const collector = new PageCollector(query, limit);
  const { namespace, startAfter, onlyKey } = scanRange(query.filter, afterKey);
  if (snapshot instanceof StoredSnapshot) {
    for await (const object of snapshot.scan(namespace, startAfter)) if (!collector.take(object)) break;
    return collector.page();
  }
  let continueAfter = startAfter;
  for (;;) {
    let seen = 0;
    let paused = false;
    snapshot.visit(namespace, continueAfter, (object) => {
      if (onlyKey !== undefined && object.key !== onlyKey) return false;
      continueAfter = object.key;
      paused = ++seen >= sliceObjects;
      return collector.take(object) ? !paused : (paused = false);
    });
    if (!paused) return collector.page();
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
}

/** Fills a page; goes on counting what follows it where that number can be told. */
class PageCollector {
  readonly #query: ListQuery;
  readonly #limit: number;
  readonly #objects: CachedObject[] = [];
  #remaining = 0;

  constructor(query: ListQuery, limit: number) {
    this.#query = query;
    this.#limit = limit;
  }

  /** False when nothing more needs to be looked at. */
  take(object: CachedObject): boolean {
    if (!covers(this.#query.filter, object)) return true;
    if (this.#objects.length < this.#limit) {
      this.#objects.push(object);
      return true;
    }
    this.#remaining += 1;
    return !this.#query.selective;
  }

  page(): Page {
    const more = this.#remaining > 0;
    return {
      objects: this.#objects,
      nextAfter: more ? this.#objects.at(-1)?.key : undefined,
      remaining: more && !this.#query.selective ? this.#remaining : undefined,
    };
  }
}

/** The part of the key space that a filter can match: one key when namespace and name are pinned. */
function scanRange(
  filter: ObjectFilter,
  afterKey: string | undefined,
): { namespace: string | undefined; startAfter: string | undefined; onlyKey: string | undefined } {
  const { namespace, name } = filter;
  if (namespace === undefined || name === undefined || afterKey !== undefined) {
    return { namespace, startAfter: afterKey, onlyKey: undefined };
  }
  const key = objectKey(namespace, name);
  return { namespace, startAfter: justBefore(key), onlyKey: key };
}

/** A key such that nothing valid lies between it and the given one. */
function justBefore(key: string): string {
  return key.slice(0, -1) + String.fromCharCode(key.charCodeAt(key.length - 1) - 1) + "\uffff";
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
  objects: readonly CachedObject[],
  view: ObjectView,
  head: Buffer,
): Generator<Buffer, undefined, undefined> {
  let pending: Buffer[] = [head];
  let size = head.length;
  let first = true;
  for (const object of objects) {
    const item = view.item(object);
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
