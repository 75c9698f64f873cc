import type {
  LocalSubjectAccessReview,
  SelfSubjectAccessReview,
  SubjectAccessReview,
  SubjectAccessReviewStatus,
} from "@kube-ts/api/authorization/v1";
import { requiredField } from "@kube-ts/api/field-error";
import { badRequest, invalid } from "@kube-ts/api/status-error";
import type { Authorizer } from "../../auth/authorizer.ts";
import { aggregate } from "../../auth/tokens/token-authenticator.ts";
import type { UserInfo } from "../../auth/user.ts";
import { decodeBodyAs } from "../request-object.ts";
import { sendObject } from "../respond.ts";
import type { VirtualContext, VirtualResource } from "../subresource.ts";
import { parseWriteOptions } from "../write-options.ts";
import { type ReviewSpec, reviewSpecErrors, reviewedAttributes } from "./review-spec.ts";

const group = "authorization.k8s.io";

/**
 * The resources that answer what somebody may do, by asking the server's own authorizer. In v1beta1 the groups of the
 * user are called `group`.
 */
export function accessReviews(authorizer: Authorizer, version = "v1"): VirtualResource[] {
  const declare = (
    kind: string,
    namespaced: boolean,
    answer: (context: VirtualContext) => Promise<Review>,
  ): VirtualResource => ({
    group,
    version,
    plural: `${kind.toLowerCase()}s`,
    singular: kind.toLowerCase(),
    kind,
    namespaced,
    handle: async (context) => {
      const review = await answer(context);
      const shown = version === "v1" ? review : withSpecField(review, "groups", "group");
      await sendObject(context.exchange, 201, context.form, shown);
    },
  });
  return [
    declare("SubjectAccessReview", false, async (context) => {
      const review = await readReview<SubjectAccessReview>(context, "SubjectAccessReview");
      return withStatus(review, await decide(authorizer, subjectOf(review.spec), review.spec, context));
    }),
    declare("SelfSubjectAccessReview", false, async (context) => {
      const review = await readReview<SelfSubjectAccessReview>(context, "SelfSubjectAccessReview");
      return withStatus(review, await decide(authorizer, context.exchange.user, review.spec, context));
    }),
    declare("LocalSubjectAccessReview", true, async (context) => {
      const review = await readReview<LocalSubjectAccessReview>(context, "LocalSubjectAccessReview");
      checkLocal(review, context.info.namespace);
      return withStatus(review, await decide(authorizer, subjectOf(review.spec), review.spec, context));
    }),
  ];
}

interface Review {
  readonly spec: object;
}

async function readReview<T extends Review>(context: VirtualContext, kind: string): Promise<T> {
  const { version } = context.info;
  const { fieldValidation } = parseWriteOptions(context.info);
  const review = await decodeBodyAs<T>(context, { group, version, kind }, fieldValidation);
  return version === "v1" ? review : withSpecField(review, "group", "groups");
}

/** The review with one field of its spec under another name. */
function withSpecField<T extends Review>(review: T, from: string, to: string): T {
  const { [from]: value, ...spec } = review.spec as Record<string, unknown>;
  return value === undefined ? review : { ...review, spec: { ...spec, [to]: value } };
}

function withStatus<T extends { status?: unknown }>(review: T, status: SubjectAccessReviewStatus): T {
  return { ...review, status };
}

async function decide(
  authorizer: Authorizer,
  user: UserInfo,
  spec: ReviewSpec,
  { exchange, info }: VirtualContext,
): Promise<SubjectAccessReviewStatus> {
  const errors = [
    ...reviewSpecErrors(spec),
    ...(info.resource !== "selfsubjectaccessreviews" && user.name === "" && user.groups.length === 0
      ? [requiredField("spec.user", "at least one of user or group must be specified")]
      : []),
  ];
  if (errors.length > 0) throw invalid({ group, kind: "SubjectAccessReview" }, "", errors);
  const { attributes, problems } = reviewedAttributes(user, spec);
  const { decision, reason, problem } = await authorizer.authorize(attributes, exchange.signal);
  const all = [...(problem === undefined ? [] : [problem]), ...problems];
  return {
    allowed: decision === "allow",
    ...(decision === "deny" && { denied: true }),
    ...(reason !== "" && { reason }),
    ...(all.length > 0 && { evaluationError: aggregate(all) }),
  };
}

function subjectOf(spec: SubjectAccessReview["spec"]): UserInfo {
  return { name: spec.user ?? "", uid: spec.uid ?? "", groups: spec.groups ?? [], extra: spec.extra ?? {} };
}

function checkLocal(review: LocalSubjectAccessReview, namespace: string): void {
  if (review.spec.nonResourceAttributes) {
    throw badRequest("spec.nonResourceAttributes: disallowed on this kind of request");
  }
  if ((review.spec.resourceAttributes?.namespace ?? "") !== namespace) {
    throw badRequest(`spec.resourceAttributes.namespace must match namespace: ${namespace}`);
  }
}
