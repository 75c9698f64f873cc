import "reflect-metadata";
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import type { Secret } from "@kube-ts/api/core/v1";
import type { Client } from "@kube-ts/client/client";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import { systemClock } from "@kube-ts/std/clock";
import { formatYaml } from "@kube-ts/std/yaml";
import { commandTable } from "../../deploy/cli/command-table.ts";
import { runCommand } from "../../deploy/cli/run-command.ts";
import { clusterInfoPath } from "../../deploy/cluster/api-server-documents.ts";
import { discoverCluster } from "../../deploy/join/discovery/discover-cluster.ts";
import { parsePins } from "../../deploy/join/discovery/public-key-pins.ts";
import { daemonGroup } from "../../deploy/join/node-daemons.ts";
import {
  exchangeClusterConfiguration,
  readClusterConfiguration,
} from "../../deploy/join/publish/cluster-configuration.ts";
import { publishClusterInfo, publishRights } from "../../deploy/join/publish/publish-cluster.ts";
import { requestClientCertificate } from "../../deploy/join/request-certificate.ts";
import { parseToken } from "../../deploy/join/token/bootstrap-token.ts";
import { newCertificateKey } from "../../deploy/join/uploaded-certificates/certificate-key.ts";
import {
  downloadCertificates,
  readSharedFiles,
  uploadCertificates,
} from "../../deploy/join/uploaded-certificates/certificate-store.ts";
import { Authority, signingKeyFiles } from "../../deploy/pki/authority.ts";
import type { KeyPairFiles } from "../../deploy/pki/authority.ts";
import {
  type RequestContent,
  certificateRequest,
} from "../../packages/controller-manager/src/certificates/testing/certificate-requests.ts";
import { ControllerManagerProcess } from "../../packages/controller-manager/src/testing/controller-manager-process.ts";
import { ApiRequests, type RequestOptions } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";
import { adminKubeconfig, writeKubeconfig } from "../harness/kubeconfig.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

// What a cluster has for machines that join it, and what it keeps from them.

const configuration = `apiVersion: deploy.kube-ts.io/v1
kind: Cluster
machines:
- {name: cp-1, roles: [etcd, control-plane], addresses: [192.0.2.11]}
- {name: w-1, roles: [worker], addresses: [192.0.2.21]}
`;

const server = serverForTests({
  extraArgs: ["--enable-bootstrap-token-auth", "--enable-admission-plugins=NodeRestriction"],
  prepare: startCluster,
});
const api = new ApiRequests(server);
let daemon: ControllerManagerProcess;
let authority: Authority;
let kubeconfig: string;
let admin: Client;

async function startCluster(): Promise<void> {
  const { directory } = server;
  authority = await Authority.open(join(directory, "pki"), "ca", "kubernetes");
  const user = await authority.issue("controllers", {
    commonName: "system:kube-controller-manager",
    usages: ["client"],
  });
  daemon = new ControllerManagerProcess(directory, [
    `--kubeconfig=${writeKubeconfig(server, "controllers", user)}`,
    "--secure-port=0",
    "--use-service-account-credentials",
    "--controllers=*,bootstrapsigner,tokencleaner,node-certificate-approving-controller",
    `--cluster-signing-cert-file=${join(directory, "pki", "ca.crt")}`,
    `--cluster-signing-key-file=${join(directory, "pki", "ca.key")}`,
  ]);
  kubeconfig = adminKubeconfig(server);
  admin = createClient(await clientConfigFromFile(kubeconfig), { userAgent: "e2e" });
  await publish();
}

after(async () => {
  await admin[Symbol.asyncDispose]();
  await daemon[Symbol.asyncDispose]();
});

const signal = () => AbortSignal.timeout(60_000);

async function publish(): Promise<void> {
  const cluster = {
    server: server.url,
    "certificate-authority-data": readFileSync(server.ca).toString("base64"),
  };
  const text = formatYaml({ apiVersion: "v1", kind: "Config", clusters: [{ name: "demo", cluster }] });
  const found = await readClusterConfiguration(admin, signal());
  await exchangeClusterConfiguration(admin, configuration, found, signal());
  await publishClusterInfo(admin, text, signal());
  await publishRights(admin, signal());
}

async function kubeTs(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const code = await runCommand(commandTable, [...args, `--kubeconfig=${kubeconfig}`], {
    signal: signal(),
    isRoot: true,
    takeTurn: () => Promise.resolve({ [Symbol.dispose]: () => {} }),
    write: (text) => void (out += text),
    warn: (text) => void (err += text),
  });
  return { code, out, err };
}

async function ofToken(token: string): Promise<{ readonly token: string }> {
  const as = { token };
  await eventually(
    "the token is known",
    () => api.ask("GET", "/api", { as }),
    ({ code }) => code === 200,
  );
  return as;
}

