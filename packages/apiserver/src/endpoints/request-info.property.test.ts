import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { findApiError } from "@kube-ts/api/status-error";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { negotiableProtocols, webSocketToken } from "../auth/websocket-token.ts";
import { bearerToken } from "../auth/request-credentials.ts";
import { parseTokenClaims } from "../auth/service-accounts/token-claims.ts";
import { StaticTokens } from "../auth/tokens/static-token-file.ts";
import { builtInOffer } from "./negotiation.ts";
import { requestInfoOf } from "./request-info.ts";

const word = fc.oneof(
  fc.stringMatching(/^[a-z0-9.-]{1,8}$/).filter((text) => text !== "." && text !== ".."),
  fc.constantFrom("constructor", "__proto__", "pods", "web"),
);
const resource = fc.constantFrom("pods", "configmaps", "deployments", "nodes", "constructor");
const method = fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE");
const verbs: Readonly<Record<string, string>> = {
  GET: "get",
  POST: "create",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

/** A request, and what it asks for. */
const request = fc.record({
  method,
  group: fc.option(fc.constantFrom("apps", "a.io", "a.io.b"), { nil: "" }),
  version: fc.constantFrom("v1", "v1beta1"),
  namespace: fc.option(word, { nil: "" }),
  resource,
  name: fc.option(word, { nil: "" }),
  subresource: fc.option(fc.constantFrom("status", "log", "scale"), { nil: "" }),
});

const encoded = (text: string) => [...text].map((each) => `%${each.charCodeAt(0).toString(16)}`).join("");

suite("paths", () => {
  test("say what is asked for, however their segments are encoded", () => {
    checkProperty(
      fc.property(request, fc.nat({ max: 7 }), (asked, which) => {
        const { group, version, namespace, name } = asked;
        const subresource = name === "" ? "" : asked.subresource;
        const root = group === "" ? ["api", version] : ["apis", group, version];
        const rest = [...(namespace === "" ? [] : ["namespaces", namespace]), asked.resource, name, subresource];
        const segments = rest
          .filter((segment) => segment !== "")
          .map((segment, index) => (index === which ? encoded(segment) : segment));
        const info = requestInfoOf({ method: asked.method, url: `/${[...root, ...segments].join("/")}` });
        assert.ok(info.kind === "resource");
        const verb = verbs[asked.method] ?? "";
        const isCollection = name === "";
        const expected =
          isCollection && verb === "get" ? "list" : isCollection && verb === "delete" ? "deletecollection" : verb;
        const found = {
          group: info.group,
          version: info.version,
          namespace: info.namespace,
          resource: info.resource,
          name: info.name,
          subresource: info.subresource,
          verb: info.verb,
        };
        assert.deepEqual(found, {
          group,
          version,
          namespace,
          resource: asked.resource,
          name,
          subresource,
          verb: expected,
        });
      }),
      { share: 5 },
    );
  });

  test("never name what has a slash, climbs or is empty", () => {
    const piece = fc.constantFrom(
      "api",
      "v1",
      "apis",
      "apps",
      "namespaces",
      "default",
      "pods",
      "web",
      "..",
      ".",
      "",
      "%2e%2e",
      "%2f",
      "a%2Fb",
      "%00",
      "%",
      "%zz",
      "%c3%28",
      "watch",
      "proxy",
      "status",
    );
    const path = fc
      .array(fc.oneof(piece, fc.string({ maxLength: 4 })), { maxLength: 9 })
      .map((pieces) => `/${pieces.join("/")}`);
    checkProperty(
      fc.property(method, fc.oneof(path, fc.string()), (verb, url) => {
        try {
          const info = requestInfoOf({ method: verb, url });
          if (info.kind === "path") return;
          for (const part of [info.namespace, info.resource, info.name, info.subresource]) {
            assert.ok(!part.includes("/") && part !== ".." && part !== "." && !part.includes("\0"), url);
          }
          assert.notEqual(info.resource, "");
          if (info.subresource !== "") assert.notEqual(info.name, "");
        } catch (error) {
          const code = findApiError(error)?.code;
          assert.ok(code === 400 || code === 404, String(error));
        }
      }),
      { share: 10 },
    );
  });
});

suite("credentials", () => {
  const token = fc.stringMatching(/^[A-Za-z0-9._~+/=-]{1,30}$/);

  test("in the Authorization header are what stands behind the scheme", () => {
    checkProperty(
      fc.property(token, fc.constantFrom("Bearer", "bearer", "BEARER"), (value, scheme) => {
        assert.equal(bearerToken(`${scheme} ${value}`), value);
        assert.equal(bearerToken(`Basic ${value}`), undefined);
        assert.equal(bearerToken(value.replaceAll(/[^a-z]/gi, "")), undefined);
      }),
    );
  });

  test("in WebSocket subprotocols are read back, and are no protocol to agree on", () => {
    checkProperty(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 1 }),
        fc.constantFrom("v5.channel.k8s.io", "x"),
        fc.boolean(),
        (value, protocol, first) => {
          const carrier = `base64url.bearer.authorization.k8s.io.${Buffer.from(value).toString("base64url")}`;
          const header = first ? `${carrier}, ${protocol}` : `${protocol},${carrier}`;
          assert.deepEqual(webSocketToken(header), { kind: "token", token: value });
          assert.deepEqual(negotiableProtocols(header), [protocol]);
          assert.equal(webSocketToken(carrier).kind, "malformed");
          assert.equal(webSocketToken(`${header},${carrier}`).kind, "malformed");
        },
      ),
    );
  });

  test("in a file are those of its lines, quoted or not", () => {
    const field = fc.stringMatching(/^[a-z0-9 ,"]{1,10}$/).filter((text) => text.trim() === text);
    const line = fc.record({
      value: fc.stringMatching(/^[a-z0-9]{1,10}$/),
      user: field,
      groups: fc.array(fc.stringMatching(/^[a-z]{1,5}$/), { maxLength: 3 }),
    });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    checkProperty(
      fc.property(fc.uniqueArray(line, { selector: ({ value }) => value, maxLength: 5 }), (lines) => {
        const text = lines
          .map(({ value, user, groups }) => [value, quoted(user), "uid", quoted(groups.join(","))].join(","))
          .join("\n");
        const tokens = StaticTokens.parse(text, "file");
        for (const { value, user, groups } of lines) {
          const found = tokens.userOf(value);
          assert.equal(found?.name, user);
          assert.deepEqual(new Set(found?.groups), new Set([...groups, "system:authenticated"]));
        }
        assert.equal(tokens.userOf("no such token"), undefined);
      }),
    );
  });

  test("that a token claims have the types that they should, or are none", () => {
    checkProperty(
      fc.property(
        fc.oneof(
          fc.jsonValue().map((value) => JSON.stringify(value)),
          fc.string(),
        ),
        (payload) => {
          const claims = parseTokenClaims(payload);
          if (!claims) return;
          assert.equal(typeof claims.issuer, "string");
          assert.ok(claims.audiences.every((audience) => typeof audience === "string"));
        },
      ),
      { share: 3 },
    );
  });
});

suite("Accept headers", () => {
  const clause = fc.record({
    type: fc.constantFrom(
      "application/json",
      "application/yaml",
      "application/vnd.kubernetes.protobuf",
      "text/html",
      "application/cbor",
    ),
    quality: fc.constantFrom(undefined, 0.1, 0.5, 0.9),
  });
  const encodings: Readonly<Record<string, string>> = {
    "application/json": "json",
    "application/yaml": "yaml",
    "application/vnd.kubernetes.protobuf": "protobuf",
  };

  test("get the best of what is served", () => {
    checkProperty(
      fc.property(fc.array(clause, { minLength: 1, maxLength: 4 }), (clauses) => {
        const header = clauses
          .map(({ type, quality }) => (quality === undefined ? type : `${type};q=${quality}`))
          .join(", ");
        const served = clauses.filter(({ type }) => Object.hasOwn(encodings, type));
        const best = served.toSorted((a, b) => (b.quality ?? 1) - (a.quality ?? 1))[0];
        assert.equal(builtInOffer.accept(header)?.encoding, best && encodings[best.type]);
      }),
      { share: 2 },
    );
  });
});
