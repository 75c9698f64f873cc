export type * from "./v1/horizontal-pod-autoscaler.ts";
export type * from "./v1/scale.ts";
