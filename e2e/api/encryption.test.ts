import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { type ServerUnderTest, startServer } from "../../bench/api-server-process.ts";
import { KmsPlugin } from "../../packages/apiserver/src/storage/encryption/testing/kms-plugin.ts";
import { EtcdStore } from "../../packages/apiserver/src/storage/etcd/etcd-store.ts";
import { type ApiAnswer, ApiRequests } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";

const directory = mkdtempSync(join(tmpdir(), "kube-ts-encryption-"));
after(() => rmSync(directory, { recursive: true }));

const { signal } = new AbortController();
const secrets = "/api/v1/namespaces/default/secrets";

interface Watched {
  readonly type: string;
  readonly object: { readonly metadata: { readonly name: string } };
}

function key(name: string, byte: number): object {
  return { name, secret: Buffer.alloc(32, byte).toString("base64") };
}

class Bench implements AsyncDisposable {
  readonly server: ServerUnderTest;
  readonly api: ApiRequests;
  readonly etcd: EtcdStore;
  readonly #file: string;

  constructor(server: ServerUnderTest, file: string) {
    this.server = server;
    this.#file = file;
    this.api = new ApiRequests(server);
    this.etcd = new EtcdStore({ endpoints: [server.etcdUrl] });
  }

  static async start(name: string, providers: readonly object[], resources = ["secrets"]): Promise<Bench> {
    const file = join(directory, name);
    writeFileSync(file, configuration(providers, resources));
    const reload = "--encryption-provider-config-automatic-reload";
    return new Bench(await startServer([`--encryption-provider-config=${file}`, reload]), file);
  }

