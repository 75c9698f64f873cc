import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, type Socket, createServer as createTcpServer } from "node:net";
import { after, before, suite, test } from "node:test";
import { connect, createServer as createTlsServer } from "node:tls";
import type { APIService } from "@kube-ts/api/apiregistration/v1";
import type { KubeObject } from "@kube-ts/api/object";
import type { Status } from "@kube-ts/api/meta/v1";
import { startServer } from "../../bench/api-server-process.ts";
import type { ServerUnderTest } from "../../bench/api-server-process.ts";
import { ApiRequests, adminTls } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";
import { ownIpv4 } from "../harness/own-addresses.ts";

// Back ends that answer a request to switch protocols with something else, behind every path that leads to a back end;
// and addresses that nothing may be led to.

const cleanup = new AsyncDisposableStack();
let server: ServerUnderTest;
let api: ApiRequests;
let plain: Hostile;
let secure: Hostile;

const group = "hostile.example.com";
const base = "/api/v1/namespaces/default";
const slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
const apiServices = "/apis/apiregistration.k8s.io/v1/apiservices";

const emptyObject = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

/** Answers ordinary requests with an empty object, and those to switch protocols with whatever it was told. */
class Hostile implements AsyncDisposable {
  /** To ordinary requests. */
  answer = emptyObject;
  /** To requests to switch protocols. */
  reply = "";
  /** What has come over the connection that the reply went over. */
  received = "";
  /** Resolves when that connection is closed. */
  closed = Promise.resolve();
  readonly port: number;
  readonly #sockets = new Set<Socket>();
  readonly #server: ReturnType<typeof createTcpServer>;

  private constructor(listening: ReturnType<typeof createTcpServer>) {
    this.#server = listening;
    this.port = (listening.address() as AddressInfo).port;
  }

  static async start(tls?: { readonly cert: Buffer; readonly key: Buffer }): Promise<Hostile> {
    let made: Hostile | undefined;
    const take = (socket: Socket) => made?.take(socket);
    const listening = tls ? createTlsServer(tls, take) : createTcpServer(take);
    listening.on("tlsClientError", () => {});
    listening.listen(0, ownIpv4);
    await once(listening, "listening");
    made = new Hostile(listening);
    return made;
  }

  take(socket: Socket): void {
    this.#sockets.add(socket);
    const closed = Promise.withResolvers<void>();
    let text = "";
    let isHit = false;
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#sockets.delete(socket);
      closed.resolve();
    });
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (isHit) this.received = text;
      else if (/\r\nupgrade:/i.test(text)) {
        isHit = true;
        this.received = text;
        this.closed = closed.promise;
        socket.write(this.reply);
      } else if (text.endsWith("\r\n\r\n")) {
        text = "";
        socket.write(this.answer);
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}

async function create(path: string, object: object, status?: object): Promise<void> {
  const made = await api.ask("POST", path, { body: object });
  assert.equal(made.code, 201, made.text);
  if (!status) return;
  const body = { ...(JSON.parse(made.text) as object), status };
  const written = await api.ask("PUT", `${path}/${(object as KubeObject).metadata.name}/status`, { body });
  assert.equal(written.code, 200, written.text);
}

const slice = (name: string, service: string, endpoint: object, port: number) => ({
  metadata: { name, labels: { "kubernetes.io/service-name": service } },
  addressType: "IPv4",
  endpoints: [endpoint],
  ports: [{ name: "p", port }],
});

const node = (name: string, addresses: object[], port: number) =>
  create("/api/v1/nodes", { metadata: { name } }, { addresses, daemonEndpoints: { kubeletEndpoint: { Port: port } } });

const pod = (name: string, nodeName: string, ip: string) =>
  create(
    `${base}/pods`,
    {
      metadata: { name },
      spec: { nodeName, containers: [{ name: "c", image: "i" }], automountServiceAccountToken: false },
    },
    { podIP: ip, podIPs: [{ ip }], phase: "Running" },
  );

before(async () => {
  server = cleanup.use(await startServer(["--enable-aggregator-routing=true"]));
  api = new ApiRequests(server);
  plain = cleanup.use(await Hostile.start());
  secure = cleanup.use(await Hostile.start(adminTls(server)));
  await create(`${base}/serviceaccounts`, { metadata: { name: "default" } });
  await node("worker", [{ type: "InternalIP", address: ownIpv4 }], secure.port);
  await pod("web", "worker", ownIpv4);
  for (const [name, port] of [
    ["front", plain.port],
    ["behind", secure.port],
  ] as const) {
    await create(`${base}/services`, { metadata: { name }, spec: { ports: [{ name: "p", port: 443 }] } });
    const targetRef = { kind: "Pod", namespace: "default", name: "web" };
    await create(slices, slice(name, name, { addresses: [ownIpv4], targetRef }, port));
  }
  await create(apiServices, {
    metadata: { name: `v1.${group}` },
    spec: {
      group,
      version: "v1",
      insecureSkipTLSVerify: true,
      service: { namespace: "default", name: "behind" },
      groupPriorityMinimum: 100,
      versionPriority: 1,
    },
  });
  await eventually(
    "the server behind is available",
    async () => (await api.json<APIService>("GET", `${apiServices}/v1.${group}`)).status?.conditions?.[0]?.status,
    (status) => status === "True",
    20_000,
  );
});

