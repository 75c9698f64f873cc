import { TimeHistogram } from "../metrics/time-histogram.ts";
import { SeatDemand } from "./seat-demand.ts";

const seatBounds = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1];
const requestBounds = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.25, 0.5, 0.75, 1];
const demandBounds = [0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.7, 2, 2.8, 4, 6];

/** What is seen of one level over time. */
export class LevelObservations {
  readonly demand: SeatDemand;
  readonly seatUtilization: TimeHistogram;
  readonly executing: TimeHistogram;
  readonly waiting: TimeHistogram;
  readonly demandRatio: TimeHistogram;
  /** The progress meter, and the virtual start of the request, at the last start. */
  lastDispatchR = 0;
  lastStartR = 0;

  constructor(nowMs: number) {
    this.demand = new SeatDemand(nowMs);
    this.seatUtilization = new TimeHistogram(seatBounds, nowMs);
    this.executing = new TimeHistogram(requestBounds, nowMs);
    this.waiting = new TimeHistogram(requestBounds, nowMs);
    this.demandRatio = new TimeHistogram(demandBounds, nowMs);
  }

  /** What numbers of seats and of waiting requests the ratios are fractions of. */
  setLimits(seats: number, waiting: number, nowMs: number): void {
    this.seatUtilization.setDenominator(seats, nowMs);
    this.executing.setDenominator(seats, nowMs);
    this.demandRatio.setDenominator(seats, nowMs);
    this.waiting.setDenominator(waiting, nowMs);
  }

  note(nowMs: number, executing: number, waiting: number, seatsInUse: number, seatsWaiting: number): void {
    const demand = seatsInUse + seatsWaiting;
    this.demand.set(demand, nowMs);
    this.demandRatio.set(demand, nowMs);
    this.seatUtilization.set(seatsInUse, nowMs);
    this.executing.set(executing, nowMs);
    this.waiting.set(waiting, nowMs);
  }

  dispatched(progress: number, start: number): void {
    this.lastDispatchR = progress;
    this.lastStartR = start;
  }

  get histograms(): readonly TimeHistogram[] {
    return [this.seatUtilization, this.executing, this.waiting, this.demandRatio];
  }
}
