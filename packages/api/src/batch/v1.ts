export type * from "./v1/cron-job.ts";
export type * from "./v1/job.ts";
