import { X509Certificate, generateKeyPairSync, sign as signBytes } from "node:crypto";
import { type IncomingMessage, createServer } from "node:http";
import { Duplex } from "node:stream";
import type { PeerCertificate } from "node:tls";
import { systemClock } from "@kube-ts/std/clock";
import { FrontProxyAuthenticator } from "../../packages/apiserver/src/auth/front-proxy/front-proxy-authenticator.ts";
import { wantedUser } from "../../packages/apiserver/src/auth/impersonation/wanted-user.ts";
import { untrustedIssuer } from "../../packages/apiserver/src/auth/jwt/jwt-authenticator.ts";
import { fieldRequirements, labelRequirements } from "../../packages/apiserver/src/auth/selector-attributes.ts";
import { bearerToken, credentialsOf } from "../../packages/apiserver/src/auth/request-credentials.ts";
import { ServiceAccountTokenAuthenticator } from "../../packages/apiserver/src/auth/service-accounts/service-account-token-authenticator.ts";
import { KeySet, parseSigningKey } from "../../packages/apiserver/src/auth/service-accounts/signing-keys.ts";
import { parseTokenClaims } from "../../packages/apiserver/src/auth/service-accounts/token-claims.ts";
import { MemoryObjects } from "../../packages/apiserver/src/auth/testing/memory-objects.ts";
import { TestAuthority } from "../../packages/apiserver/src/auth/testing/test-certificates.ts";
import { BootstrapTokens } from "../../packages/apiserver/src/auth/tokens/bootstrap-token-authenticator.ts";
import { negotiableProtocols, webSocketToken } from "../../packages/apiserver/src/auth/websocket-token.ts";
import { leadsTo, parseCertificates } from "../../packages/apiserver/src/auth/x509/trusted-chain.ts";
import { X509Authenticator } from "../../packages/apiserver/src/auth/x509/x509-authenticator.ts";
import { builtInOffer, builtInWatchOffer, withLayout } from "../../packages/apiserver/src/endpoints/negotiation.ts";
import { requestInfoOf } from "../../packages/apiserver/src/endpoints/request-info.ts";
import { authorizationAttributes } from "../../packages/apiserver/src/server/authorization-attributes.ts";
import { readQuery } from "../../packages/cluster-dns/src/message/query.ts";
import { encodeRefusal, encodeReply } from "../../packages/cluster-dns/src/message/response.ts";
import { type FuzzTarget, accepts, clientError } from "./fuzz-target.ts";

/** What Node.js lets through of a request's line and headers. */
const maxHeadBytes = 16 * 1024;
const stage = "before authorization";
const user = { name: "u", uid: "", groups: [], extra: {} };

const requestTarget: FuzzTarget = {
  name: "request line",
  stage,
  maxBytes: maxHeadBytes,
  seeds: [
    "GET /api/v1/namespaces/default/pods/web?watch=true&labelSelector=app%3Dweb",
    "POST /apis/apps/v1/namespaces/default/deployments?dryRun=All&fieldManager=m&fieldValidation=Strict",
    "GET /api/v1/nodes/n/proxy/a%2Fb/../c?x=y&x=z",
    "DELETE /api/v1/pods?fieldSelector=metadata.name%3Dweb&limit=500&continue=abc",
    "GET /healthz/etcd?verbose",
    "GET /api/v1/watch/namespaces/a/pods/p?timeoutSeconds=5&resourceVersion=7",
  ],
  words: [
    "fieldSelector=",
    "labelSelector=",
    "%5C",
    "/",
    "..",
    "%2f",
    "%2e",
    "%",
    "%00",
    "?",
    "&",
    "=",
    "+",
    "namespaces",
    "watch",
    "proxy",
    "__proto__",
    "%ff",
    "//",
  ],
  decode: (input) => {
    const [method = "", url = "/"] = input.toString("latin1").split(" ", 2);
    return accepts(clientError, () => {
      const info = requestInfoOf({ method, url });
      const attributes = authorizationAttributes(user, info);
      // Webhooks that authorize are told what is selected.
      if (attributes.kind === "resource") {
        fieldRequirements(attributes.fieldSelector ?? "");
        labelRequirements(attributes.labelSelector ?? "");
      }
      info.query.getAll("dryRun");
    });
  },
};

const negotiationTarget: FuzzTarget = {
  name: "Accept header",
  stage,
  maxBytes: maxHeadBytes,
  seeds: [
    "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json",
    "application/vnd.kubernetes.protobuf;q=0.9, application/json;pretty=1, */*;q=0.1",
    "application/json;stream=watch;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
  ],
  words: [",", ";", "q=", "as=", "v=", "g=", "*/*", "application/", "stream=watch", "Table", "constructor"],
  decode: (input) => {
    const header = input.toString("latin1");
    const form = builtInOffer.accept(header);
    builtInWatchOffer.accept(header);
    if (form) withLayout(form, { query: new URLSearchParams({ pretty: header }), userAgent: header });
    return form !== undefined;
  },
};

