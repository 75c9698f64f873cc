import { isAbsolute } from "node:path";
import { objectField, stringField } from "@kube-ts/std/config-schema";
import type { PluginConfigKind } from "../plugin-configuration.ts";

/** `apiserver.config.k8s.io/v1 WebhookAdmissionConfiguration`: the kubeconfig by which webhooks know the server. */
export const webhookAdmissionKind: PluginConfigKind<string> = {
  kind: "WebhookAdmissionConfiguration",
  apiVersions: ["apiserver.config.k8s.io/v1"],
  schema: objectField({ kubeConfigFile: stringField() }),
  build: (decoded) => {
    const { kubeConfigFile = "" } = decoded as { readonly kubeConfigFile?: string };
    if (kubeConfigFile === "" || isAbsolute(kubeConfigFile)) return kubeConfigFile;
    throw new Error(`kubeConfigFile must be an absolute file path: ${JSON.stringify(kubeConfigFile)}`);
  },
};
