export type * from "./v1/ingress.ts";
export type * from "./v1/network-policy.ts";
export type * from "./v1/service-cidr.ts";