const webSocketTarget: FuzzTarget = {
  name: "WebSocket subprotocols",
  stage,
  maxBytes: maxHeadBytes,
  seeds: [
    "v5.channel.k8s.io, base64url.bearer.authorization.k8s.io.dG9rZW4",
    "base64url.bearer.authorization.k8s.io.4pyT,v4.channel.k8s.io",
  ],
  words: [",", ", ", "base64url.bearer.authorization.k8s.io.", "____", "=", "v5.channel.k8s.io"],
  decode: (input) => {
    const header = input.toString("latin1");
    negotiableProtocols(header);
    return webSocketToken(header).kind === "token";
  },
};

const dnsTarget: FuzzTarget = {
  name: "DNS query",
  stage,
  maxBytes: 64 * 1024 - 1,
  seeds: [
    Buffer.from("1234010000010000000000000361706907636c7573746572056c6f63616c0000010001", "hex"),
    Buffer.from(
      "1234010000010000000000010361706907636c7573746572056c6f63616c000001000100002904d000000000000c000a00080102030405060708",
      "hex",
    ),
  ],
  words: ["\x00", "\xc0\x0c", "\x3f", "\x00\x00\x29", "\xff\xff", "\x03api", "\x00\x01\x00\x01"],
  decode: (input) => {
    const read = readQuery(input);
    if (read.kind === "query") encodeReply(read.query, { code: 3, authoritative: true }, 512);
    else if (read.kind === "refused") encodeRefusal(input, read.code);
    return read.kind === "query";
  },
};

const headerWords = [
  "Authorization: Bearer ",
  "Impersonate-User: ",
  "Impersonate-Extra-",
  "Impersonate-Extra-%zz%5f: x\r\n",
  "X-Remote-User: ",
  "X-Remote-Extra-__proto__: x\r\n",
  "Transfer-Encoding: chunked\r\n",
  "Content-Length: 18446744073709551616\r\n",
  "Expect: 100-continue\r\n",
  "Connection: Upgrade\r\nUpgrade: websocket\r\n",
  "HTTP/1.0",
  "\r\n",
  "\n",
  ": ",
  "__proto__: x\r\n",
];

const frontProxy = {
  allowedNames: [],
  usernameHeaders: ["X-Remote-User"],
  uidHeaders: ["X-Remote-Uid"],
  groupHeaders: ["X-Remote-Group"],
  extraHeaderPrefixes: ["X-Remote-Extra-"],
};

/** Who a request says that it is from, as the chain reads it before anything is known of its sender. */
function readIdentity(message: IncomingMessage, proxy: FrontProxyAuthenticator, certificate: PeerCertificate): void {
  const credentials = credentialsOf(message);
  bearerToken(message.headers.authorization);
  requestInfoOf(message);
  proxy.authenticate({ ...credentials, certificate });
  wantedUser(message);
  builtInOffer.accept(message.headers.accept);
}

/** Whole requests through Node's parser, over a connection that exists in memory only. */
function connectionTarget(proxy: FrontProxyAuthenticator, certificate: PeerCertificate): FuzzTarget {
  let problem: unknown;
  const handled = (message: IncomingMessage) => {
    try {
      return accepts(clientError, () => readIdentity(message, proxy, certificate));
    } catch (error) {
      problem = error;
      return false;
    }
  };
  const server = createServer({ maxHeaderSize: maxHeadBytes }, (message, response) => {
    response.statusCode = handled(message) ? 200 : 400;
    response.end();
  });
  server.on("upgrade", (message, socket) => {
    handled(message);
    socket.destroy();
  });
  return {
    name: "HTTP request head",
    stage,
    share: 0.3,
    maxBytes: 2 * maxHeadBytes,
    seeds: [
      "GET /api/v1/pods HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer abc.def.ghi\r\nAccept: application/json\r\n\r\n",
      "POST /api/v1/pods HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
      "GET / HTTP/1.1\r\nHost: a\r\nImpersonate-User: x\r\nImpersonate-Group: g\r\nImpersonate-Extra-a%2fb: c\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a\r\nX-Remote-User: x\r\nX-Remote-Group: g\r\nX-Remote-Extra-scopes: c\r\n\r\n",
      "GET /api/v1/namespaces/a/pods/p/exec HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    ],
    words: headerWords,
    decode: async (input) => {
      problem = undefined;
      const text = await exchange(server, input);
      if (problem) throw problem;
      return text.startsWith("HTTP/1.1 200");
    },
  };
}

/** What the server writes on a connection that brings these bytes and ends. */
function exchange(server: ReturnType<typeof createServer>, input: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let written = "";
    const socket = new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        if (written.length < 1_000) written += chunk.toString("latin1");
        done();
      },
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => resolve(written));
    server.emit("connection", socket);
    socket.push(input);
    socket.push(null);
  });
}

