export type { PriorityClass, PriorityClassList } from "./v1.ts";
