import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import { certificateSigningRequests } from "@kube-ts/api/resource-types";
import type { Authorizer } from "../../auth/authorizer.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "../admission.ts";
import { admissionForbidden, isWriteOf } from "../forbidden.ts";
import { mayActForSigner } from "./signer-access.ts";

/** Lets only those issue certificates who may do so for the signer. */
export class CertificateSigning implements AdmissionPlugin {
  readonly name = "CertificateSigning";
  readonly #authorizer: Authorizer | undefined;

  /** Without an authorizer nobody may. */
  constructor(authorizer: Authorizer | undefined) {
    this.#authorizer = authorizer;
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "UPDATE";
  }

  async validate(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> {
    if (!isWriteOf(attributes, certificateSigningRequests, ["status"])) return;
    const request = attributes.object as CertificateSigningRequest | undefined;
    const old = attributes.oldObject as CertificateSigningRequest | undefined;
    if (!request || !old || (request.status?.certificate ?? "") === (old.status?.certificate ?? "")) return;
    const { signerName } = old.spec;
    if (await mayActForSigner(this.#authorizer, attributes.user, "sign", signerName, signal)) return;
    const problem = `user not permitted to sign requests with signerName ${goQuote(signerName)}`;
    throw admissionForbidden(attributes, problem);
  }
}
