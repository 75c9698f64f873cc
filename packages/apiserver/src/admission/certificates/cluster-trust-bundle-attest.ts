import { semanticEqual } from "@kube-ts/api/deep-equal";
import { goQuote } from "@kube-ts/api/go-quote";
import type { KubeObject } from "@kube-ts/api/object";
import type { Authorizer } from "../../auth/authorizer.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "../admission.ts";
import { admissionForbidden, isWriteOf } from "../forbidden.ts";
import { mayActForSigner } from "./signer-access.ts";

const bundles = { group: "certificates.k8s.io", plural: "clustertrustbundles" };

interface TrustBundle extends KubeObject {
  readonly spec: { readonly signerName?: string };
}

/** Lets only those publish a signer's anchors of trust who may speak for the signer. */
export class ClusterTrustBundleAttest implements AdmissionPlugin {
  readonly name = "ClusterTrustBundleAttest";
  readonly #authorizer: Authorizer | undefined;

  /** Without an authorizer nobody may. */
  constructor(authorizer: Authorizer | undefined) {
    this.#authorizer = authorizer;
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE" || operation === "UPDATE";
  }

  validate(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> | undefined {
    if (!isWriteOf(attributes, bundles) || !attributes.object) return undefined;
    const { spec } = attributes.object as TrustBundle;
    const old = attributes.oldObject as TrustBundle | undefined;
    if (!spec.signerName || (old && semanticEqual(spec, old.spec))) return undefined;
    return this.#check(attributes, spec.signerName, signal);
  }

  async #check(attributes: AdmissionAttributes, signerName: string, signal: AbortSignal): Promise<void> {
    if (await mayActForSigner(this.#authorizer, attributes.user, "attest", signerName, signal)) return;
    const problem = `user not permitted to attest for signerName ${goQuote(signerName)}`;
    throw admissionForbidden(attributes, problem);
  }
}
