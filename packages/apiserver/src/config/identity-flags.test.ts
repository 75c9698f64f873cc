import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { parseFlags } from "@kube-ts/std/flags";
import { authenticationConfig, authenticationFlags } from "./authentication.ts";
import { authorizationConfig, authorizationFlags } from "./authorization.ts";

const directory = mkdtempSync(join(tmpdir(), "kube-ts-flags-"));
after(() => rmSync(directory, { recursive: true, force: true }));

function file(name: string, content: object | string): string {
  const path = join(directory, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const flags = { ...authenticationFlags, ...authorizationFlags };

function configOf(...args: readonly string[]) {
  const { values } = parseFlags(flags, "kube-apiserver", args);
  const issuers = { "service-account-issuer": ["https://kubernetes.default.svc"] };
  return {
    authentication: () => authenticationConfig({ ...values, ...issuers }),
    authorization: () => authorizationConfig(values),
  };
}

const structured = (content: object) => ({
  apiVersion: "apiserver.config.k8s.io/v1",
  kind: "AuthenticationConfiguration",
  ...content,
});
const restricted = file(
  "anonymous.yaml",
  structured({ anonymous: { enabled: true, conditions: [{ path: "/livez" }] } }),
);
const closed = file("closed.yaml", structured({ anonymous: { enabled: false } }));
const wrong = file("wrong.yaml", structured({ anonymous: { enabled: false, conditions: [{ path: "/livez" }] } }));
const own = file(
  "own.yaml",
  structured({
    jwt: [
      {
        issuer: { url: "https://kubernetes.default.svc", audiences: ["a"] },
        claimMappings: { username: { claim: "sub", prefix: "" } },
      },
    ],
  }),
);

test("anonymous requests are let in unless somebody says otherwise", async () => {
  const anonymous = async (...args: string[]) => (await configOf(...args).authentication()).anonymous;
  assert.deepEqual(await anonymous(), { isAllowed: true });
  assert.deepEqual(await anonymous("--anonymous-auth=false"), { isAllowed: false });
  assert.deepEqual(await anonymous(`--authentication-config=${restricted}`), {
    isAllowed: true,
    paths: new Set(["/livez"]),
  });
  assert.deepEqual(await anonymous(`--authentication-config=${closed}`), { isAllowed: false });
});

test("the flags of one issuer make a configuration", async () => {
  const oidc = ["--oidc-issuer-url=https://i", "--oidc-client-id=me"];
  const of = async (...args: string[]) => {
    const { jwt } = await configOf(...oidc, ...args).authentication();
    const [only] = jwt.authenticators;
    assert.ok(only);
    return { ...only, algorithms: jwt.algorithms };
  };
  const plain = await of();
  assert.deepEqual(plain.username, { kind: "claim", claim: "sub", prefix: "https://i#" });
  assert.equal(plain.groups, undefined);
  assert.deepEqual([plain.audiences, plain.algorithms], [["me"], ["RS256"]]);
  assert.deepEqual((await of("--oidc-username-claim=email")).username, { kind: "claim", claim: "email", prefix: "" });
  assert.deepEqual((await of("--oidc-username-prefix=-")).username, { kind: "claim", claim: "sub", prefix: "" });
  const full = await of(
    "--oidc-username-prefix=o:",
    "--oidc-groups-claim=g",
    "--oidc-groups-prefix=og:",
    "--oidc-required-claim=a=1,b=2",
    "--oidc-signing-algs=ES256",
  );
  assert.deepEqual(full.username, { kind: "claim", claim: "sub", prefix: "o:" });
  assert.deepEqual(full.groups, { kind: "claim", claim: "g", prefix: "og:" });
  assert.deepEqual(full.requiredClaims, [
    { claim: "a", value: "1" },
    { claim: "b", value: "2" },
  ]);
});

const badAuthentication: readonly [readonly string[], RegExp][] = [
  [["--oidc-issuer-url=https://i"], /oidc-issuer-url and oidc-client-id must be specified together/],
  [["--oidc-groups-claim=g"], /must be specified together when any oidc-\* flags are set$/],
  [["--oidc-issuer-url=http://i", "--oidc-client-id=me"], /URL scheme must be https/],
  [
    ["--oidc-issuer-url=https://i", "--oidc-client-id=me", "--oidc-signing-algs=HS256"],
    /unsupported signing alg: "HS256"/,
  ],
  [[`--authentication-config=${closed}`, "--oidc-client-id=me"], /mutually exclusive$/],
  [
    [`--authentication-config=${closed}`, "--anonymous-auth=true"],
    /--anonymous-auth flag cannot be set when anonymous field/,
  ],
  [
    [`--authentication-config=${wrong}`],
    /anonymous\.conditions: Invalid value: .*enabled should be set to true when conditions are defined/,
  ],
  [[`--authentication-config=${own}`], /URL must not overlap with disallowed issuers/],
  [[`--authentication-config=${file("kind.yaml", "kind: Other")}`], /Object 'apiVersion' is missing/],
  [
    ["--authentication-token-webhook-config-file=x", "--authentication-token-webhook-version=v2"],
    /unsupported webhook authenticator version "v2"/,
  ],
];

for (const [args, problem] of badAuthentication) {
  test(`${args.map((arg) => arg.replace(directory, "")).join(" ")} is refused`, async () => {
    await assert.rejects(configOf(...args).authentication(), problem);
  });
}

test("without anything said everything is allowed", async () => {
  assert.deepEqual((await configOf().authorization()).modes, ["AlwaysAllow"]);
  const { authorizers } = await configOf("--authorization-mode=Node,RBAC").authorization();
  assert.deepEqual(authorizers, [
    { type: "Node", name: "node" },
    { type: "RBAC", name: "rbac" },
  ]);
});

const rbac = file("authorization.yaml", {
  apiVersion: "apiserver.config.k8s.io/v1",
  kind: "AuthorizationConfiguration",
  authorizers: [{ type: "RBAC", name: "rbac" }],
});

const badAuthorization: readonly [readonly string[], RegExp][] = [
  [["--authorization-mode=Magic"], /authorization-mode "Magic" is not a valid mode$/],
  [["--authorization-mode=RBAC,RBAC"], /authorization-mode \["RBAC" "RBAC"\] has mode specified more than once$/],
  [["--authorization-mode=ABAC"], /authorization-mode ABAC's authorization policy file not passed$/],
  [["--authorization-policy-file=x"], /cannot specify --authorization-policy-file without mode ABAC$/],
  [["--authorization-mode=Webhook"], /authorization-mode Webhook's authorization config file not passed$/],
  [
    ["--authorization-webhook-config-file=x"],
    /cannot specify --authorization-webhook-config-file without mode Webhook$/,
  ],
  [
    [`--authorization-config=${rbac}`, "--authorization-mode=RBAC"],
    /--authorization-config can not be specified when --authorization-mode or --authorization-webhook-\* flags are defined$/,
  ],
];

for (const [args, problem] of badAuthorization) {
  test(`${args.map((arg) => arg.replace(directory, "")).join(" ")} is refused, too`, async () => {
    await assert.rejects(configOf(...args).authorization(), problem);
  });
}
