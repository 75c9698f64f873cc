export type * from "./v1/csi-driver.ts";
export type * from "./v1/csi-node.ts";
export type * from "./v1/csi-storage-capacity.ts";
export type * from "./v1/storage-class.ts";
export type * from "./v1/volume-attachment.ts";
export type * from "./v1/volume-attributes-class.ts";