  /** Resolves when the server uses the providers. */
  async reconfigure(providers: readonly object[], resources = ["secrets"]): Promise<void> {
    const reloads = async () => {
      const { text } = await this.api.ask("GET", "/metrics");
      const found = /^apiserver_encryption_config_controller_automatic_reloads_total\{status="success".*\} (\d+)/m.exec(
        text,
      );
      return Number(found?.[1] ?? 0);
    };
    const before = await reloads();
    writeFileSync(this.#file, configuration(providers, resources));
    await eventually("the configuration is in use", reloads, (count) => count > before);
  }

  /** What etcd has of an object. */
  async stored(path: string): Promise<Buffer> {
    const { value } = await this.etcd.get(`/registry/${path}`, signal);
    return value?.bytes ?? Buffer.alloc(0);
  }

  async prefixOf(name: string): Promise<string> {
    return (await this.stored(`secrets/default/${name}`)).toString("latin1", 0, 40);
  }

  /** Puts other bytes in the place of an object's. */
  async tamper(path: string, change: (bytes: Buffer) => Buffer): Promise<void> {
    const { value } = await this.etcd.get(`/registry/${path}`, signal);
    assert.ok(value);
    const outcome = await this.etcd.update(value.key, change(Buffer.from(value.bytes)), value.revision, signal);
    assert.ok(outcome.done);
  }

  create(name: string, text: string): Promise<ApiAnswer> {
    return this.api.ask("POST", secrets, { body: { metadata: { name }, stringData: { text } } });
  }

  async read(name: string): Promise<string | undefined> {
    const { data } = await this.api.json<{ data?: { text?: string } }>("GET", `${secrets}/${name}`);
    return data?.text === undefined ? undefined : Buffer.from(data.text, "base64").toString();
  }

  /** An update that changes nothing. */
  async rewrite(name: string): Promise<void> {
    const body = await this.api.json("GET", `${secrets}/${name}`);
    assert.equal((await this.api.ask("PUT", `${secrets}/${name}`, { body })).code, 200);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.etcd[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
  }
}

function configuration(providers: readonly object[], resources: readonly string[]): string {
  const kind = { apiVersion: "apiserver.config.k8s.io/v1", kind: "EncryptionConfiguration" };
  return JSON.stringify({ ...kind, resources: [{ resources, providers }] });
}

suite("secrets at rest", () => {
  test("move from plain to encrypted, from key to key, and back", async () => {
    const identity = { identity: {} };
    const first = key("one", 1);
    const second = key("two", 2);
    await using bench = await Bench.start("rotation.json", [identity]);
    await bench.create("s", "very-secret");
    assert.match(await bench.prefixOf("s"), /^\{/);

    await bench.reconfigure([{ aescbc: { keys: [first] } }, identity]);
    assert.equal(await bench.read("s"), "very-secret");
    await bench.rewrite("s");
    assert.match(await bench.prefixOf("s"), /^k8s:enc:aescbc:v1:one:/);
    assert.ok(!(await bench.stored("secrets/default/s")).includes("very"));
    await bench.create("t", "another");
    assert.match(await bench.prefixOf("t"), /^k8s:enc:aescbc:v1:one:/);

    await bench.reconfigure([{ aescbc: { keys: [second, first] } }]);
    assert.equal(await bench.read("t"), "another");
    const patch = { body: "{}", headers: { "Content-Type": "application/merge-patch+json" } };
    for (const name of ["s", "t"]) assert.equal((await bench.api.ask("PATCH", `${secrets}/${name}`, patch)).code, 200);
    assert.match(await bench.prefixOf("t"), /^k8s:enc:aescbc:v1:two:/);

    const revision = async () => (await bench.etcd.get("/registry/secrets/default/s", signal)).value?.revision;
    const settled = await revision();
    await bench.rewrite("s");
    assert.equal(await revision(), settled, "what is not stale is not written again");

    await bench.reconfigure([{ secretbox: { keys: [second] } }, { aescbc: { keys: [second] } }, identity]);
    await bench.rewrite("s");
    assert.match(await bench.prefixOf("s"), /^k8s:enc:secretbox:v1:two:/);
    await bench.server.restart();
    assert.equal(await bench.read("s"), "very-secret");
    assert.equal(await bench.read("t"), "another");

    await bench.reconfigure([identity, { secretbox: { keys: [second] } }, { aescbc: { keys: [second] } }]);
    for (const name of ["s", "t"]) await bench.rewrite(name);
    assert.match(await bench.prefixOf("s"), /^\{/);
    await bench.reconfigure([identity]);
    await bench.server.restart();
    assert.equal(await bench.read("s"), "very-secret");
    const { text } = await bench.api.ask("GET", "/metrics");
    assert.match(
      text,
      /^apiserver_storage_transformation_operations_total\{resource="secrets",transformation_type="from_storage",transformer_prefix="identity",status="OK"\} [1-9]/m,
    );
  });

  test("that were tampered with are errors for those who read them only", async () => {
    await using bench = await Bench.start("tampering.json", [{ aesgcm: { keys: [key("one", 1)] } }]);
    for (const name of ["a", "b", "c"]) await bench.create(name, `text of ${name}`);
    const watched: Watched[] = [];
    const path = `${secrets}?watch=1&timeoutSeconds=20&fieldSelector=type%3DOpaque`;
    const watching = (async () => {
      for await (const event of bench.api.watch<Watched>(path)) watched.push(event);
    })().catch(() => undefined);
    await eventually("the watch has begun", () => watched.length >= 3);
    await bench.tamper("secrets/default/b", (bytes) => {
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      return bytes;
    });
    const moved = await bench.stored("secrets/default/a");
    await bench.tamper("secrets/default/c", () => moved);
    for (const name of ["b", "c"]) {
      const refused = await eventually(
        `${name} cannot be read`,
        () => bench.api.ask("GET", `${secrets}/${name}`),
        ({ code }) => code !== 200,
      );
      assert.equal(refused.code, 500);
      assert.match(refused.text, new RegExp(`unable to transform key .*/registry/secrets/default/${name}`));
    }
    assert.equal(await bench.read("a"), "text of a");
    assert.equal((await bench.api.ask("GET", secrets)).code, 500);
    assert.equal((await bench.api.ask("GET", "/api/v1/secrets")).code, 500);
    assert.equal((await bench.api.ask("GET", "/api/v1/namespaces/kube-system/secrets")).code, 200);
    assert.equal((await bench.create("d", "after")).code, 201);
    await eventually("the watch goes on", () => watched.some(({ object }) => object.metadata.name === "d"));
    assert.deepEqual(
      watched.filter(({ type }) => type !== "ADDED"),
      [],
    );
    assert.equal((await bench.api.ask("DELETE", `${secrets}/b`)).code, 500);
    assert.equal((await bench.create("b", "again")).code, 409);
    assert.equal((await bench.api.ask("GET", "/readyz")).code, 200);

    await bench.server.restart();
    await watching;
    assert.equal(await bench.read("a"), "text of a");
    assert.equal((await bench.api.ask("GET", `${secrets}/b`)).code, 500);
    await bench.tamper("secrets/default/b", () => moved);
    const { value } = await bench.etcd.get("/registry/secrets/default/c", signal);
    for (const name of ["b", "c"]) {
      const found = (await bench.etcd.get(`/registry/secrets/default/${name}`, signal)).value ?? value;
      if (found) await bench.etcd.delete(found.key, found.revision, signal);
    }
    await eventually(
      "lists are whole again",
      () => bench.api.ask("GET", secrets),
      ({ code }) => code === 200,
    );
  });

  test("that need a key which comes back are read again", async () => {
    const first = { aesgcm: { keys: [key("one", 1)] } };
    const second = { aesgcm: { keys: [key("two", 2)] } };
    await using bench = await Bench.start("return.json", [first]);
    await bench.create("s", "still here");
    await bench.reconfigure([second]);
    await bench.server.restart();
    const refused = await bench.api.ask("GET", `${secrets}/s`);
    assert.equal(refused.code, 500);
    assert.match(refused.text, /no matching key was found for the provided AES transformer/);
    await bench.reconfigure([second, first]);
    const found = await eventually("it can be read", () => bench.read("s"));
    assert.equal(found, "still here");
  });
});

test("everything there is can be encrypted", async () => {
  await using bench = await Bench.start("all.json", [{ secretbox: { keys: [key("one", 1)] } }], ["*.*"]);
  const { api } = bench;
  const port = { port: 80 };
  const service = { metadata: { name: "web" }, spec: { ports: [port], type: "NodePort" } };
  assert.equal((await api.ask("POST", "/api/v1/namespaces/default/services", { body: service })).code, 201);
  assert.match((await bench.stored("services/specs/default/web")).toString("latin1"), /^k8s:enc:secretbox:v1:one:/);
  const group = "crypt.example.com";
  const names = { plural: "things", singular: "thing", kind: "Thing", listKind: "ThingList" };
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  const definition = {
    metadata: { name: `things.${group}` },
    spec: { group, names, scope: "Namespaced", versions: [{ name: "v1", served: true, storage: true, schema }] },
  };
  const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  assert.equal((await api.ask("POST", definitions, { body: definition })).code, 201);
  const things = `/apis/${group}/v1/namespaces/default/things`;
  const body = { apiVersion: `${group}/v1`, kind: "Thing", metadata: { name: "t" }, note: "hidden" };
  await eventually(
    "the kind is served",
    () => api.ask("POST", things, { body }),
    ({ code }) => code === 201,
  );
  const stored = await bench.stored(`${group}/things/default/t`);
  assert.match(stored.toString("latin1"), /^k8s:enc:secretbox:v1:one:/);
  await bench.server.restart();
  const found = await api.json<{ note?: string }>("GET", `${things}/t`);
  assert.equal(found.note, "hidden");
  assert.equal((await api.ask("DELETE", `${definitions}/things.${group}`)).code, 200);
  await eventually(
    "its objects go with it",
    async () => (await bench.stored(`${group}/things/default/t`)).length === 0,
  );
});

suite("a KMS plugin", () => {
  test("keeps the keys, rotates them, and may fail", async () => {
    await using plugin = await KmsPlugin.start(join(directory, "kms.sock"));
    const kms = { kms: { apiVersion: "v2", name: "vault", endpoint: plugin.endpoint, timeout: "500ms" } };
    await using bench = await Bench.start("kms.json", [kms, { identity: {} }]);
    await bench.create("s", "kept by the vault");
    assert.match(await bench.prefixOf("s"), /^k8s:enc:kms:v2:vault:/);
    assert.ok(!(await bench.stored("secrets/default/s")).includes("vault by"));
    const { Encrypt } = plugin.calls;
    for (let turn = 0; turn < 10; turn += 1) await bench.create(`many-${turn}`, "x");
    assert.equal(plugin.calls.Encrypt, Encrypt, "the plugin is asked once for a seed, not for each secret");
    assert.equal((await bench.api.ask("GET", "/healthz/kms-providers")).code, 200);

    plugin.rotate();
    await bench.server.restart();
    assert.equal(await bench.read("s"), "kept by the vault");
    const before = await bench.stored("secrets/default/s");
    assert.ok(before.includes("key-1"));
    await bench.rewrite("s");
    assert.ok((await bench.stored("secrets/default/s")).includes("key-2"));

    plugin.mood = "hangs";
    assert.equal(await bench.read("s"), "kept by the vault");
    assert.equal((await bench.create("while-it-hangs", "y")).code, 201);
    plugin.mood = "well";

    plugin.die();
    const restarted = bench.server.restart().catch(() => undefined);
    await eventually(
      "secrets that need the plugin are errors",
      () => bench.api.ask("GET", `${secrets}/s`),
      ({ code, text }) => code === 500 && text.includes("failed to decrypt DEK"),
    );
    assert.equal((await bench.api.ask("GET", "/api/v1/namespaces/default")).code, 200);
    assert.equal((await bench.create("without-plugin", "z")).code, 500);
    assert.equal((await bench.api.ask("GET", "/healthz/kms-providers")).code, 500);
    await plugin.serve();
    assert.equal(await eventually("secrets can be read again", () => bench.read("s")), "kept by the vault");
    await restarted;
    assert.equal((await bench.create("with-plugin", "z")).code, 201);
    const { text } = await bench.api.ask("GET", "/metrics");
    assert.match(text, /^apiserver_envelope_encryption_kms_operations_latency_seconds_count\{provider_name="vault"/m);
    assert.match(text, /^apiserver_envelope_encryption_key_id_hash_total\{transformation_type="from_storage"/m);
  });
});
