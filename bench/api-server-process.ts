import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { request } from "node:https";
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
  /** Of the API server as it runs now. */
  readonly pid: number;
  readonly etcdPid: number;
  readonly etcdUrl: string;
  readonly ca: string;
  readonly admin: KeyPairFiles;
  readonly directory: string;
  /** Kills the API server and starts it again at the same address; resolves when it is ready. */
  restart(): Promise<void>;
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
  const processes = new Map<string, ChildProcess>();
  const start = (name: string, command: string, args: readonly string[]): void => {
    const log = openSync(join(directory, `${name}.log`), "a");
    const child = spawn(command, args, { stdio: ["ignore", log, log] });
    closeSync(log);
    processes.set(name, child);
  };
  const pidOf = (name: string): number => {
    const pid = processes.get(name)?.pid;
    if (pid === undefined) throw new Error(`${name} could not be started`);
    return pid;
  };
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  start("etcd", "etcd", [
    `--data-dir=${join(directory, "etcd")}`,
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
  ]);
  const serverArgs = [
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
  ];
  const startApiServer = async () => {
    start("kube-apiserver", join(repositoryRoot, "packages", "apiserver", "bin", "kube-apiserver"), serverArgs);
    await waitUntil(`the API server is ready (its log is in ${directory})`, 60_000, () => isReady(apiPort));
  };
  const stop = async () => {
    for (const child of [...processes.values()].toReversed()) await endProcess(child, "SIGTERM");
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await startApiServer();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `https://127.0.0.1:${apiPort}`,
    get pid() {
      return pidOf("kube-apiserver");
    },
    etcdPid: pidOf("etcd"),
    etcdUrl,
    ca: authority.certFile,
    admin,
    directory,
    restart: async () => {
      const running = processes.get("kube-apiserver");
      if (running) await endProcess(running, "SIGKILL");
      await startApiServer();
    },
    [Symbol.asyncDispose]: stop,
  };
}

async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill(signal);
  const force = setTimeout(() => child.kill("SIGKILL"), 15_000);
  await ended;
  clearTimeout(force);
}

function isReady(port: number): Promise<boolean> {
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
