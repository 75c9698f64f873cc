export type * from "./v1/discovery.ts";
export type * from "./v1/group-version.ts";
export type * from "./v1/object-meta.ts";
export type * from "./v1/options.ts";
export type * from "./v1/primitives.ts";
export type * from "./v1/selector.ts";
export type * from "./v1/status.ts";
export type * from "./v1/table.ts";