function tokenTargets(): FuzzTarget[] {
  const pem = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" });
  const key = parseSigningKey(String(pem), "sa.key");
  const issuer = "https://issuer";
  const objects = new MemoryObjects();
  const accounts = new ServiceAccountTokenAuthenticator(
    { issuers: [issuer], keys: new KeySet([key]), apiAudiences: [issuer] },
    objects,
    systemClock,
  );
  const bootstrap = new BootstrapTokens(objects, systemClock);
  const claims = {
    iss: issuer,
    aud: [issuer],
    sub: "system:serviceaccount:a:b",
    exp: 4e9,
    "kubernetes.io": { namespace: "a", serviceaccount: { name: "b", uid: "u" }, pod: { name: "p", uid: "v" } },
  };
  const sign = (payload: string, header: object) => {
    const parts = [JSON.stringify({ alg: "ES256", ...header }), payload];
    const text = parts.map((part) => Buffer.from(part).toString("base64url")).join(".");
    const signature = signBytes("sha256", Buffer.from(text), { key: key.privateKey, dsaEncoding: "ieee-p1363" });
    return `${text}.${signature.toString("base64url")}`;
  };
  const payload = JSON.stringify(claims);
  const signed = [sign(payload, { kid: key.id }), sign(payload, {}), sign("{}", { typ: "JWT" })];
  const signal = new AbortController().signal;
  return [
    {
      name: "bearer token",
      stage,
      share: 0.3,
      maxBytes: maxHeadBytes,
      seeds: [...signed.map((token) => `Bearer ${token}`), "bearer abcdef.0123456789abcdef", "Basic dTpw"],
      words: [".", "Bearer ", " ", "eyJhbGciOiJub25lIn0", "eyJpc3MiOiJodHRwczovL2lzc3VlciJ9", "e30", "==", "-_"],
      decode: async (input) => {
        const token = bearerToken(input.toString("latin1"));
        if (token === undefined) return false;
        untrustedIssuer(token);
        if (bootstrap.userOf(token)) throw new Error("a bootstrap token that nobody made is good");
        const outcome = await accounts.authenticateToken(token, undefined, signal);
        if (outcome.kind === "user") throw new Error("a token of an account that does not exist is good");
        return outcome.kind === "refused";
      },
    },
    {
      name: "token claims",
      stage,
      maxBytes: maxHeadBytes,
      seeds: [payload, '{"iss":"kubernetes/serviceaccount","kubernetes.io/serviceaccount/namespace":"a"}'],
      words: ['"', "{", "[", "null", ":", ",", '"iss"', '"kubernetes.io"', '"__proto__":{', "1e999", "true"],
      decode: (input) => parseTokenClaims(input.toString()) !== undefined,
    },
  ];
}

async function certificateTargets(authority: TestAuthority): Promise<FuzzTarget[]> {
  const issued = [
    await authority.issue([{ CN: ["alice"] }, { O: ["dev"] }, { O: ["ops"] }], { usages: ["1.3.6.1.5.5.7.3.2"] }),
    await authority.issue([{ CN: ["b"], O: ["c"] }]),
  ];
  const ders = issued.map(({ cert }) => new X509Certificate(cert).raw);
  const authorities = parseCertificates(authority.pem);
  const authenticator = new X509Authenticator(systemClock);
  const read = (bytes: Buffer): X509Certificate | undefined => {
    try {
      return new X509Certificate(bytes);
    } catch {
      return undefined;
    }
  };
  return [
    {
      name: "client certificate",
      stage,
      share: 0.2,
      maxBytes: 64 * 1024,
      seeds: [...ders, new X509Certificate(authority.pem).raw],
      words: [
        "\x30\x82",
        "\x06\x03\x55\x04\x03",
        "\x0c\x05alice",
        "\x17\x0d",
        "\x18\x0f",
        "\x31\x0e",
        "\x00",
        "\xff\xff",
      ],
      decode: (input) => {
        const certificate = read(input);
        if (!certificate) return false;
        leadsTo([certificate], authorities);
        const outcome = authenticator.authenticate({ certificate: certificate.toLegacyObject(), token: undefined });
        return outcome.kind === "user";
      },
    },
  ];
}

/** Everything that is read of a request before anybody knows who sent it. */
export async function headerTargets(): Promise<FuzzTarget[]> {
  const authority = await TestAuthority.create("ca");
  const certificate = new X509Certificate((await authority.issue([{ CN: ["proxy"] }])).cert).toLegacyObject();
  const proxy = new FrontProxyAuthenticator({ ...frontProxy, caPem: authority.pem });
  return [
    requestTarget,
    negotiationTarget,
    webSocketTarget,
    dnsTarget,
    connectionTarget(proxy, certificate),
    ...tokenTargets(),
    ...(await certificateTargets(authority)),
  ];
}
