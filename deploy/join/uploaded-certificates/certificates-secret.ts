import type { Secret } from "@kube-ts/api/core/v1";
import { decrypt, encrypt } from "./certificate-key.ts";

export const certificatesSecret = { namespace: "kube-system", name: "kubeadm-certs" } as const;

/** The files that all control-plane machines share, by key of the secret; the paths start at the PKI directory. */
export const sharedFiles = {
  "ca.crt": "ca.crt",
  "ca.key": "ca.key",
  "front-proxy-ca.crt": "front-proxy-ca.crt",
  "front-proxy-ca.key": "front-proxy-ca.key",
  "sa.pub": "sa.pub",
  "sa.key": "sa.key",
  "etcd-ca.crt": "etcd/ca.crt",
  "etcd-ca.key": "etcd/ca.key",
} as const;

export type SharedFile = keyof typeof sharedFiles;
export type SharedFileContents = Readonly<Record<SharedFile, string>>;

const names = Object.keys(sharedFiles) as readonly SharedFile[];

/** The files, each encrypted; the secret ends together with its owner, the secret of a token that expires. */
export function secretOfFiles(
  files: SharedFileContents,
  key: Buffer,
  owner: { readonly name: string; readonly uid: string },
): Secret {
  const data = names.map((name) => [name, encrypt(key, Buffer.from(files[name])).toString("base64")] as const);
  return {
    metadata: {
      ...certificatesSecret,
      ownerReferences: [{ apiVersion: "v1", kind: "Secret", ...owner, controller: true, blockOwnerDeletion: false }],
    },
    type: "Opaque",
    data: Object.fromEntries(data),
  };
}

/** Throws, naming the file, when one is missing or the key is not the one of the upload. */
export function filesOfSecret(secret: Secret, key: Buffer): SharedFileContents {
  const files = names.map((name) => {
    const sealed = secret.data?.[name];
    if (sealed === undefined || sealed === "") {
      throw new Error(`the Secret does not include the required certificate or key - name: ${name}`);
    }
    try {
      return [name, decrypt(key, Buffer.from(sealed, "base64")).toString("utf8")] as const;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`error decoding secret data with provided key: ${name}: ${reason}`, { cause });
    }
  });
  return Object.fromEntries(files) as Record<SharedFile, string>;
}
