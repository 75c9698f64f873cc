import { formatDuration } from "@kube-ts/std/duration";
import type { RequestInfo } from "../endpoints/request-info.ts";
import type { FairQueue } from "./fair-queuing/fair-queue.ts";
import type { Ticket } from "./fair-queuing/ticket.ts";
import type { Level } from "./level.ts";

/** Queues beyond this many are shown only where they have been used. */
const maxShownQueues = 10_000;
const notStarted = "0001-01-01T00:00:00Z";

const levelColumns = [
  "PriorityLevelName",
  "ActiveQueues",
  "IsIdle",
  "IsQuiescing",
  "WaitingRequests",
  "ExecutingRequests",
  "DispatchedRequests",
  "RejectedRequests",
  "TimedoutRequests",
  "CancelledRequests",
];
const queueColumns = [
  "PriorityLevelName",
  "Index",
  "PendingRequests",
  "ExecutingRequests",
  "SeatsInUse",
  "NextDispatchR",
  "InitialSeatsSum",
  "MaxSeatsSum",
  "TotalWorkSum",
];
const requestColumns = [
  "PriorityLevelName",
  "FlowSchemaName",
  "QueueIndex",
  "RequestIndexInQueue",
  "FlowDistingsher",
  "ArriveTime",
  "InitialSeats",
  "FinalSeats",
  "AdditionalLatency",
  "StartTime",
];
const detailColumns = ["UserName", "Verb", "APIPath", "Namespace", "Name", "APIVersion", "Resource", "SubResource"];

/** One row for each level. */
export function dumpLevels(levels: readonly Level[]): string {
  return table(
    levelColumns,
    levels.map((level) => {
      const { queues, quiescing, dispatched, rejected, timedOut, cancelled } = level;
      const active = [...queues.queues.values()].filter(({ waiting }) => waiting.size > 0).length;
      const counts = [queues.waiting, queues.executing, dispatched, rejected, timedOut, cancelled];
      return [level.name, active, queues.idle, quiescing, ...counts].map(String);
    }),
  );
}

/** One row for each queue. */
export function dumpQueues(levels: readonly Level[]): string {
  return table(queueColumns, levels.flatMap(queueRows));
}

function queueRows({ name, settings, queues }: Level): string[][] {
  const { queuing } = settings;
  const count = queuing.kind === "queue" ? queuing.queues : 0;
  const all = count <= maxShownQueues ? Array.from({ length: count }, (_, index) => index) : [];
  const indexes = new Set([...all, ...queues.queues.keys()]);
  return [...indexes]
    .sort((a, b) => a - b)
    .map((index) => [name, String(index), ...queueCells(queues.queues.get(index))]);
}

function queueCells(queue: FairQueue | undefined): string[] {
  return [
    String(queue?.waiting.size ?? 0),
    String(queue?.running ?? 0),
    String(queue?.seatsInUse ?? 0),
    seatSeconds(queue?.nextR ?? 0),
    String(queue?.waitingInitialSeats ?? 0),
    String(queue?.waitingSeats ?? 0),
    seatSeconds(queue?.waitingWork ?? 0),
  ];
}

/** One row for each request that waits or runs. `epochMs` is the time at which the monotonic clock had 0. */
export function dumpRequests(levels: readonly Level[], withDetails: boolean, epochMs: number): string {
  const rows = levels.flatMap((level) => {
    const { queues } = level;
    const row = (ticket: Ticket, position: number) => [
      ...requestCells(level.name, ticket, position, epochMs),
      ...(withDetails ? detailCells(ticket) : []),
    ];
    const waiting = [...queues.queues.values()].sort((a, b) => a.index - b.index);
    return [
      ...waiting.flatMap((queue) => [...queue.waiting].map(row)),
      ...[...queues.runningTickets].map((ticket) => row(ticket, -1)),
    ];
  });
  return table(withDetails ? [...requestColumns, ...detailColumns] : requestColumns, rows);
}

function requestCells(level: string, ticket: Ticket, position: number, epochMs: number): string[] {
  const { flow, queue, distinguisher, work, arrivedMs, startedMs } = ticket;
  return [
    level,
    flow.schema,
    String(queue?.index ?? -1),
    String(position),
    distinguisher,
    instant(epochMs + arrivedMs),
    String(work.initialSeats),
    String(work.finalSeats),
    formatDuration(work.finalMs),
    ticket.state === "waiting" ? notStarted : instant(epochMs + startedMs),
  ];
}

function detailCells({ user, info }: Ticket): string[] {
  return [user.name, info.verb, info.path, ...objectCells(info)];
}

function objectCells(info: RequestInfo): string[] {
  if (info.kind === "path") return ["", "", "", "", ""];
  const { namespace, name, group, version, resource, subresource } = info;
  return [namespace, name, group === "" ? version : `${group}/${version}`, resource, subresource];
}

function seatSeconds(value: number): string {
  return `${value.toFixed(8)}ss`;
}

/** RFC 3339 without trailing zeros. */
function instant(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.?0*Z$/, "Z");
}

/** Cells with a comma after all but the last, each column as wide as its widest cell. */
function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [columns, ...rows].map((cells) =>
    // eslint-disable-next-line no-control-regex -- what a client made up must not break the lines, nor reach a terminal
    cells.map((cell, index) => cell.replaceAll(/[\u0000-\u001f\u007f]/g, "?") + (index + 1 < cells.length ? "," : "")),
  );
  const widths = columns.map((_, index) => Math.max(8, ...lines.map((cells) => (cells[index] ?? "").length + 1)));
  const last = columns.length - 1;
  return lines
    .map(
      (cells) => `${cells.map((cell, index) => (index === last ? cell : cell.padEnd(widths[index] ?? 0))).join("")}\n`,
    )
    .join("");
}
