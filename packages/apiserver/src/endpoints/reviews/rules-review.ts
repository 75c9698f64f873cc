import type { SelfSubjectRulesReview } from "@kube-ts/api/authorization/v1";
import { badRequest } from "@kube-ts/api/status-error";
import type { RuleResolver } from "../../auth/rule-resolver.ts";
import { reviewRules } from "../../auth/rule-resolver.ts";
import { decodeBodyAs } from "../request-object.ts";
import { sendObject } from "../respond.ts";
import type { VirtualResource } from "../subresource.ts";
import { parseWriteOptions } from "../write-options.ts";

const type = { group: "authorization.k8s.io", version: "v1", kind: "SelfSubjectRulesReview" };

/** `selfsubjectrulesreviews`: what the client may do in a namespace, as far as that can be listed. */
export function selfSubjectRulesReviews(resolvers: readonly RuleResolver[]): VirtualResource {
  return {
    group: type.group,
    version: type.version,
    plural: "selfsubjectrulesreviews",
    singular: "selfsubjectrulesreview",
    kind: type.kind,
    namespaced: false,
    handle: async (context) => {
      const { exchange, form, info } = context;
      const { fieldValidation } = parseWriteOptions(info);
      const review = await decodeBodyAs<SelfSubjectRulesReview>(context, type, fieldValidation);
      if (!review.spec.namespace) throw badRequest("no namespace on request");
      await sendObject(exchange, 201, form, reviewRules(review, exchange.user, resolvers));
    },
  };
}
