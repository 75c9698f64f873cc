import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { DaemonName } from "../../units/unit-files.ts";
import type { ClusterObjects, ClusterView, FileFacts, Places, TlsFacts } from "../cluster-view.ts";
import type { Subject } from "../subject.ts";
import { effectiveFlags } from "../effective-flags.ts";
import { readYaml } from "./read-file.ts";
import { runningPrograms } from "./running-daemons.ts";
import { probeTls } from "./tls-probe.ts";

/** Looks at the programs and files of the cluster. */
export async function clusterView(subject: Subject, objects: ClusterObjects | undefined): Promise<ClusterView> {
  const processes = await runningPrograms(subject);
  const { places } = subject;
  const document = (daemon: DaemonName, flag: string) => {
    const path = effectiveFlags(processes.get(daemon)?.args ?? []).text(flag);
    return path === undefined ? undefined : readYaml(path);
  };
  return {
    processes,
    places,
    files: fileFacts(places),
    kubeletFile: record(document("kubelet", "config")),
    proxyFile: record(document("kube-proxy", "config")),
    auditPolicy: document("kube-apiserver", "audit-policy-file"),
    authentication: document("kube-apiserver", "authentication-config"),
    encryption: document("kube-apiserver", "encryption-provider-config"),
    tls: await tlsFacts(subject, processes),
    objects,
  };
}

function fileFacts(places: Places): ReadonlyMap<string, FileFacts> {
  const below = [places.pki, places.cniConfigs, places.manifests].flatMap(namesBelow);
  const facts = [...Object.values(places), ...below].flatMap((path: string): [string, FileFacts][] => {
    const found = statSync(path, { throwIfNoEntry: false });
    return found ? [[path, { mode: found.mode & 0o7777, uid: found.uid, gid: found.gid }]] : [];
  });
  return new Map(facts);
}

function namesBelow(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { recursive: true, encoding: "utf8" }).map((name) => join(directory, name));
  } catch {
    return [];
  }
}

async function tlsFacts(
  { daemons }: Subject,
  processes: ClusterView["processes"],
): Promise<ReadonlyMap<DaemonName, TlsFacts>> {
  const found = new Map<DaemonName, TlsFacts>();
  for (const name of ["kube-apiserver", "kubelet"] as const) {
    const [port] = daemons.get(name)?.ports ?? [];
    const facts = port !== undefined && processes.has(name) ? await probeTls("127.0.0.1", port) : undefined;
    if (facts) found.set(name, facts);
  }
  return found;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
