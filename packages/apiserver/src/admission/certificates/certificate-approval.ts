import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import { certificateSigningRequests } from "@kube-ts/api/resource-types";
import type { Authorizer } from "../../auth/authorizer.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "../admission.ts";
import { admissionForbidden, isWriteOf } from "../forbidden.ts";
import { mayActForSigner } from "./signer-access.ts";

/** Lets only those approve and deny requests who may do so for the signer. */
export class CertificateApproval implements AdmissionPlugin {
  readonly name = "CertificateApproval";
  readonly #authorizer: Authorizer | undefined;

  /** Without an authorizer nobody may. */
  constructor(authorizer: Authorizer | undefined) {
    this.#authorizer = authorizer;
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "UPDATE";
  }

  async validate(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> {
    if (!isWriteOf(attributes, certificateSigningRequests, ["approval"]) || !attributes.oldObject) return;
    const { signerName } = (attributes.oldObject as CertificateSigningRequest).spec;
    if (await mayActForSigner(this.#authorizer, attributes.user, "approve", signerName, signal)) return;
    const problem = `user not permitted to approve requests with signerName ${goQuote(signerName)}`;
    throw admissionForbidden(attributes, problem);
  }
}
