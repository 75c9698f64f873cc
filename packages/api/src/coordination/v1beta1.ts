export type { Lease, LeaseList, LeaseSpec } from "./v1.ts";
