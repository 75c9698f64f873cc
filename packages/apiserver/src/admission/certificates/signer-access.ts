import type { Authorizer } from "../../auth/authorizer.ts";
import type { UserInfo } from "../../auth/user.ts";

/** Whether a user may approve, sign or attest for a signer: this very one, or all of its domain. */
export async function mayActForSigner(
  authorizer: Authorizer | undefined,
  user: UserInfo,
  verb: "approve" | "sign" | "attest",
  signerName: string,
  signal: AbortSignal,
): Promise<boolean> {
  const [domain = ""] = signerName.split("/");
  for (const name of [signerName, `${domain}/*`]) {
    const decision = await authorizer?.authorize(
      {
        kind: "resource",
        user,
        verb,
        group: "certificates.k8s.io",
        version: "*",
        resource: "signers",
        subresource: "",
        namespace: "",
        name,
      },
      signal,
    );
    if (decision?.decision === "allow") return true;
  }
  return false;
}
