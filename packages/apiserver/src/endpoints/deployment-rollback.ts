import type { DeploymentRollback } from "@kube-ts/api/apps/v1beta1";
import type { KubeObject } from "@kube-ts/api/object";
import type { Status } from "@kube-ts/api/meta/v1";
import { requiredField } from "@kube-ts/api/field-error";
import { badRequest, invalid } from "@kube-ts/api/status-error";
import { rollbackAnnotation } from "@kube-ts/api/well-known-labels";
import { decodeBodyAs } from "./request-object.ts";
import { sendObject } from "./respond.ts";
import type { Subresource } from "./subresource.ts";
import { parseWriteOptions } from "./write-options.ts";
import { bindWrite } from "./write-request.ts";

/** `deployments/rollback` of a legacy version: asks the deployment controller to go back to an earlier revision. */
export function deploymentRollback(group: string, version: string): Subresource {
  const kind = "DeploymentRollback";
  return {
    group,
    versions: [version],
    path: "deployments/rollback",
    verbs: ["create"],
    kind,
    handle: async (context) => {
      const { exchange, info, resource, admission, form } = context;
      const options = parseWriteOptions(info);
      const type = { group, version, kind };
      const body = await decodeBodyAs<DeploymentRollback & KubeObject>(context, type, options.fieldValidation);
      if (body.name === "") throw invalid({ group, kind }, "", [requiredField("name", "name is required")]);
      if (body.name !== info.name) throw badRequest("name in URL does not match name in DeploymentRollback object");
      const revision = String(body.rollbackTo?.revision ?? 0);
      const transform = (current: KubeObject): KubeObject => {
        const annotations = {
          ...current.metadata.annotations,
          ...body.updatedAnnotations,
          [rollbackAnnotation]: revision,
        };
        return { ...current, metadata: { ...current.metadata, annotations } };
      };
      const request = bindWrite(exchange, info, resource, admission, options.dryRun);
      const { strategy } = resource.registry.definition;
      await resource.registry.update(info.namespace, info.name, strategy, transform, request);
      const message = `rollback request for deployment "${info.name}" succeeded`;
      const status: Status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", message, code: 200 };
      await sendObject(exchange, 200, form, status);
    },
  };
}
