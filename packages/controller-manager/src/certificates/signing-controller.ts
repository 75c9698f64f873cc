import type { CertificateSigningRequest, CertificateSigningRequestCondition } from "@kube-ts/api/certificates/v1";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf } from "@kube-ts/api/object";
import { certificateSigningRequests } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { certificateUsages } from "./key-usages.ts";
import { certificateController, certificateQueue } from "./request-queue.ts";
import { awaitsSigning } from "./request-state.ts";
import { type SignerName, isSignerName, signerProblem } from "./signer-rules.ts";
import { ReloadedAuthority } from "./signing-authority.ts";
import { planValidity } from "./validity.ts";

const workers = 5;

/** Issues the certificates of the cluster's own signers that are approved. */
class SigningController implements Controller {
  readonly #context: ControllerContext;
  readonly #authorities = new Map<SignerName, ReloadedAuthority>();
  readonly #requests: Informer<CertificateSigningRequest>;
  readonly #queue: WorkQueue<ObjectKey>;

  constructor(context: ControllerContext) {
    this.#context = context;
    for (const [signer, files] of context.config.certificateSigning.authorities) {
      this.#authorities.set(signer, new ReloadedAuthority(files, context.log));
    }
    this.#requests = context.informers.informer(certificateSigningRequests);
    this.#queue = certificateQueue(context);
    const enqueue = (request: CertificateSigningRequest) => {
      if (awaitsSigning(request)) this.#queue.add(keyOf(request));
    };
    this.#requests.subscribe({ added: enqueue, updated: (_old, request) => enqueue(request) });
  }

  async run(signal: AbortSignal): Promise<void> {
    for (const authority of this.#authorities.values()) await authority.current();
    await this.#queue.run(signal, workers, (key, inner) => this.#reconcile(key, inner));
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const request = this.#requests.get(key);
    if (!request || !awaitsSigning(request) || !isSignerName(request.spec.signerName)) return;
    const authority = this.#authorities.get(request.spec.signerName);
    if (!authority) return;
    try {
      const status = await this.#answer(request, request.spec.signerName, authority);
      const next = { ...request, status: { ...request.status, ...status } };
      await this.#context.client.resource(certificateSigningRequests).updateStatus(next, { signal });
    } catch (error) {
      // A conflict means that there is a newer version, whose event brings the key back.
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  async #answer(
    request: CertificateSigningRequest,
    signer: SignerName,
    authority: ReloadedAuthority,
  ): Promise<CertificateSigningRequest["status"]> {
    // The certificate library is large, and clusters that sign nothing need none.
    const { parseCertificateRequest } = await import("./certificate-request.ts");
    const { issueCertificate } = await import("./issue-certificate.ts");
    const { usages = [], expirationSeconds } = request.spec;
    const { names, publicKey, isProven } = parseCertificateRequest(request.spec.request);
    const problem = signerProblem(signer, names, usages);
    if (problem !== undefined) return { conditions: [...(request.status?.conditions ?? []), this.#failed(problem)] };
    if (!(await isProven())) throw new Error("unable to verify certificate request signature");
    const current = await authority.current();
    const { durationMs: maximumMs } = this.#context.config.certificateSigning;
    const nowMs = this.#context.clock.now();
    const validity = planValidity({ nowMs, maximumMs, expirationSeconds, authorityEndMs: current.endMs });
    if (!validity) throw new Error(`the signer has expired: NotAfter=${formatTime(current.endMs)}`);
    const content = { names, publicKey, usages: certificateUsages(usages), validity };
    const pem = await issueCertificate(current, content);
    return { certificate: Buffer.from(pem).toString("base64") };
  }

  #failed(message: string): CertificateSigningRequestCondition {
    const lastUpdateTime = formatTime(this.#context.clock.now());
    return { type: "Failed", status: "True", reason: "SignerValidationFailure", message, lastUpdateTime };
  }
}

export const signingController: ControllerDefinition = {
  name: "certificatesigningrequest-signing-controller",
  serviceAccount: certificateController,
  create: (context) => new SigningController(context),
};
