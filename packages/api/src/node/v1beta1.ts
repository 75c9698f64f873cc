export type { Overhead, RuntimeClass, RuntimeClassList, Scheduling } from "./v1.ts";
