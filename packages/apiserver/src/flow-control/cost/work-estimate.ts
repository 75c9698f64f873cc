import { readBoolean } from "../../endpoints/query-boolean.ts";
import type { RequestInfo, ResourceRequest } from "../../endpoints/request-info.ts";
import { type Work, oneSeat } from "../fair-queuing/work.ts";

/** How many objects of a resource there are, and how large they are. */
export interface ResourceSize {
  readonly count: number;
  readonly averageBytes: number;
}

export interface WorkSources {
  /** Undefined for what is not stored here. */
  sizeOf(info: ResourceRequest): ResourceSize | undefined;
  /** How many watches a write may concern. */
  watchesOf(info: ResourceRequest): number;
}

/** A list is given a seat for each of this many bytes that it has in memory at a time. */
const bytesPerSeat = 100_000;
/** Lists come from the cache and are written piece by piece: no list has more than this in memory at a time. */
const maxBytesAtOnce = 1_000_000;
const maxListSeats = 100;
const maxWriteSeats = 10;
const watchesPerSeat = 10;
/** How long the events of one write are thought to keep a seat. */
const eventMs = 5;

const wide: readonly Work[] = Array.from({ length: maxListSeats + 1 }, (_, seats) => ({
  initialSeats: Math.max(1, seats),
  finalSeats: 0,
  finalMs: 0,
}));

const writeVerbs: ReadonlySet<string> = new Set(["create", "update", "patch", "delete"]);

/**
 * What a request is thought to cost: lists by the objects that they show, watches by the state that they send first, writes
 * by the watches that get their events, whose number is told to `watchCounts`. `levelSeats` is the most that the level gives
 * one request.
 */
export function estimateWork(
  info: RequestInfo,
  levelSeats: number,
  sources: WorkSources,
  watchCounts: { observe(count: number): void },
): Work {
  if (info.kind !== "resource" || info.verb === "get") return oneSeat;
  if (writeVerbs.has(info.verb)) {
    if (isWithoutEvents(info)) return oneSeat;
    const watches = sources.watchesOf(info);
    watchCounts.observe(watches);
    return writeWork(levelSeats, watches);
  }
  if (info.verb === "list" || (info.verb === "watch" && sendsState(info))) {
    return listWork(info, levelSeats, sources.sizeOf(info));
  }
  return oneSeat;
}

/** Whether the watch begins with the objects that exist. */
function sendsState({ query }: ResourceRequest): boolean {
  const resourceVersion = query.get("resourceVersion") ?? "";
  return readBoolean(query, "sendInitialEvents") === true || resourceVersion === "" || resourceVersion === "0";
}

function listWork({ name, query }: ResourceRequest, levelSeats: number, size: ResourceSize | undefined): Work {
  if (!size) return oneSeat;
  const mostSeats = Math.min(levelSeats, maxListSeats);
  const limit = Number(query.get("limit") ?? 0);
  if (!Number.isInteger(limit)) return wide[mostSeats] ?? oneSeat;
  const isSingle = name !== "" || query.get("fieldSelector")?.startsWith("metadata.name=") === true;
  const objects = isSingle ? 1 : limit > 0 ? Math.min(limit, size.count) : size.count;
  const bytes = Math.min(objects * size.averageBytes, maxBytesAtOnce);
  const seats = Math.max(1, Math.min(Math.ceil(bytes / bytesPerSeat), mostSeats));
  return wide[seats] ?? oneSeat;
}

/** A token is created, but nothing is written. */
function isWithoutEvents({ resource, subresource }: ResourceRequest): boolean {
  return resource === "serviceaccounts" && subresource === "token";
}

function writeWork(levelSeats: number, watches: number): Work {
  if (watches < watchesPerSeat) return oneSeat;
  const seats = Math.ceil(watches / watchesPerSeat);
  // Fewer seats for longer, so that a wide request does not keep seats free while it waits.
  const finalSeats = Math.min(seats, levelSeats, maxWriteSeats);
  return { initialSeats: 1, finalSeats, finalMs: (seats * eventMs) / finalSeats };
}
