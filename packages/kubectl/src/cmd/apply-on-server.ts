import type { ManagedFieldsEntry } from "@kube-ts/api/meta/v1";
import { ApiError } from "@kube-ts/api/status-error";
import { lastAppliedAnnotation } from "@kube-ts/api/well-known-labels";
import { annotationsOf, type LocatedObject, metadataOf } from "../builder/object-reference.ts";
import { apiVersionOf, pathOf } from "../builder/resource-mapper.ts";
import { getObject } from "../builder/resource-query.ts";
import { CommandError } from "../command-line/command-error.ts";
import type { Api, JsonObject, Query } from "../session/api.ts";
import { migratedManagedFields, recordOwners } from "./managed-fields-migration.ts";

/** The manager of server-side apply when none is named. */
export const serverSideManager = "kubectl";

/** The manager that keeps the record of what was applied, so that client-side apply can be gone back to. */
const recordManager = "kubectl-last-applied";

/** How often the managers are migrated again because somebody else was quicker. */
const maxMigrations = 5;

/** One object to be applied by the server. */
export interface ServerSideApply {
  readonly api: Api;
  readonly item: LocatedObject;
  readonly query: Query & { readonly fieldManager: string };
  readonly forceConflicts: boolean;
  /** Empty for the object itself. */
  readonly subresource: string;
  readonly warn: (text: string) => void;
}

/**
 * Has the server apply an object; what client-side apply owned of it goes over to the applying manager. A migration that
 * fails is a warning only: the next application tries again. Rejects with a CommandError for conflicts.
 */
export async function applyOnServer(request: ServerSideApply): Promise<JsonObject> {
  const applied = await sendApply(request).catch((error: unknown) => {
    throw explainRefusal(error);
  });
  const warn = (what: string) => (error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    request.warn(`Warning: ${what}. This is non-fatal and will be retried next time you apply. Error: ${reason}\n`);
    return undefined;
  };
  const kept = await keepRecord(request, applied).catch(
    warn("failed to migrate kubectl.kubernetes.io/last-applied-configuration for Server-Side Apply"),
  );
  if (!kept) return applied;
  const migrated = await migrateManagers(request, kept).catch(
    warn("server rejected managed fields migration to Server-Side Apply"),
  );
  if (!migrated) return kept;
  // Fields that only client-side apply owned and that the manifest no longer has are dropped by this one.
  const again = await sendApply(request).catch(
    warn("failed to re-apply configuration after performing Server-Side Apply migration"),
  );
  return again ?? migrated;
}

const pathFor = ({ item, subresource }: ServerSideApply) =>
  pathOf(item.resource, item.namespace, item.name, subresource);

const managersOf = (object: JsonObject) => (metadataOf(object)["managedFields"] ?? []) as ManagedFieldsEntry[];

function sendApply(request: ServerSideApply): Promise<JsonObject> {
  return request.api.json({
    method: "PATCH",
    path: pathFor(request),
    query: { ...request.query, force: request.forceConflicts },
    body: request.item.object,
    contentType: "application/apply-patch+yaml",
  });
}

/** Has a manager of its own apply the record of client-side apply, which would go away with its manager. */
async function keepRecord(request: ServerSideApply, object: JsonObject): Promise<JsonObject> {
  const { api, item, query } = request;
  const record = annotationsOf(object)[lastAppliedAnnotation];
  // Only for the default manager does the server keep the record up to date.
  if (query.fieldManager !== serverSideManager || record === undefined) return object;
  if (recordOwners(managersOf(object), "Apply").size > 0) return object;
  const { resource, name, namespace } = item;
  const annotations = { [lastAppliedAnnotation]: record };
  return api.json({
    method: "PATCH",
    path: pathFor(request),
    query: { ...query, fieldManager: recordManager },
    body: {
      apiVersion: apiVersionOf(resource),
      kind: resource.kind,
      metadata: { name, ...(namespace !== "" && { namespace }), annotations },
    },
    contentType: "application/apply-patch+yaml",
  });
}

/** The object after its managers were migrated; undefined when there was nothing to migrate. */
async function migrateManagers(request: ServerSideApply, first: JsonObject): Promise<JsonObject | undefined> {
  const { api, item, query, subresource } = request;
  const updaters = recordOwners(managersOf(first), "Update");
  let object = first;
  for (let attempt = 1; ; attempt += 1) {
    const value = migratedManagedFields(managersOf(object), updaters, query.fieldManager, subresource);
    if (!value) return undefined;
    const body = [
      { op: "replace", path: "/metadata/managedFields", value },
      { op: "replace", path: "/metadata/resourceVersion", value: metadataOf(object)["resourceVersion"] },
    ];
    try {
      const contentType = "application/json-patch+json";
      return await api.json({ method: "PATCH", path: pathFor(request), query, body, contentType });
    } catch (error) {
      const conflict = error instanceof ApiError && error.reason === "Conflict";
      if (!conflict || attempt === maxMigrations) throw error;
      object = await getObject(api, item);
    }
  }
}

function explainRefusal(error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  if (error.code === 415) {
    return new CommandError(`Server-side apply not available on the server: (${error.message})`, { cause: error });
  }
  if (error.reason !== "Conflict") return error;
  return new CommandError(`${error.message}\n${conflictAdvice}`, { cause: error });
}

const conflictAdvice = `Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;
