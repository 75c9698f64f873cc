import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "../deploy/local/layout.ts";
import { Authority, signingKeyFiles } from "../deploy/pki/authority.ts";
import type { KeyPairFiles } from "../deploy/pki/authority.ts";
import { waitUntil } from "../deploy/local/command.ts";
import { EtcdProcess } from "../packages/apiserver/src/storage/testing/etcd-process.ts";

/** An API server on loopback, in a directory that goes with it. */
export interface ServerUnderTest extends AsyncDisposable {
  readonly url: string;
  /** Of the API server as it runs now. */
  readonly pid: number;
  readonly etcdUrl: string;
  readonly ca: string;
  readonly admin: KeyPairFiles;
  readonly directory: string;
  /** Kills the API server and starts it again at the same address; resolves when it is ready. */
  restart(): Promise<void>;
}

export interface SharedState {
  /** The members of an etcd that somebody else owns; the server gets one of its own where it is left out. */
  readonly etcd?: readonly EtcdProcess[];
  /** Where keys and certificates are kept; servers of one cluster share it. */
  readonly pki?: string;
  /** Flags that the server usually gets and this one does not, with their dashes. */
  readonly withoutFlags?: readonly string[];
}

/** Starts an API server, with an etcd of its own by default; resolves when it is ready. `extraArgs` go to the server. */
export async function startServer(
  extraArgs: readonly string[] = [],
  shared: SharedState = {},
): Promise<ServerUnderTest> {
  const directory = mkdtempSync(join(tmpdir(), "kube-ts-server-"));
  await using starting = new AsyncDisposableStack();
  starting.defer(() => rmSync(directory, { recursive: true, force: true }));
  const etcd = shared.etcd ?? [starting.use(await EtcdProcess.start())];
  const files = await credentials(shared.pki ?? join(directory, "pki"));
  const port = await freePort();
  const usual = serverArgs(files, port, etcd).filter((arg) => !shared.withoutFlags?.includes(arg.replace(/=.*/, "")));
  const args = [...usual, ...extraArgs];
  const logFile = join(directory, "kube-apiserver.log");
  let child: ChildProcess | undefined;
  const stop = async (signal: "SIGTERM" | "SIGKILL") => {
    if (child) await endProcess(child, signal);
  };
  const start = async () => {
    const log = openSync(logFile, "a");
    child = spawn(program, args, { stdio: ["ignore", log, log] });
    closeSync(log);
    await waitUntil(`the API server is ready (its log is ${logFile})`, 60_000, () => isReady(port));
  };
  starting.defer(() => stop("SIGTERM"));
  await start();
  const owned = starting.move();
  return {
    url: `https://127.0.0.1:${port}`,
    get pid() {
      return child?.pid ?? 0;
    },
    etcdUrl: etcd[0]?.endpoint ?? "",
    ca: files.ca,
    admin: files.admin,
    directory,
    restart: async () => {
      await stop("SIGKILL");
      await start();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const program = join(repositoryRoot, "packages", "apiserver", "bin", "kube-apiserver");

interface CredentialFiles {
  readonly ca: string;
  readonly serving: KeyPairFiles;
  readonly admin: KeyPairFiles;
  readonly signingKey: string;
}

async function credentials(directory: string): Promise<CredentialFiles> {
  const authority = await Authority.open(directory, "ca", "kubernetes");
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
  const { key } = await signingKeyFiles(directory, "sa");
  return { ca: authority.certFile, serving, admin, signingKey: key };
}

function serverArgs(
  { ca, serving, signingKey }: CredentialFiles,
  port: number,
  etcd: readonly EtcdProcess[],
): string[] {
  return [
    "--bind-address=127.0.0.1",
    `--secure-port=${port}`,
    `--tls-cert-file=${serving.cert}`,
    `--tls-private-key-file=${serving.key}`,
    `--client-ca-file=${ca}`,
    `--etcd-servers=${etcd.map(({ endpoint }) => endpoint).join(",")}`,
    "--service-cluster-ip-range=10.96.0.0/16",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-signing-key-file=${signingKey}`,
    "--authorization-mode=Node,RBAC",
    "--allow-privileged=true",
  ];
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
