export type * from "./v1/mutating-admission-policy.ts";
export type * from "./v1/validating-admission-policy.ts";
export type * from "./v1/webhook.ts";
