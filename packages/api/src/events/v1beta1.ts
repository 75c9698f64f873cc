export type { Event, EventList, EventSeries } from "./v1.ts";
