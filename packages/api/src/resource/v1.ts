export type * from "./v1/device-class.ts";
export type * from "./v1/resource-claim.ts";
export type * from "./v1/resource-claim-status.ts";
export type * from "./v1/resource-slice.ts";
