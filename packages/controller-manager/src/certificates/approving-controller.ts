import type { SubjectAccessReview } from "@kube-ts/api/authorization/v1";
import type { CertificateSigningRequest, CertificateSigningRequestCondition } from "@kube-ts/api/certificates/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf, nameOf } from "@kube-ts/api/object";
import { certificateSigningRequests, subjectAccessReviews } from "@kube-ts/api/resource-types";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { type AutoApproval, autoApprovals, permissionReview } from "./approval-plan.ts";
import { certificateController, certificateQueue } from "./request-queue.ts";
import { isDecided, isIssued } from "./request-state.ts";

const workers = 5;

/** Approves requests of kubelets for client certificates, where the requester has the permission for that. */
class ApprovingController implements Controller {
  readonly #context: ControllerContext;
  readonly #requests: Informer<CertificateSigningRequest>;
  readonly #queue: WorkQueue<ObjectKey>;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#requests = context.informers.informer(certificateSigningRequests);
    this.#queue = certificateQueue(context);
    const enqueue = (request: CertificateSigningRequest) => {
      if (!isDecided(request)) this.#queue.add(keyOf(request));
    };
    this.#requests.subscribe({ added: enqueue, updated: (_old, request) => enqueue(request) });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#queue.run(signal, workers, (key, inner) => this.#reconcile(key, inner));
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const request = this.#requests.get(key);
    if (!request || isDecided(request) || isIssued(request)) return;
    if (request.spec.signerName !== "kubernetes.io/kube-apiserver-client-kubelet") return;
    const { parseCertificateRequest } = await import("./certificate-request.ts");
    const approvals = autoApprovals(request, parseCertificateRequest(request.spec.request).names);
    for (const approval of approvals) {
      if (!(await this.#isPermitted(request, approval, signal))) continue;
      await this.#approve(request, approval, signal);
      return;
    }
    if (approvals.length === 0) return;
    // A role that is bound later changes the answer, and nothing else would bring the key back.
    const tried = approvals.map(({ permission }) => permission).join(" ");
    const subject = `recognized csr ${goQuote(nameOf(request))} as [${tried}]`;
    throw new Error(`${subject} but subject access review was not approved`);
  }

  async #isPermitted(
    request: CertificateSigningRequest,
    { permission }: AutoApproval,
    signal: AbortSignal,
  ): Promise<boolean> {
    const review: SubjectAccessReview = permissionReview(request, permission);
    const { status } = await this.#context.client.resource(subjectAccessReviews).create(review, { signal });
    return status?.allowed ?? false;
  }

  async #approve(request: CertificateSigningRequest, { message }: AutoApproval, signal: AbortSignal): Promise<void> {
    const approved: CertificateSigningRequestCondition = {
      type: "Approved",
      status: "True",
      reason: "AutoApproved",
      message,
    };
    const conditions = [...(request.status?.conditions ?? []), approved];
    const next = { ...request, status: { ...request.status, conditions } };
    const resource = this.#context.client.resource(certificateSigningRequests);
    try {
      await resource.updateSubresource({ name: nameOf(request) }, "approval", next, { signal });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }
}

export const approvingController: ControllerDefinition = {
  name: "certificatesigningrequest-approving-controller",
  serviceAccount: certificateController,
  create: (context) => new ApprovingController(context),
};
