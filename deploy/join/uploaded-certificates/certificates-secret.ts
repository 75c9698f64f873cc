import type { Secret } from "@kube-ts/api/core/v1";
import { decrypt, encrypt } from "./certificate-key.ts";

export const certificatesSecret = { namespace: "kube-system", name: "kubeadm-certs" } as const;

/** The files that all control-plane machines share, by key of the secret; the paths start at the configuration directory. */
export const sharedFiles = {
  "ca.crt": "pki/ca.crt",
  "ca.key": "pki/ca.key",
  "front-proxy-ca.crt": "pki/front-proxy-ca.crt",
  "front-proxy-ca.key": "pki/front-proxy-ca.key",
  "sa.pub": "pki/sa.pub",
  "sa.key": "pki/sa.key",
  "etcd-ca.crt": "pki/etcd/ca.crt",
  "etcd-ca.key": "pki/etcd/ca.key",
  "encryption.yaml": "credentials/kube-apiserver/encryption.yaml",
} as const;

export type SharedFile = keyof typeof sharedFiles;
/** What only clusters have that encrypt secrets in etcd. */
type OptionalFile = "encryption.yaml";
type RequiredFile = Exclude<SharedFile, OptionalFile>;
export type SharedFileContents = Readonly<Record<RequiredFile, string> & Partial<Record<OptionalFile, string>>>;

export const sharedFileNames = Object.keys(sharedFiles) as readonly SharedFile[];

export function isOptional(name: SharedFile): name is OptionalFile {
  return name === "encryption.yaml";
}

/** The files, each encrypted; the secret ends together with its owner, the secret of a token that expires. */
export function secretOfFiles(
  files: SharedFileContents,
  key: Buffer,
  owner: { readonly name: string; readonly uid: string },
): Secret {
  const data = sharedFileNames.flatMap((name) => {
    const content = files[name];
    return content === undefined ? [] : [[name, encrypt(key, Buffer.from(content)).toString("base64")] as const];
  });
  return {
    metadata: {
      ...certificatesSecret,
      ownerReferences: [{ apiVersion: "v1", kind: "Secret", ...owner, controller: true, blockOwnerDeletion: false }],
    },
    type: "Opaque",
    data: Object.fromEntries(data),
  };
}

/** Throws, naming the file, when one that is required is missing or the key is not the one of the upload. */
export function filesOfSecret(secret: Secret, key: Buffer): SharedFileContents {
  const files = sharedFileNames.flatMap((name) => {
    const sealed = secret.data?.[name];
    if (sealed === undefined || sealed === "") {
      if (isOptional(name)) return [];
      throw new Error(`the Secret does not include the required certificate or key - name: ${name}`);
    }
    try {
      return [[name, decrypt(key, Buffer.from(sealed, "base64")).toString("utf8")] as const];
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`error decoding secret data with provided key: ${name}: ${reason}`, { cause });
    }
  });
  return Object.fromEntries(files) as SharedFileContents;
}
