import type { Client } from "@kube-ts/client/client";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";

export const adminKubeconfigFlag = {
  kubeconfig: {
    type: "string",
    default: "/etc/kubernetes/admin.conf",
    description: "Kubeconfig of an administrator of the cluster.",
  },
} as const;

/** A client with an administrator's credentials. Rejects when the file cannot be used. */
export async function adminClient(kubeconfig: string): Promise<Client> {
  return createClient(await clientConfigFromFile(kubeconfig), { userAgent: "kube-ts" });
}
