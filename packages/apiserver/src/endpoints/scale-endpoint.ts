import type { Scale } from "@kube-ts/api/autoscaling/v1";
import { decodeObject } from "@kube-ts/api/decode";
import type { KubeObject } from "@kube-ts/api/object";
import { typeById } from "@kube-ts/api/schema-registry";
import { badRequest, invalid } from "@kube-ts/api/status-error";
import { invalidField } from "@kube-ts/api/field-error";
import type { ScaleMapping, TableColumns } from "../registry/resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../registry/table/columns.ts";
import { trackedAlready } from "../registry/field-management/field-tracking.ts";
import {
  objectFieldsOf,
  scaleApiVersion,
  scaleFieldManagement,
  scaleFieldsOf,
  usualReplicas,
} from "../registry/field-management/scale-fields.ts";
import { managedFieldsText, setManagedFieldsText, withoutManagedFields } from "../storage/cache/managed-fields-text.ts";
import { applyMediaType, readConfiguration } from "./apply-body.ts";
import { checkConfiguration, runApply } from "./apply-endpoint.ts";
import { mediaTypeOf } from "./body.ts";
import { readObject } from "./get-endpoint.ts";
import { applyPatch, readPatch } from "./patch-body.ts";
import { decodeBodyAs } from "./request-object.ts";
import type { ResourceContext } from "./resource-context.ts";
import { sendEncoded, sendObject } from "./respond.ts";
import { otherView } from "./response-form.ts";
import { parseApplyOptions, parsePatchOptions, parseWriteOptions } from "./write-options.ts";
import { bindWrite, fieldWrite } from "./write-request.ts";

const scaleType = { group: "autoscaling", version: "v1", kind: "Scale" };
const scaleSchema = typeById("autoscaling/v1.Scale");

/** GET, PUT and PATCH of `scale`: the replica count of an object under a kind that all scalable ones share. */
export async function serveScale(context: ResourceContext): Promise<void> {
  const { exchange, info, resource } = context;
  const mapping = resource.registry.definition.scale;
  if (!mapping) throw new Error("routed to a resource without scale");
  if (info.verb === "get") {
    const cached = await readObject(context, info.query.get("resourceVersion") ?? "");
    await send(context, scaleOf(cached.parsed(), mapping));
    return;
  }
  const change = await readChange(context);
  const options = parseWriteOptions(info);
  const request = bindWrite(exchange, info, resource, context.admission, options.dryRun, trackedAlready);
  const { replicasPath = usualReplicas } = mapping;
  const transform = (current: KubeObject): KubeObject => {
    const objectFields = managedFieldsText(current.metadata) ?? "";
    const live = scaleOf(current, mapping);
    setManagedFieldsText(live.metadata, scaleFieldsOf(objectFields, replicasPath));
    const wanted = change(live);
    checkScale(wanted, info.name);
    const scaleFields = managedFieldsText(wanted.metadata) ?? "";
    setManagedFieldsText(
      current.metadata,
      objectFieldsOf(objectFields, scaleFields, resource.apiVersion, replicasPath),
    );
    mapping.setReplicas(current, wanted.spec.replicas ?? 0);
    if (wanted.metadata.resourceVersion) current.metadata.resourceVersion = wanted.metadata.resourceVersion;
    if (wanted.metadata.uid) current.metadata.uid = wanted.metadata.uid;
    return current;
  };
  const { strategy } = resource.registry.definition;
  const written = await resource.registry.update(info.namespace, info.name, strategy, transform, request);
  await send(context, scaleOf(written.object, mapping));
}

const scaleColumns: TableColumns<Scale> = {
  definitions: [
    nameColumn,
    column("Desired", "integer", "How many replicas are wanted."),
    column("Available", "integer", "How many replicas there are."),
    ageColumn,
  ],
  row: (scale, nowMs) => ({
    cells: [nameCell(scale), scale.spec.replicas ?? 0, scale.status?.replicas ?? 0, ageCell(scale, nowMs)],
  }),
};

