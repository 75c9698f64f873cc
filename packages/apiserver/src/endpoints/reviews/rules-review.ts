import type { SelfSubjectRulesReview } from "@kube-ts/api/authorization/v1";
import { badRequest } from "@kube-ts/api/status-error";
import type { RuleResolver } from "../../auth/rule-resolver.ts";
import { reviewRules } from "../../auth/rule-resolver.ts";
import { decodeBodyAs } from "../request-object.ts";
import { sendObject } from "../respond.ts";
import type { VirtualResource } from "../subresource.ts";
import { parseWriteOptions } from "../write-options.ts";

const group = "authorization.k8s.io";
const kind = "SelfSubjectRulesReview";

/** `selfsubjectrulesreviews`: what the client may do in a namespace, as far as that can be listed. */
export function selfSubjectRulesReviews(resolvers: readonly RuleResolver[], version = "v1"): VirtualResource {
  return {
    group,
    version,
    plural: "selfsubjectrulesreviews",
    singular: "selfsubjectrulesreview",
    kind,
    namespaced: false,
    handle: async (context) => {
      const { exchange, form, info } = context;
      const { fieldValidation } = parseWriteOptions(info);
      const review = await decodeBodyAs<SelfSubjectRulesReview>(context, { group, version, kind }, fieldValidation);
      if (!review.spec.namespace) throw badRequest("no namespace on request");
      await sendObject(exchange, 201, form, reviewRules(review, exchange.user, resolvers));
    },
  };
}
