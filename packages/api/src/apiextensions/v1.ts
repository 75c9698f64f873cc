export type * from "./v1/conversion-review.ts";
export type * from "./v1/custom-resource-definition.ts";
export type * from "./v1/json-schema.ts";