async function identityOf(node: string): Promise<KeyPairFiles> {
  return authority.issue(`node-${node}`, {
    commonName: `system:node:${node}`,
    organizations: ["system:nodes"],
    usages: ["client"],
  });
}

async function clientOf(node: string): Promise<Client> {
  const file = writeKubeconfig(server, `node-${node}`, await identityOf(node));
  return createClient(await clientConfigFromFile(file), { userAgent: "e2e" });
}

describe("tokens", () => {
  test("are made, listed and deleted", async () => {
    const made = await kubeTs("token", "create", "aaaaaa.0123456789abcdef", "--description=for one", "--ttl=1h");
    assert.deepEqual(made, { code: 0, out: "aaaaaa.0123456789abcdef\n", err: "" });
    const again = await kubeTs("token", "create", "aaaaaa.0123456789abcdef");
    assert.deepEqual([again.code, again.err], [1, 'error: a token with id "aaaaaa" already exists']);
    const random = (await kubeTs("token", "create", "--ttl=0")).out.trim();
    assert.ok(parseToken(random));
    const lines = (await kubeTs("token", "list")).out.split("\n");
    const group = "system:bootstrappers:kubeadm:default-node-token";
    assert.match(lines[0] ?? "", /^TOKEN +TTL +EXPIRES +USAGES +DESCRIPTION +EXTRA GROUPS$/);
    const mine = lines.find((line) => line.startsWith("aaaaaa"));
    assert.match(
      mine ?? "",
      new RegExp(`^aaaaaa.0123456789abcdef +59m +\\S+Z +authentication,signing +for one +${group}$`),
    );
    assert.match(lines.find((line) => line.startsWith(random)) ?? "", / <forever> +<never> .* <none> /);
    assert.deepEqual(await kubeTs("token", "delete", random), {
      code: 0,
      out: `bootstrap token "${random.slice(0, 6)}" deleted\n`,
      err: "",
    });
    assert.match((await kubeTs("token", "delete", random)).err, /failed to delete bootstrap token .* not found/);
    assert.doesNotMatch((await kubeTs("token", "list")).out, new RegExp(random));
  });

  test("come with the command that joins, by which the cluster is found", async () => {
    const { out } = await kubeTs("token", "create", "--print-join-command");
    const [, host = "", token = "", hash = ""] =
      /^kube-ts join (\S+) --token (\S+) --discovery-token-ca-cert-hash (\S+)\n$/.exec(out) ?? [];
    const options = { server: `https://${host}`, token: parseToken(token), pins: parsePins([hash]) };
    const discover = (change: object) =>
      discoverCluster({ ...options, timeoutMs: 20_000, clock: systemClock, ...change }, signal());
    const info = await discover({});
    assert.deepEqual([info.server, info.authorities], [server.url, readFileSync(server.ca, "utf8")]);
    const soon = { timeoutMs: 0 };
    await assert.rejects(
      discover({ ...soon, token: { ...options.token, secret: "0123456789abcdef" } }),
      /failed to verify JWS signature/,
    );
    await assert.rejects(
      discover({ ...soon, token: parseToken("zzzzzz.0123456789abcdef") }),
      /JWS signature .* "zzzzzz"/,
    );
    await assert.rejects(discover({ ...soon, pins: parsePins([`sha256:${"0".repeat(64)}`]) }), /are pinned/);
    // The description is renewed without losing its signatures.
    await publish();
    await discover(soon);
  });

  test("let their holder read what it takes to join, and nothing more", async () => {
    await kubeTs("token", "create", "cccccc.0123456789abcdef");
    const as = await ofToken("cccccc.0123456789abcdef");
    const code = async (path: string, who: RequestOptions["as"] = as) => (await api.ask("GET", path, { as: who })).code;
    const system = "/api/v1/namespaces/kube-system";
    assert.equal(await code(`${system}/configmaps/kube-ts-config`), 200);
    assert.equal(await code(`${system}/secrets/kubeadm-certs`), 404);
    assert.equal(await code("/api/v1/nodes/w-1"), 404);
    assert.equal(await code(`${system}/secrets`), 403);
    assert.equal(await code(`${system}/configmaps`), 403);
    assert.equal(await code("/api/v1/nodes"), 403);
    assert.equal(await code(clusterInfoPath, "anonymous"), 200);
    assert.equal(await code(`${system}/configmaps/kube-ts-config`, "anonymous"), 403);
    assert.equal(await code(`${system}/configmaps/kube-ts-config`, await identityOf("w-1")), 200);
  });
});