after(() => cleanup.disposeAsync());

/**
 * Asks to switch protocols, with a second request right behind and a third one once there is an answer; resolves with
 * everything that comes back until the connection ends.
 */
async function upgradeAndGoOn(path: string, headers: readonly string[] = []): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const socket = connect({ host: hostname, port: Number(port), ...adminTls(server) });
  await once(socket, "secureConnect");
  const upgrade = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", ...headers];
  const key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==";
  const protocol = "Sec-WebSocket-Protocol: v5.channel.k8s.io";
  socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n${[...upgrade, key, protocol].join("\r\n")}\r\n\r\n`);
  socket.write("GET /smuggled-behind HTTP/1.1\r\nHost: a\r\n\r\n");
  let text = "";
  socket.on("error", () => {});
  for await (const chunk of socket as Socket) {
    if (text === "" && socket.writable) socket.write("GET /smuggled-later HTTP/1.1\r\nHost: a\r\n\r\n");
    text += String(chunk);
  }
  return text;
}

const replies = {
  200: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
  302: "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/stolen\r\nContent-Length: 0\r\n\r\n",
  400: "HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nbad",
} as const;

const paths: readonly [string, "plain" | "secure", () => string][] = [
  ["the pod proxy", "plain", () => `${base}/pods/web:${plain.port}/proxy/u`],
  ["the pod proxy with TLS", "secure", () => `${base}/pods/https:web:${secure.port}/proxy/u`],
  ["the service proxy", "plain", () => `${base}/services/front:p/proxy/u`],
  ["the service proxy with TLS", "secure", () => `${base}/services/https:behind:p/proxy/u`],
  ["the node proxy", "plain", () => `/api/v1/nodes/worker:${plain.port}/proxy/u`],
  ["the node proxy to the kubelet", "secure", () => "/api/v1/nodes/worker/proxy/u"],
  ["aggregation", "secure", () => `/apis/${group}/v1/namespaces/default/things/a/u`],
  ["exec", "secure", () => `${base}/pods/web/exec?command=a&stdout=true`],
  ["attach", "secure", () => `${base}/pods/web/attach?stdout=true`],
  ["port-forward", "secure", () => `${base}/pods/web/portforward?ports=80`],
];

suite("a back end that does not switch", () => {
  for (const [what, kind, path] of paths) {
    for (const [code, reply] of Object.entries(replies)) {
      test(`and answers ${code} behind ${what} ends both connections`, async () => {
        const backend = kind === "plain" ? plain : secure;
        backend.reply = reply;
        backend.received = "";
        const text = await upgradeAndGoOn(path());
        const answered = Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]);
        assert.ok(code === "400" ? answered === 400 : answered >= 500, text);
        assert.equal(text.match(/HTTP\/1\.1/g)?.length, 1, text);
        assert.doesNotMatch(text, /location|stolen/i);
        assert.notEqual(backend.received, "", "the back end was asked");
        await backend.closed;
        assert.doesNotMatch(backend.received, /smuggled/);
      });
    }
  }
});

suite("a back end that switches unasked", () => {
  const switching = "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\nbytes";
  const asked: readonly [string, "plain" | "secure", () => string][] = [
    ["the pod proxy", "plain", () => `${base}/pods/web:${plain.port}/proxy/u`],
    ["the node proxy to the kubelet", "secure", () => "/api/v1/nodes/worker/proxy/u"],
    ["aggregation", "secure", () => `/apis/${group}/v1/namespaces/default/things`],
    ["the log of a pod", "secure", () => `${base}/pods/web/log`],
  ];

  after(() => {
    for (const backend of [plain, secure]) backend.answer = emptyObject;
  });

  for (const [what, kind, path] of asked) {
    test(`behind ${what} has failed`, async () => {
      (kind === "plain" ? plain : secure).answer = switching;
      const { code, text } = await api.ask("GET", path());
      assert.ok(code >= 500, `${code} ${text}`);
      assert.match(text, /switched protocols without being asked/);
    });
  }
});

suite("permissions of upgrades", () => {
  const as = (user: string) => [`Impersonate-User: ${user}`];

  before(async () => {
    const rbac = "/apis/rbac.authorization.k8s.io/v1";
    const resources = ["pods/proxy", "services/proxy", "pods/exec", "pods/attach", "pods/portforward"];
    for (const verb of ["get", "create"]) {
      const rules = [{ apiGroups: [""], resources, verbs: [verb] }];
      await create(`${rbac}/namespaces/default/roles`, { metadata: { name: verb }, rules });
      await create(`${rbac}/namespaces/default/rolebindings`, {
        metadata: { name: verb },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: verb },
        subjects: [
          { apiGroup: "rbac.authorization.k8s.io", kind: "User", name: `only-${verb}` },
          { apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "both" },
        ],
      });
    }
  });

  const cases: readonly [string, () => string, string, RegExp][] = [
    ["a proxy takes the method's", () => `${base}/services/front:p/proxy/u`, "only-get", /^HTTP\/1\.1 400 .*bad$/s],
    ["a proxy takes no other", () => `${base}/pods/web:${plain.port}/proxy/u`, "only-create", /cannot get resource/],
    ["exec takes create, too", () => `${base}/pods/web/exec?command=a`, "only-get", /cannot create resource/],
    ["attach takes create, too", () => `${base}/pods/web/attach`, "only-get", /cannot create resource/],
    ["port-forward takes create, too", () => `${base}/pods/web/portforward`, "only-get", /cannot create resource/],
    ["exec takes get, too", () => `${base}/pods/web/exec?command=a`, "only-create", /cannot get resource/],
    ["exec takes both", () => `${base}/pods/web/exec?command=a`, "both", /^HTTP\/1\.1 400 .*bad/s],
  ];
  for (const [what, path, user, expected] of cases) {
    test(`${what} (${user})`, async () => {
      for (const backend of [plain, secure]) backend.reply = replies[400];
      assert.match(await upgradeAndGoOn(path(), as(user)), expected);
    });
  }
});

suite("addresses", () => {
  const refused = async (path: string) => {
    const { code, message } = await api.json<Status>("GET", path);
    return `${code} ${message}`;
  };

  for (const address of ["127.0.0.1", "169.254.169.254", "0.0.0.0", "::1", "fe80::1"]) {
    test(`of pods and nodes are not reached when they are ${address}`, async () => {
      const name = `a${address.replaceAll(/[.:]/g, "-")}z`;
      await pod(name, "worker", address);
      assert.equal(await refused(`${base}/pods/${name}:${plain.port}/proxy/`), "400 address not allowed");
      await node(name, [{ type: "InternalIP", address }], 10250);
      assert.equal(await refused(`/api/v1/nodes/${name}:${plain.port}/proxy/`), "400 address not allowed");
    });
  }

  test("that a name stands for are checked, and only those are dialled", async () => {
    await node("local", [{ type: "Hostname", address: "localhost" }], 10250);
    assert.equal(await refused(`/api/v1/nodes/local:${plain.port}/proxy/`), "400 address not allowed");
  });

  test("that the pod does not have are not reached, whatever slices and Endpoints say", async () => {
    const spec = { ports: [{ name: "p", port: 80 }] };
    await create(`${base}/services`, { metadata: { name: "liar" }, spec });
    const targetRef = { kind: "Pod", namespace: "default", name: "web" };
    await create(slices, slice("liar", "liar", { addresses: ["203.0.113.7"], targetRef }, plain.port));
    const none = (name: string) => `503 no endpoints available for service "${name}:p"`;
    assert.equal(await refused(`${base}/services/liar:p/proxy/`), none("liar"));
    await pod("loop", "worker", "127.0.0.1");
    await create(`${base}/services`, { metadata: { name: "loop" }, spec });
    await create(`${base}/endpoints`, {
      metadata: { name: "loop" },
      subsets: [
        {
          addresses: [{ ip: ownIpv4, targetRef: { kind: "Pod", namespace: "default", name: "loop" } }],
          ports: [{ name: "p", port: plain.port }],
        },
      ],
    });
    assert.equal(await refused(`${base}/services/loop:p/proxy/`), none("loop"));
  });

  const loopback = "may not be in the loopback range (127.0.0.0/8, ::1/128)";
  const linkLocal = "may not be in the link-local range (169.254.0.0/16, fe80::/10)";
  const multicast = "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)";
  const unspecified = (ip: string) => `may not be unspecified (${ip})`;
  const cases: readonly [string, string][] = [
    ["127.0.0.1", loopback],
    ["127.8.9.1", loopback],
    ["169.254.169.254", linkLocal],
    ["224.0.0.1", multicast],
    ["0.0.0.0", unspecified("0.0.0.0")],
    ["::1", loopback],
    ["fe80::1", linkLocal],
    ["ff02::1", multicast],
    ["::", unspecified("::")],
  ];
  for (const [address, problem] of cases) {
    test(`of slices and Endpoints may not be ${address}`, async () => {
      const addressType = address.includes(":") ? "IPv6" : "IPv4";
      const body = { ...slice("s", "front", { addresses: [address] }, 80), addressType };
      const made = await api.json<Status>("POST", slices, { body });
      const place = "endpoints[0].addresses[0]";
      assert.equal(
        made.message,
        `EndpointSlice.discovery.k8s.io "s" is invalid: ${place}: Invalid value: "${address}": ${problem}`,
      );
      const old = { metadata: { name: "e" }, subsets: [{ addresses: [{ ip: address }], ports: [{ port: 80 }] }] };
      const { message } = await api.json<Status>("POST", `${base}/endpoints`, { body: old });
      assert.equal(
        message,
        `Endpoints "e" is invalid: subsets[0].addresses[0].ip: Invalid value: "${address}": ${problem}`,
      );
    });
  }
});
