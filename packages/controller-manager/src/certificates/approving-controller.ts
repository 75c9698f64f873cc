import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf, nameOf } from "@kube-ts/api/object";
import { certificateSigningRequests } from "@kube-ts/api/resource-types";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { autoApprovals, permissionReview } from "./approval-plan.ts";
import { approve, isPermitted } from "./automatic-approval.ts";
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
      const review = permissionReview(request, approval.permission);
      if (!(await isPermitted(this.#context.client, review, signal))) continue;
      await approve(this.#context.client, request, approval.message, signal);
      return;
    }
    if (approvals.length === 0) return;
    // A role that is bound later changes the answer, and nothing else would bring the key back.
    const tried = approvals.map(({ permission }) => permission).join(" ");
    const subject = `recognized csr ${goQuote(nameOf(request))} as [${tried}]`;
    throw new Error(`${subject} but subject access review was not approved`);
  }
}

export const approvingController: ControllerDefinition = {
  name: "certificatesigningrequest-approving-controller",
  serviceAccount: certificateController,
  create: (context) => new ApprovingController(context),
};
