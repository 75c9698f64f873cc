import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { serverFields } from "@kube-ts/client/server-list";
import { isRecord } from "@kube-ts/std/config-schema";
import { formatYaml, parseYaml } from "@kube-ts/std/yaml";
import type { ClusterConfig, Machine } from "../cluster/cluster-config.ts";
import { apiServerUrls, clusterUrl, hasRole } from "../cluster/cluster-view.ts";
import { formatKubeconfig } from "../cluster/kubeconfig.ts";
import { certificateOfKubeconfig } from "../certificates/kubeconfig-certificate.ts";
import { isSignedBy } from "../certificates/certificate-store.ts";
import { kubeletCertificates } from "../join/worker-credentials.ts";
import { nodeDaemons } from "../join/node-daemons.ts";
import type { KeyPairTexts } from "../pki/authority.ts";
import { signingKeyFiles } from "../pki/authority.ts";
import { certificateFault, certificateFiles, openAuthority, pairFault, trustedFile } from "../pki/certificate-files.ts";
import type { AuthorityName, PlannedKubeconfig } from "../pki/certificate-plan.ts";
import { authorities, machineCertificates, machineKubeconfigs } from "../pki/certificate-plan.ts";
import { ensureEncryption } from "./encryption-at-rest.ts";
import { privateFile, publicFile } from "./files/planned-file.ts";
import type { PlannedFile } from "./files/planned-file.ts";
import { readText, writeFiles } from "./files/write-files.ts";
import { bootstrapKubeconfig, kubeconfigPath, pkiDirectory } from "./places.ts";

/**
 * Makes the certificates, keys and kubeconfigs that a machine lacks or that are not what its configuration asks for;
 * answers the paths of what was written. Only with `startsCluster` are authorities and the key of encryption at rest made: a
 * machine that joins brings them.
 */
export async function ensureIdentities(
  config: ClusterConfig,
  machine: Machine,
  startsCluster: boolean,
): Promise<readonly string[]> {
  requireAuthorities(machine, startsCluster);
  if (!hasRole(machine, "control-plane")) {
    // A member of etcd has certificates of its own, wherever it runs.
    return [...(await issueCertificates(config, machine)), ...(await workerIdentities(config, machine))];
  }
  const before = new Set(signingKeys.filter((path) => existsSync(path)));
  for (const name of Object.keys(authorities) as AuthorityName[]) {
    if (startsCluster || existsSync(certificateFiles(pkiDirectory, name).key)) await openAuthority(pkiDirectory, name);
  }
  await signingKeyFiles(pkiDirectory, "sa");
  const made = signingKeys.filter((path) => !before.has(path) && existsSync(path));
  if (startsCluster) made.push(...(await ensureEncryption(config)));
  await forgetForeignKubelet();
  return [...made, ...(await issueCertificates(config, machine)), ...(await writeKubeconfigs(config, machine))];
}

const signingKeys = ["ca.crt", "etcd/ca.crt", "front-proxy-ca.crt", "sa.pub"].map((name) => join(pkiDirectory, name));

function requireAuthorities(machine: Machine, startsCluster: boolean): void {
  if (startsCluster) return;
  const needed = hasRole(machine, "control-plane")
    ? ["ca.crt", "etcd/ca.crt", "front-proxy-ca.crt", "sa.key", "sa.pub"]
    : ["ca.crt", ...(hasRole(machine, "etcd") ? ["etcd/ca.crt"] : [])];
  const missing = needed.filter((name) => !existsSync(join(pkiDirectory, name)));
  if (missing.length > 0) {
    throw new Error(
      `this machine does not belong to the cluster yet: ${pkiDirectory} has no ${missing.join(", ")}. ` +
        "Use kube-ts join; the first control-plane machine prints the command (kube-ts token create --print-join-command)",
    );
  }
}

async function issueCertificates(config: ClusterConfig, machine: Machine): Promise<readonly string[]> {
  const files: PlannedFile[] = [];
  for (const planned of machineCertificates(config, machine)) {
    const fault = certificateFault(pkiDirectory, planned, Date.now());
    if (fault === undefined) continue;
    const pair = await signed(planned.authority, planned.request, `${planned.name}.crt`, fault);
    const { cert, key } = certificateFiles(pkiDirectory, planned.name);
    files.push(privateFile(key, pair.key), publicFile(cert, pair.cert));
  }
  return writeFiles(files);
}

/** Throws where the authority's key is somebody else's, with what has to be asked for. */
async function signed(
  authority: AuthorityName,
  request: Parameters<Awaited<ReturnType<typeof openAuthority>>["sign"]>[0],
  what: string,
  fault: string,
): Promise<KeyPairTexts> {
  const { key } = certificateFiles(pkiDirectory, authority);
  if (existsSync(key)) return (await openAuthority(pkiDirectory, authority)).sign(request);
  throw new Error(
    `${what} is needed (${fault}), and ${key} is not on this machine: have the authority's owner make it`,
  );
}

