import type { DeleteOptions, Status } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { forbidden, isConflict, isNotFound } from "@kube-ts/api/status-error";
import { deleteObject } from "../registry/deletion.ts";
import type { Deletion, DeleteRequest } from "../registry/deletion.ts";
import { openReadView } from "../registry/list-reader.ts";
import { sendList } from "./list-endpoint.ts";
import { selectPage } from "./list-page.ts";
import { parseListQuery, readInteger } from "./list-query.ts";
import { readBoolean } from "./query-boolean.ts";
import { decodeDeleteOptions } from "./request-object.ts";
import type { ResourceContext } from "./resource-context.ts";
import { sendObject } from "./respond.ts";
import { sendWritten } from "./written-response.ts";
import { parseDryRun } from "./write-options.ts";
import { admissionAttributes, writeContext } from "./write-request.ts";

/** DELETE of one object. */
export async function serveDelete(context: ResourceContext): Promise<void> {
  const { info, resource } = context;
  const options = await readDeleteOptions(context);
  const { registry } = resource;
  const problem = registry.definition.strategy.deletionProblem?.(info.name);
  if (problem !== undefined) throw forbidden(registry.resourceName, info.name, problem);
  const deletion = await deleteObject(registry, info.namespace, info.name, bindDelete(context, options));
  await sendDeletion(context, deletion);
}

/** Answers a deletion as upstream does: with a Status, or with the object while it lingers. */
async function sendDeletion(context: ResourceContext, deletion: Deletion<KubeObject>): Promise<void> {
  const { resource, exchange, form } = context;
  const { definition, resourceName } = resource.registry;
  if (deletion.state === "pending" || definition.strategy.returnsDeletedObject) {
    const { object, bytes } = deletion;
    const revision = BigInt(object.metadata.resourceVersion || "0");
    await sendWritten(context, 200, { object, bytes, revision, created: false });
    return;
  }
  const { name = "", uid = "" } = deletion.object.metadata;
  const details = {
    name,
    ...(resourceName.group && { group: resourceName.group }),
    kind: resourceName.resource,
    uid,
  };
  const status: Status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details };
  await sendObject(exchange, 200, form, status);
}

/** How many objects of a collection are deleted at the same time. */
const collectionWorkers = 8;

/** DELETE on a collection: every object that the selectors match when the request arrives. */
export async function serveDeleteCollection(context: ResourceContext): Promise<void> {
  const { exchange, info, resource, form, view } = context;
  const query = parseListQuery(info, resource.selectableFields);
  const options = await readDeleteOptions(context);
  const readView = await openReadView(resource.registry, { ...query.point, limit: 0 }, exchange.signal);
  resource.registry.checkReadable(query.filter.namespace);
  const { objects } = await selectPage(readView, { ...query, point: { ...query.point, limit: 0 } }, exchange.signal);
  const pending = [...objects];
  const worker = async () => {
    for (let object = pending.pop(); object; object = pending.pop()) {
      const request = bindDelete(context, structuredClone(options));
      await deleteObject(resource.registry, object.namespace, object.name, request).catch((error: unknown) => {
        if (!isNotFound(error) && !isConflict(error)) throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: collectionWorkers }, worker));
  const metadata = JSON.stringify({ resourceVersion: String(readView.snapshot.revision) });
  await sendList(exchange, form, view, metadata, objects);
}

function bindDelete(context: ResourceContext, options: DeleteOptions): DeleteRequest<KubeObject> {
  const { exchange, info, resource, admission } = context;
  const dryRun = (options.dryRun ?? []).length > 0;
  return {
    options,
    context: writeContext(exchange, dryRun),
    signal: exchange.signal,
    timer: exchange.audit,
    validate: async (old) => {
      const named = { ...info, name: old.metadata.name ?? "" };
      const given = { ...options, kind: "DeleteOptions", apiVersion: "meta.k8s.io/v1" };
      const objects = { object: undefined, oldObject: old, options: given };
      const attributes = admissionAttributes(exchange, named, resource, "DELETE", dryRun, objects);
      await admission.admit(attributes, exchange.signal);
      await admission.validate(attributes, exchange.signal);
    },
  };
}

/** The options of a deletion, from the body or, as for old clients, from the query. */
async function readDeleteOptions(context: ResourceContext): Promise<DeleteOptions> {
  const { query } = context.info;
  const fromBody = await decodeDeleteOptions(context);
  if (fromBody) {
    parseDryRun(fromBody.dryRun ?? []);
    return fromBody;
  }
  const options: DeleteOptions = {};
  const gracePeriodSeconds = readInteger(query, "gracePeriodSeconds");
  const propagationPolicy = query.get("propagationPolicy");
  const orphanDependents = readBoolean(query, "orphanDependents");
  const dryRun = query.getAll("dryRun");
  if (gracePeriodSeconds !== undefined) options.gracePeriodSeconds = gracePeriodSeconds;
  if (propagationPolicy)
    options.propagationPolicy = propagationPolicy as NonNullable<DeleteOptions["propagationPolicy"]>;
  if (orphanDependents !== undefined) options.orphanDependents = orphanDependents;
  if (parseDryRun(dryRun)) options.dryRun = dryRun;
  return options;
}
