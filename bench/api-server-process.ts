import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "../deploy/local/layout.ts";
import { Authority, signingKeyFiles } from "../deploy/pki/authority.ts";
import type { KeyPairFiles } from "../deploy/pki/authority.ts";
import { waitUntil } from "../deploy/local/command.ts";

/** An API server on an etcd of its own, on loopback ports, in a directory that goes with it. */
export interface ServerUnderTest extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  readonly etcdPid: number;
  readonly ca: string;
  readonly admin: KeyPairFiles;
  readonly directory: string;
}

/** Starts etcd and the API server; resolves when the server is ready. `extraArgs` go to the server. */
export async function startServer(extraArgs: readonly string[] = []): Promise<ServerUnderTest> {
  const directory = mkdtempSync(join(tmpdir(), "kube-ts-server-"));
  mkdirSync(join(directory, "etcd"));
  const [etcdPort, peerPort, apiPort] = [await freePort(), await freePort(), await freePort()];
  const authority = await Authority.open(join(directory, "pki"), "ca", "kubernetes");
  const serving = await authority.issue("apiserver", {
    commonName: "kube-apiserver",
    hosts: ["127.0.0.1", "localhost"],
    usages: ["server"],
  });
  const admin = await authority.issue("admin", {
    commonName: "admin",
    organizations: ["system:masters"],
    usages: ["client"],
  });
  const keys = await signingKeyFiles(join(directory, "pki"), "sa");
  const children: ChildProcess[] = [];
  const start = (name: string, command: string, args: readonly string[]): number => {
    const log = openSync(join(directory, `${name}.log`), "a");
    const child = spawn(command, args, { stdio: ["ignore", log, log] });
    children.push(child);
    if (child.pid === undefined) throw new Error(`${command} could not be started`);
    return child.pid;
  };
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const etcdPid = start("etcd", "etcd", [
    `--data-dir=${join(directory, "etcd")}`,
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
  ]);
  const pid = start("kube-apiserver", join(repositoryRoot, "packages", "apiserver", "bin", "kube-apiserver"), [
    "--bind-address=127.0.0.1",
    `--secure-port=${apiPort}`,
    `--tls-cert-file=${serving.cert}`,
    `--tls-private-key-file=${serving.key}`,
    `--client-ca-file=${authority.certFile}`,
    `--etcd-servers=${etcdUrl}`,
    "--service-cluster-ip-range=10.96.0.0/16",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-signing-key-file=${keys.key}`,
    "--authorization-mode=Node,RBAC",
    ...extraArgs,
  ]);
  const url = `https://127.0.0.1:${apiPort}`;
  const stop = async () => {
    for (const child of children.toReversed()) await endProcess(child);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await waitUntil(`the API server is ready (its log is in ${directory})`, 60_000, () => isReady(apiPort));
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, pid, etcdPid, ca: authority.certFile, admin, directory, [Symbol.asyncDispose]: stop };
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), 15_000);
  await ended;
  clearTimeout(force);
}

async function isReady(port: number): Promise<boolean> {
  const { request } = await import("node:https");
  return new Promise((resolve) => {
    const probe = request({ host: "127.0.0.1", port, path: "/readyz", rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    probe.on("error", () => resolve(false));
    probe.end();
  });
}

/** A loopback port that is free now. */
export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