describe("certificates of machines", () => {
  const requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";

  async function ask(node: string, name: string, alternatives: { type: "dns" | "ip"; value: string }[]) {
    const subject: RequestContent["subject"] = [{ O: ["system:nodes"] }, { CN: [`system:node:${node}`] }];
    const { request } = await certificateRequest({ subject, alternatives });
    const spec = { request, signerName: "kubernetes.io/kubelet-serving", usages: ["digital signature", "server auth"] };
    const answer = await api.ask("POST", requests, { body: { metadata: { name }, spec }, as: await identityOf(node) });
    assert.equal(answer.code, 201, answer.text);
  }

  test("of a kubelet's server are for its own name and addresses", async () => {
    await ask("w-1", "good", [
      { type: "dns", value: "w-1" },
      { type: "ip", value: "192.0.2.21" },
    ]);
    await ask("w-1", "bad", [
      { type: "dns", value: "w-1" },
      { type: "ip", value: "192.0.2.11" },
    ]);
    const good = await eventually(
      "the certificate",
      () => api.json<CertificateSigningRequest>("GET", `${requests}/good`),
      ({ status }) => status?.certificate !== undefined,
    );
    const certificate = new X509Certificate(Buffer.from(good.status?.certificate ?? "", "base64"));
    assert.equal(certificate.subjectAltName, "DNS:w-1, IP Address:192.0.2.21");
    await eventually("the other one is looked at", () => daemon.log.includes("192.0.2.11 is not known as an address"));
    const bad = await api.json<CertificateSigningRequest>("GET", `${requests}/bad`);
    assert.equal(bad.status?.conditions, undefined);
  });

  test("of a node's daemons come by themselves; others do not", async () => {
    await using client = await clientOf("w-1");
    const order = (commonName: string, organization: string, timeoutMs: number) =>
      requestClientCertificate(
        client,
        { commonName, organizations: [organization], usages: ["client"] },
        { signerName: "kubernetes.io/kube-apiserver-client", timeoutMs, clock: systemClock },
        signal(),
      );
    const pair = await order("system:kube-proxy", daemonGroup("w-1"), 30_000);
    const files = { cert: join(server.directory, "proxy.crt"), key: join(server.directory, "proxy.key") };
    writeFileSync(files.cert, pair.cert);
    writeFileSync(files.key, pair.key);
    assert.equal((await api.ask("GET", "/api/v1/services", { as: files })).code, 200);
    assert.equal((await api.ask("GET", "/api/v1/secrets", { as: files })).code, 403);
    await assert.rejects(order("system:kube-proxy", daemonGroup("cp-1"), 2_000), /was not approved and signed in time/);
    await assert.rejects(order("kubernetes-admin", daemonGroup("w-1"), 2_000), /was not approved and signed in time/);
  });
});

test("uploaded certificates are for who has the key and a token, and end", async () => {
  const shared = join(server.directory, "shared");
  const pki = join(shared, "pki");
  await Authority.open(join(pki, "etcd"), "ca", "etcd-ca");
  await Authority.open(pki, "ca", "kubernetes");
  await Authority.open(pki, "front-proxy-ca", "front-proxy-ca");
  await signingKeyFiles(pki, "sa");
  assert.ok(!("encryption.yaml" in readSharedFiles(shared)), "a cluster need not encrypt");
  mkdirSync(join(shared, "credentials", "kube-apiserver"), { recursive: true });
  writeFileSync(join(shared, "credentials", "kube-apiserver", "encryption.yaml"), "kind: EncryptionConfiguration\n");
  const files = readSharedFiles(shared);
  assert.equal(files["encryption.yaml"], "kind: EncryptionConfiguration\n");
  const key = newCertificateKey();
  await assert.rejects(
    downloadCertificates(admin, key, signal()),
    /"kubeadm-certs" was not found .* might have expired/,
  );
  await uploadCertificates(admin, files, newCertificateKey(), Date.now(), signal());
  await uploadCertificates(admin, files, key, Date.now(), signal());
  assert.deepEqual(await downloadCertificates(admin, key, signal()), files);
  await assert.rejects(downloadCertificates(admin, newCertificateKey(), signal()), /message authentication failed/);
  const path = "/api/v1/namespaces/kube-system/secrets";
  const secret = await api.json<Secret>("GET", `${path}/kubeadm-certs`);
  const [owner] = secret.metadata.ownerReferences ?? [];
  const token = await api.json<Secret>("GET", `${path}/${owner?.name}`);
  assert.equal(token.metadata.uid, owner?.uid);
  assert.equal((await api.ask("DELETE", `${path}/${owner?.name}`)).code, 200);
  await eventually(
    "the upload ends with its token",
    () => api.ask("GET", `${path}/kubeadm-certs`),
    ({ code }) => code === 404,
  );
});
