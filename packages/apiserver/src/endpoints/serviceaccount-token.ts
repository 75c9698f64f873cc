import type { TokenRequest } from "@kube-ts/api/authentication/v1";
import type { ServiceAccountTokenIssuer } from "../auth/service-account-token-issuer.ts";
import { warn } from "./exchange.ts";
import { decodeBodyAs } from "./request-object.ts";
import { sendObject } from "./respond.ts";
import type { Subresource } from "./subresource.ts";
import { parseWriteOptions } from "./write-options.ts";
import { admissionAttributes } from "./write-request.ts";

const requestType = { group: "authentication.k8s.io", version: "v1", kind: "TokenRequest" };

/** `serviceaccounts/token`: issues a token bound to an audience, a lifetime and, if asked, a pod. */
export function serviceAccountToken(issuer: ServiceAccountTokenIssuer): Subresource {
  return {
    group: "",
    path: "serviceaccounts/token",
    verbs: ["create"],
    kind: "TokenRequest",
    kindGroup: "authentication.k8s.io",
    kindVersion: "v1",
    handle: async (context) => {
      const { exchange, info, resource, admission, form } = context;
      const options = parseWriteOptions(info);
      const request = await decodeBodyAs<TokenRequest>(context, requestType, options.fieldValidation);
      const issued = await issuer.issue(
        info.namespace,
        info.name,
        request,
        {
          admit: async (checked) => {
            const objects = { object: checked, oldObject: undefined };
            const attributes = admissionAttributes(exchange, info, resource, "CREATE", options.dryRun, objects);
            await admission.admit(attributes, exchange.signal);
            await admission.validate(attributes, exchange.signal);
          },
          warn: (message) => warn(exchange, message),
          issued: (id) => exchange.audit?.annotate("authentication.kubernetes.io/issued-credential-id", id),
        },
        exchange.signal,
      );
      await sendObject(exchange, 201, form, issued);
    },
  };
}