/** What the kubelet has renewed itself under another authority would come before its kubeconfig. */
async function forgetForeignKubelet(): Promise<void> {
  const [pem, authority] = [await readKubeletPem(), await readText(certificateFiles(pkiDirectory, "ca").cert)];
  if (pem === undefined || authority === undefined || isSignedBy(pem, authority)) return;
  await rm(kubeletCertificates.client, { force: true });
}

/** The kubelet's own certificate: a link to the newest. */
function readKubeletPem(): Promise<string | undefined> {
  return readFile(kubeletCertificates.client, "utf8").catch(() => undefined);
}

async function writeKubeconfigs(config: ClusterConfig, machine: Machine): Promise<readonly string[]> {
  const files: PlannedFile[] = [];
  const trusted = (await readText(trustedFile(pkiDirectory, "ca"))) ?? "";
  for (const planned of machineKubeconfigs(config, machine)) {
    const path = kubeconfigPath(planned.file);
    const signer = await readText(certificateFiles(pkiDirectory, "ca").cert);
    const { cert, key } = await kubeconfigPair(planned, signer ?? "", await readText(path));
    const { servers, server, user } = planned;
    files.push(
      privateFile(
        path,
        formatKubeconfig({
          clusterName: config.name,
          servers,
          start: "first",
          ...(server === undefined ? {} : { server }),
          authority: trusted,
          userName: user,
          user: { clientCertificate: cert, clientKey: key },
        }),
      ),
    );
  }
  return writeFiles(files);
}

/** The certificate that the file has, if it still is what is wanted, or a new one. */
async function kubeconfigPair(
  { file, user, organizations }: PlannedKubeconfig,
  authority: string,
  text: string | undefined,
): Promise<KeyPairTexts> {
  const request = { commonName: user, organizations, usages: ["client"] as const };
  const found = text === undefined ? undefined : pairIn(text);
  // The kubelet renews its certificate in a place of its own: what it began with may end.
  const isRenewed = file === "kubelet.conf" && existsSync(kubeletCertificates.client);
  const fault = found ? pairFault(found, authority, request, isRenewed ? 0 : Date.now()) : "it does not exist";
  if (found && fault === undefined) return found;
  return signed("ca", request, file, fault ?? "");
}

function pairIn(text: string): KeyPairTexts | undefined {
  try {
    return certificateOfKubeconfig(text);
  } catch {
    return undefined;
  }
}

/**
 * A worker's kubeconfigs come with its certificates from the cluster; what follows from the machine's own files is whom they
 * ask and trust.
 */
async function workerIdentities(config: ClusterConfig, machine: Machine): Promise<readonly string[]> {
  const files: PlannedFile[] = [];
  const trusted = (await readText(trustedFile(pkiDirectory, "ca"))) ?? "";
  const names = hasRole(machine, "worker") ? nodeDaemons.map(({ kubeconfig }) => kubeconfig) : [];
  for (const name of [...names, "kubelet.conf"]) {
    const path = kubeconfigPath(name);
    const text = await readText(path);
    if (text === undefined && name === "kubelet.conf" && existsSync(bootstrapKubeconfig)) continue;
    if (text === undefined && !hasRole(machine, "worker")) continue;
    if (text === undefined)
      throw new Error(`${path} is not there: join the machine again (kube-ts reset, kube-ts join)`);
    files.push(privateFile(path, withServers(text, config, trusted)));
  }
  return writeFiles(files);
}

/** What a kubeconfig says of its cluster that follows from the machine's own files. */
const replaced = ["server", "extensions", "certificate-authority", "certificate-authority-data"];

/** The kubeconfig with the servers of the configuration and with the authorities (PEM); the same text when it has them. */
export function withServers(text: string, config: ClusterConfig, authorities: string): string {
  const document = parseYaml(text);
  const fields = {
    ...serverFields(apiServerUrls(config), "random", clusterUrl(config)),
    "certificate-authority-data": Buffer.from(authorities).toString("base64"),
  };
  if (!isRecord(document) || !Array.isArray(document["clusters"])) return text;
  const clusters = document["clusters"].map((entry: unknown) => {
    if (!isRecord(entry) || !isRecord(entry["cluster"])) return entry;
    const others = Object.entries(entry["cluster"]).filter(([name]) => !replaced.includes(name));
    return { ...entry, cluster: { ...Object.fromEntries(others), ...fields } };
  });
  const next = { ...document, clusters };
  return isDeepStrictEqual(next, document) ? text : formatYaml(next);
}
