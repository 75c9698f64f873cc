import { stat } from "node:fs/promises";
import { ProgramError, runProgram } from "@kube-ts/std/run-program";
import type { KeyPairFiles } from "../pki/authority.ts";

/** One member of etcd and how it is asked. */
export interface EtcdTarget {
  readonly endpoint: string;
  readonly caFile: string;
  readonly client: KeyPairFiles;
}

export interface SnapshotFacts {
  readonly revision: number;
  readonly keys: number;
  readonly sizeBytes: number;
}

/** A member that begins with a snapshot's data instead of its own. */
export interface MemberFromSnapshot {
  readonly name: string;
  readonly peerUrl: string;
  /** `name=url,…` of all members, which all begin with the same snapshot. */
  readonly initialCluster: string;
  /** The same for all members, and another one than the former cluster's. */
  readonly token: string;
  readonly dataDirectory: string;
}

const askMs = 30_000;
const copyMs = 1_800_000;

/** Copies a member's whole state to a file. */
export async function saveSnapshot(target: EtcdTarget, path: string, signal: AbortSignal): Promise<void> {
  await etcdctl([...connection(target), `--command-timeout=${copyMs}ms`, "snapshot", "save", path], copyMs, signal);
}

/** Rejects when the file is no snapshot, or a damaged one. */
export async function snapshotFacts(path: string, signal: AbortSignal): Promise<SnapshotFacts> {
  const text = await offline(["snapshot", "status", path, "--write-out=json"], copyMs, signal);
  const { revision, totalKey } = JSON.parse(text) as { revision?: number; totalKey?: number };
  if (revision === undefined || totalKey === undefined) throw new Error(`${path} is no snapshot of etcd: ${text}`);
  return { revision, keys: totalKey, sizeBytes: (await stat(path)).size };
}

/** Makes the data directory of a member, which must not exist yet. Checks the snapshot's own checksum. */
export async function restoreSnapshot(path: string, member: MemberFromSnapshot, signal: AbortSignal): Promise<void> {
  const { name, peerUrl, initialCluster, token, dataDirectory } = member;
  const flags = [
    `--name=${name}`,
    `--initial-cluster=${initialCluster}`,
    `--initial-cluster-token=${token}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--data-dir=${dataDirectory}`,
  ];
  await offline(["snapshot", "restore", path, ...flags], copyMs, signal);
}

/** Whether the member serves linearizable reads, which takes a majority of members. */
export async function isHealthy(target: EtcdTarget, signal: AbortSignal): Promise<boolean> {
  try {
    await etcdctl([...connection(target), "--command-timeout=5s", "endpoint", "health"], askMs, signal);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ProgramError && error.exitCode !== undefined) return false;
    throw error;
  }
}

function connection({ endpoint, caFile, client }: EtcdTarget): readonly string[] {
  return [`--endpoints=${endpoint}`, `--cacert=${caFile}`, `--cert=${client.cert}`, `--key=${client.key}`];
}

/** Work on files: a program of its own from etcd 3.5 on, and the only one from 3.6 on. */
async function offline(args: readonly string[], timeoutMs: number, signal: AbortSignal): Promise<string> {
  try {
    return (await runProgram({ command: ["etcdutl", ...args], timeoutMs }, signal)).stdout;
  } catch (error) {
    const isMissing = error instanceof ProgramError && error.message.includes("ENOENT");
    if (!isMissing) throw error;
  }
  return etcdctl(args, timeoutMs, signal);
}

async function etcdctl(args: readonly string[], timeoutMs: number, signal: AbortSignal): Promise<string> {
  const call = { command: ["etcdctl", ...args], environment: { ETCDCTL_API: "3" }, timeoutMs };
  return (await runProgram(call, signal)).stdout;
}