async function send(context: ResourceContext, scale: Scale): Promise<void> {
  const { exchange, info, form } = context;
  const object = shown(context, scale);
  if (form.view === "object") {
    await sendObject(exchange, 200, form, object);
    return;
  }
  const view = otherView(exchange, info, form, scaleColumns, () => object);
  const { name = "", namespace = "", resourceVersion = "0" } = scale.metadata;
  const revision = BigInt(resourceVersion);
  const made = { key: name, name, namespace, revision, bytes: Buffer.alloc(0), labels: {}, fields: {} };
  await sendEncoded(exchange, 200, form, view.single({ ...made, parsed: () => scale }));
}

/** The Scale as the version of the request has it. */
function shown({ resource }: ResourceContext, scale: Scale): KubeObject {
  return resource.scaleVersion?.fromScale(scale) ?? scale;
}

/** What makes the wanted Scale of the current one, with the managed fields that it then has. */
async function readChange(context: ResourceContext): Promise<(current: Scale) => Scale> {
  const { exchange, info } = context;
  const { type = scaleType, toScale = (scale: KubeObject) => scale as Scale } = context.resource.scaleVersion ?? {};
  if (info.verb === "patch" && mediaTypeOf(exchange.request) === applyMediaType) return readApply(context);
  const { fieldValidation } = info.verb === "patch" ? parsePatchOptions(info) : parseWriteOptions(info);
  const write = fieldWrite(exchange, info, { apiVersion: scaleApiVersion });
  const tracked = (wanted: Scale, current: Scale): Scale => {
    scaleFieldManagement().trackUpdate(wanted, current, write);
    return wanted;
  };
  if (info.verb === "update") {
    const scale = toScale(await decodeBodyAs<KubeObject>(context, type, fieldValidation));
    return (current) => tracked(structuredClone(scale), current);
  }
  const isBuiltIn = context.resource.registry.definition.decode === undefined;
  const patch = await readPatch(context, isBuiltIn);
  return (current) => {
    const base = shown(context, { ...current, metadata: withoutManagedFields(current.metadata) });
    return tracked(toScale(applyPatch<KubeObject>(patch, base, type)), current);
  };
}

async function readApply(context: ResourceContext): Promise<(current: Scale) => Scale> {
  const { exchange, info } = context;
  const { fieldValidation, force } = parseApplyOptions(info);
  const given = await readConfiguration(context, fieldValidation);
  checkConfiguration(given, context.resource.scaleVersion?.type ?? scaleType);
  const config = { ...given, apiVersion: scaleApiVersion };
  const write = fieldWrite(exchange, info, { apiVersion: scaleApiVersion });
  return (current) => {
    const { value, managedFields } = runApply(scaleFieldManagement(), current, config, write, force);
    const wanted =
      value === undefined ? current : decodeObject<Scale>(scaleSchema, value, { fieldValidation: "Ignore" }).object;
    setManagedFieldsText(wanted.metadata, managedFields);
    return wanted;
  };
}

function checkScale(scale: Scale, name: string): void {
  if (scale.metadata.name && scale.metadata.name !== name) {
    throw badRequest(`the name of the object (${scale.metadata.name}) does not match the name on the URL (${name})`);
  }
  const replicas = scale.spec.replicas ?? 0;
  if (replicas >= 0) return;
  const problem = invalidField("spec.replicas", replicas, "must be greater than or equal to 0");
  throw invalid({ group: "autoscaling", kind: "Scale" }, name, [problem]);
}

/** The scale of an object. */
export function scaleOf<T extends KubeObject>(object: T, mapping: ScaleMapping<T>): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: {
      ...(name && { name }),
      ...(namespace && { namespace }),
      ...(uid && { uid }),
      ...(resourceVersion && { resourceVersion }),
      ...(creationTimestamp && { creationTimestamp }),
    },
    spec: { replicas: mapping.replicas(object) },
    status: { replicas: mapping.statusReplicas(object), selector: mapping.selector(object) },
  };
}
