import { existsSync } from "node:fs";
import type { Client } from "@kube-ts/client/client";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import { FlagError } from "@kube-ts/std/flags";

export const adminKubeconfigFlag = {
  kubeconfig: {
    type: "string",
    default: "/etc/kubernetes/admin.conf",
    description: "Kubeconfig of an administrator of the cluster.",
  },
} as const;

/** A client with an administrator's credentials. Rejects when the file cannot be used. */
export async function adminClient(kubeconfig: string): Promise<Client> {
  if (!existsSync(kubeconfig)) {
    throw new FlagError(
      "kubeconfig",
      `${kubeconfig} does not exist: run this on a control-plane machine, or name another file with --kubeconfig`,
    );
  }
  return createClient(await clientConfigFromFile(kubeconfig), { userAgent: "kube-ts" });
}
