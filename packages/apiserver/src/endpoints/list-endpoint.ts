import { createGzip, constants } from "node:zlib";
import type { Writable } from "node:stream";
import { abortable } from "@kube-ts/std/abort";
import { encodeContinueToken } from "../registry/continue-token.ts";
import { checkListOptions } from "../registry/list-options.ts";
import { keepForNextPage, openReadView } from "../registry/list-reader.ts";
import type { ReadView } from "../registry/list-reader.ts";
import { LongWork } from "../storage/long-work.ts";
import type { CachedObject } from "../storage/watch-cache.ts";
import type { Exchange } from "./exchange.ts";
import { makeListBody, PiecePool, wholeBody } from "./list-body.ts";
import type { ListBody } from "./list-body.ts";
import { laidOutView } from "./list-layout.ts";
import { selectPage } from "./list-page.ts";
import type { Page } from "./list-page.ts";
import type { ListQuery } from "./list-query.ts";
import type { AcceptedForm } from "./negotiation.ts";
import type { ObjectView } from "./object-view.ts";
import type { ServedResource } from "./served-resource.ts";
import type { StepTimer, TimedStep } from "../audit/step-timer.ts";
import { acceptsGzip, encodingStep, gzipThresholdBytes, sendEncoded, writeHead } from "./respond.ts";

/** Answers a list request from the bytes in the cache, without parsing or building the list. */
export async function serveList(
  exchange: Exchange,
  resource: ServedResource,
  query: ListQuery,
  form: AcceptedForm,
  view: ObjectView,
  pool: PiecePool,
): Promise<void> {
  if (query.sendInitialEvents !== undefined) checkListOptions(query.point, query.sendInitialEvents);
  const { pinned } = query.filter;
  // A page is soon found by looking at objects; for all of them, an index is as fast to make, and serves the next, too.
  const isPage = query.point.limit > 0 || query.point.continueToken !== "";
  if (pinned && !isPage) await resource.registry.cache.indexed(pinned, exchange.signal);
  const readView = await openReadView(resource.registry, query.point, exchange.signal, exchange.audit);
  resource.registry.checkReadable(query.filter.namespace);
  const page = await selectPage(readView, query, exchange.signal);
  if (page.nextAfter !== undefined) keepForNextPage(resource.registry, readView);
  await sendList(exchange, form, view, listMetadata(readView, page), page.objects, pool);
}

/** Answers with a list of the objects; the metadata is JSON. */
export async function sendList(
  exchange: Exchange,
  form: AcceptedForm,
  view: ObjectView,
  metadata: string,
  objects: readonly CachedObject[],
  pool: PiecePool = new PiecePool(),
): Promise<void> {
  const { audit, signal } = exchange;
  const isLaidOut = form.encoding === "yaml" || form.pretty;
  if ((isLaidOut && objects.length === 0) || audit?.keepsResponse) {
    const make = async () => wholeBody(await makeListBody(objects, view, metadata, pool, signal), signal);
    await sendEncoded(exchange, 200, form, await (audit ? audit.during(encodingStep(form), make()) : make()));
    return;
  }
  const shown = isLaidOut ? laidOutView(view, form) : view;
  const making = makeListBody(objects, shown, metadata, pool, signal);
  const body = await (audit ? audit.during(encodingStep(form), making) : making);
  await sendBody(exchange, form, audit ? timedBody(body, audit, encodingStep(form)) : body);
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

async function sendBody(exchange: Exchange, form: AcceptedForm, body: ListBody): Promise<void> {
  const { response, signal } = exchange;
  const { sizeBytes } = body;
  const headers = { "Content-Type": form.contentType, "Cache-Control": "no-cache, private" };
  const isLarge = sizeBytes === undefined || sizeBytes >= gzipThresholdBytes;
  if (isLarge && acceptsGzip(exchange)) {
    writeHead(exchange, 200, { ...headers, "Content-Encoding": "gzip", Vary: "Accept-Encoding" });
    const gzip = createGzip({ level: constants.Z_BEST_SPEED });
    gzip.pipe(response);
    await writePieces(gzip, body, signal, exchange.audit);
    return;
  }
  writeHead(exchange, 200, { ...headers, ...(sizeBytes !== undefined && { "Content-Length": sizeBytes }) });
  await writePieces(response, body, signal, exchange.audit);
}

/** A body whose items are made as they are sent: making them is no part of writing them. */
function timedBody(body: ListBody, timer: StepTimer, step: TimedStep): ListBody {
  return {
    ...body,
    *pieces(work) {
      const pieces = body.pieces(work);
      for (;;) {
        const { done, value } = timer.within(step, () => pieces.next());
        if (done) return undefined;
        yield value;
      }
    },
  };
}

/** Writes a piece while the next one is made, and never has more than two under way. */
async function writePieces(
  target: Writable,
  body: ListBody,
  signal: AbortSignal,
  timer: StepTimer | undefined,
): Promise<void> {
  let previous: Promise<void> | undefined;
  const work = new LongWork();
  for (const piece of body.pieces(work)) {
    const writing = written(target, piece, signal);
    const current = timer ? timer.during("response-write", writing) : writing;
    // Told by the await of the next round, unless an earlier piece has failed already.
    current.catch(() => undefined);
    await previous;
    previous = current;
    if (work.isDue) await work.pause(signal);
  }
  await previous;
  body.release();
  target.end();
}

/** Resolves when the target is done with the bytes. */
function written(target: Writable, bytes: Buffer, signal: AbortSignal): Promise<void> {
  const done = new Promise<void>((resolve, reject) => {
    target.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
  return abortable(done, signal);
}
