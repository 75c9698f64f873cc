import { Buckets } from "@kube-ts/std/buckets";

export type RejectReason = "queue-full" | "concurrency-limit" | "time-out" | "cancelled";

const durationBounds = [0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30];
const queueLengthBounds = [0, 10, 25, 50, 100, 250, 500, 1000];
export const seatBounds = [1, 2, 4, 10];
const watchCountBounds = [0, 1, 10, 100, 1000, 10_000];

/** What has become of the requests that one schema sent to one level; plain numbers, read when metrics are. */
export class FlowStats {
  readonly level: string;
  readonly schema: string;
  dispatched = 0;
  executing = 0;
  seatsInUse = 0;
  waiting = 0;
  seatsWaiting = 0;
  noAccommodation = 0;
  readonly rejections: Record<RejectReason, number> = {
    "queue-full": 0,
    "concurrency-limit": 0,
    "time-out": 0,
    cancelled: 0,
  };
  readonly queueLength = new Buckets(queueLengthBounds);
  readonly waitedAndRan = new Buckets(durationBounds);
  readonly waitedInVain = new Buckets(durationBounds);
  readonly regularSeconds = new Buckets(durationBounds);
  readonly watchSeconds = new Buckets(durationBounds);
  readonly estimatedSeats = new Buckets(seatBounds);
  readonly watchCount = new Buckets(watchCountBounds);

  constructor(level: string, schema: string) {
    this.level = level;
    this.schema = schema;
  }

  queued(seats: number, lengthAfter: number): void {
    this.waiting += 1;
    this.seatsWaiting += seats;
    this.queueLength.observe(lengthAfter);
  }

  dequeued(seats: number): void {
    this.waiting -= 1;
    this.seatsWaiting -= seats;
  }

  started(seats: number): void {
    this.dispatched += 1;
    this.executing += 1;
    this.seatsInUse += seats;
  }

  finished(): void {
    this.executing -= 1;
  }

  released(seats: number): void {
    this.seatsInUse -= seats;
  }

  notAccommodated(): void {
    this.noAccommodation += 1;
  }

  rejected(reason: RejectReason): void {
    this.rejections[reason] += 1;
  }

  /** Whether nothing has been counted that would be lost. */
  get idle(): boolean {
    return this.executing === 0 && this.waiting === 0 && this.seatsInUse === 0;
  }
}
