import { CommandError } from "../../command-line/command-error.ts";
import { isRecord } from "@kube-ts/std/config-schema";
import { annotationsOf, labelsOf, metadataOf } from "../../builder/object-reference.ts";
import { pathOf } from "../../builder/resource-mapper.ts";
import { stringFlag } from "../../command-line/flag.ts";
import type { JsonObject } from "../../session/api.ts";
import type { Session } from "../../session/session.ts";
import { defineGenerator } from "./generator.ts";

export const job = defineGenerator({
  usage: "NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]",
  description: "Create a job with the specified name.",
  failure: "failed to create job: ",
  flags: {
    from: stringFlag("The name of the resource to create a Job from (only cronjob is supported)."),
    image: stringFlag("Image name to run."),
  },
  takesCommand: true,
  build: async ({ name, rest, flags, session }) => {
    if ((flags.image === "") === (flags.from === ""))
      throw new CommandError("either --image or --from must be specified");
    if (flags.from !== "") {
      if (rest.length > 0) throw new CommandError("cannot specify --from and command");
      return jobFrom(session, name, flags.from);
    }
    const template = { metadata: {}, spec: podSpec(name, flags.image, rest, "Never") };
    return { kind: "Job", apiVersion: "batch/v1", metadata: { name }, spec: { template }, status: {} };
  },
});

export const cronJob = defineGenerator({
  usage: "NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags]",
  description: "Create a cron job with the specified name.",
  failure: "failed to create cronjob: ",
  flags: {
    image: stringFlag("Image name to run."),
    restart: stringFlag("job's restart policy. supported values: OnFailure, Never"),
    schedule: stringFlag("A schedule in the Cron format the job should be run with."),
  },
  required: ["image", "schedule"],
  takesCommand: true,
  build: ({ name, rest, flags }) => {
    const template = { metadata: {}, spec: podSpec(name, flags.image, rest, flags.restart || "OnFailure") };
    return {
      kind: "CronJob",
      apiVersion: "batch/v1",
      metadata: { name },
      spec: { schedule: flags.schedule, jobTemplate: { metadata: { name }, spec: { template } } },
      status: {},
    };
  },
});

function podSpec(name: string, image: string, command: readonly string[], restartPolicy: string) {
  const container = { name, image, ...(command.length > 0 && { command }), resources: {} };
  return { containers: [container], restartPolicy };
}

/** A job as a cron job would start it now. */
async function jobFrom(session: Session, name: string, from: string): Promise<JsonObject> {
  const [type = "", source = ""] = from.split("/");
  const resource = await (await session.mapper()).resolve(type);
  const namespace = resource.namespaced ? (await session.namespace()).name : "";
  const cron = await (await session.api()).json({ path: pathOf(resource, namespace, source) });
  if (resource.kind !== "CronJob") throw new CommandError(`from must be an existing cronjob`);
  const spec = isRecord(cron["spec"]) ? cron["spec"] : {};
  const template = isRecord(spec["jobTemplate"]) ? spec["jobTemplate"] : {};
  const labels = labelsOf(template);
  return {
    kind: "Job",
    apiVersion: "batch/v1",
    metadata: {
      name,
      ...(Object.keys(labels).length > 0 && { labels }),
      annotations: { "cronjob.kubernetes.io/instantiate": "manual", ...annotationsOf(template) },
      ownerReferences: [
        { apiVersion: "batch/v1", kind: "CronJob", name: source, uid: metadataOf(cron)["uid"], controller: true },
      ],
    },
    spec: template["spec"],
    status: {},
  };
}
