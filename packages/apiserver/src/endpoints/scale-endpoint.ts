import type { Scale } from "@kube-ts/api/autoscaling/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { badRequest, invalid } from "@kube-ts/api/status-error";
import { invalidField } from "@kube-ts/api/field-error";
import type { ScaleMapping } from "../registry/resource-definition.ts";
import { readObject } from "./get-endpoint.ts";
import { applyPatch, readPatch } from "./patch-body.ts";
import { decodeBodyAs } from "./request-object.ts";
import type { ResourceContext } from "./resource-context.ts";
import { sendObject } from "./respond.ts";
import { parseWriteOptions } from "./write-options.ts";
import { bindWrite } from "./write-request.ts";

const scaleType = { group: "autoscaling", version: "v1", kind: "Scale" };

/** GET, PUT and PATCH of `scale`: the replica count of an object under a kind that all scalable ones share. */
export async function serveScale(context: ResourceContext): Promise<void> {
  const { exchange, info, resource, form } = context;
  const mapping = resource.registry.definition.scale;
  if (!mapping) throw new Error("routed to a resource without scale");
  if (info.verb === "get") {
    const cached = await readObject(context, info.query.get("resourceVersion") ?? "");
    await sendObject(exchange, 200, form, scaleOf(cached.parsed(), mapping));
    return;
  }
  const change = await readChange(context);
  const options = parseWriteOptions(info);
  const request = bindWrite(exchange, info, resource, context.admission, options.dryRun);
  const transform = (current: KubeObject): KubeObject => {
    const wanted = change(scaleOf(current, mapping));
    checkScale(wanted, info.name);
    mapping.setReplicas(current, wanted.spec.replicas ?? 0);
    if (wanted.metadata.resourceVersion) current.metadata.resourceVersion = wanted.metadata.resourceVersion;
    if (wanted.metadata.uid) current.metadata.uid = wanted.metadata.uid;
    return current;
  };
  const { strategy } = resource.registry.definition;
  const written = await resource.registry.update(info.namespace, info.name, strategy, transform, request);
  await sendObject(exchange, 200, form, scaleOf(written.object, mapping));
}

async function readChange(context: ResourceContext): Promise<(current: Scale) => Scale> {
  const { fieldValidation } = parseWriteOptions(context.info);
  if (context.info.verb === "update") {
    const scale = await decodeBodyAs<Scale>(context, scaleType, fieldValidation);
    return () => scale;
  }
  const patch = await readPatch(context);
  return (current) => applyPatch<Scale>(patch, current, scaleType);
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

function scaleOf<T extends KubeObject>(object: T, mapping: ScaleMapping<T>): Scale {
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
