export type * from "./v1/controller-revision.ts";
export type * from "./v1/daemon-set.ts";
export type * from "./v1/deployment.ts";
export type * from "./v1/replica-set.ts";
export type * from "./v1/stateful-set.ts";
