import { defineFlags } from "@kube-ts/std/flags";
import { defineCommand } from "../cli/command.ts";
import { adminClient, adminKubeconfigFlag } from "../join/admin-client.ts";
import { newCertificateKey, parseCertificateKey } from "../join/uploaded-certificates/certificate-key.ts";
import { readSharedFiles, uploadCertificates } from "../join/uploaded-certificates/certificate-store.ts";
import { configurationDirectory } from "../machine/places.ts";

export const command = defineCommand({
  description:
    "Puts the certificates that control-plane machines share into the cluster, encrypted, for two hours. Prints the key:\n" +
    "kube-ts join needs it, and nobody else has it. What was uploaded before is replaced.",
  flags: defineFlags({
    ...adminKubeconfigFlag,
    "certificate-key": {
      type: "string",
      default: "",
      description: "Key to encrypt with, 32 bytes in hexadecimal; a new one unless given.",
    },
  }),
  run: async ({ values }, { signal, write }) => {
    const key = values["certificate-key"] === "" ? newCertificateKey() : values["certificate-key"];
    parseCertificateKey(key);
    const files = readSharedFiles(configurationDirectory);
    await using client = await adminClient(values.kubeconfig);
    await uploadCertificates(client, files, key, Date.now(), signal);
    write(`${key}\n`);
  },
});
