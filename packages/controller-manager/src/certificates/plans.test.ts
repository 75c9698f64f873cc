import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type {
  CertificateSigningRequest,
  CertificateSigningRequestCondition,
  KeyUsage,
} from "@kube-ts/api/certificates/v1";
import { FlagError, parseFlags } from "@kube-ts/std/flags";
import { formatTime } from "@kube-ts/api/rfc3339";
import { certificateSigningConfig, certificateSigningFlags } from "../config/certificate-signing.ts";
import { autoApprovals, permissionReview } from "./approval-plan.ts";
import type { CertificateNames } from "./certificate-names.ts";
import { obsolescence } from "./cleanup-plan.ts";
import { awaitsSigning } from "./request-state.ts";
import { type SignerName, signerProblem } from "./signer-rules.ts";
import { planValidity } from "./validity.ts";

const nowMs = Date.parse("2026-01-01T00:00:00Z");
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

type Change = Partial<Omit<CertificateNames, "subject">> & { commonName?: string; organizations?: string[] };

function names({
  commonName = "system:node:a",
  organizations = ["system:nodes"],
  ...change
}: Change): CertificateNames {
  return {
    subject: {
      countries: [],
      organizations,
      organizationalUnits: [],
      localities: [],
      provinces: [],
      streetAddresses: [],
      postalCodes: [],
      commonName,
      serialNumber: "",
    },
    dnsNames: [],
    ipAddresses: [],
    emailAddresses: [],
    uris: [],
    ...change,
  };
}

const clientUsages: KeyUsage[] = ["digital signature", "key encipherment", "client auth"];
const servingUsages: KeyUsage[] = ["server auth", "digital signature", "key encipherment"];
const dns = { dnsNames: ["a"] };

describe("what a signer issues", () => {
  const kubelet = "kubernetes.io/kube-apiserver-client-kubelet";
  const serving = "kubernetes.io/kubelet-serving";
  const client = "kubernetes.io/kube-apiserver-client";
  const organization = "subject organization is not system:nodes";
  const commonName = "subject common name does not begin with system:node:";
  const cases: [SignerName, Change, KeyUsage[], string | undefined][] = [
    [kubelet, {}, clientUsages, undefined],
    [kubelet, {}, ["client auth", "digital signature"], undefined],
    [kubelet, {}, ["client auth"], "usages did not match [client auth digital signature key encipherment]"],
    [
      kubelet,
      {},
      [...clientUsages, "server auth"],
      "usages did not match [client auth digital signature key encipherment]",
    ],
    [kubelet, { organizations: [] }, clientUsages, organization],
    [kubelet, { organizations: ["system:nodes", "system:masters"] }, clientUsages, organization],
    [kubelet, { organizations: ["system:nodes", "system:nodes"] }, clientUsages, organization],
    [kubelet, { commonName: "node:a" }, clientUsages, commonName],
    [kubelet, dns, clientUsages, "DNS subjectAltNames are not allowed"],
    [kubelet, { ipAddresses: ["10.0.0.1"] }, clientUsages, "IP subjectAltNames are not allowed"],
    [kubelet, { emailAddresses: ["a@b"] }, clientUsages, "Email subjectAltNames are not allowed"],
    [kubelet, { uris: ["a:b"] }, clientUsages, "URI subjectAltNames are not allowed"],
    [serving, dns, servingUsages, undefined],
    [serving, { ipAddresses: ["10.0.0.1"] }, ["server auth", "digital signature"], undefined],
    [serving, {}, servingUsages, "DNS or IP subjectAltName is required"],
    [serving, { ...dns, emailAddresses: ["a@b"] }, servingUsages, "Email subjectAltNames are not allowed"],
    [serving, { ...dns, uris: ["a:b"] }, servingUsages, "URI subjectAltNames are not allowed"],
    [serving, dns, clientUsages, "usages did not match [digital signature key encipherment server auth]"],
    [serving, { ...dns, organizations: ["a"] }, servingUsages, organization],
    [serving, { ...dns, commonName: "a" }, servingUsages, commonName],
    [client, { organizations: [], commonName: "alice", ...dns }, ["client auth"], undefined],
    [client, {}, clientUsages, undefined],
    [client, {}, ["digital signature"], "missing required usage for client certificate: client auth"],
    [client, {}, [...clientUsages, "server auth"], "invalid usage for client certificate: server auth"],
    ["kubernetes.io/legacy-unknown", { organizations: ["any"], commonName: "thing" }, ["any"], undefined],
  ];
  for (const [signer, change, usages, expected] of cases) {
    const what = `${signer} ${JSON.stringify(change)} ${usages.join()}`;
    test(what, () => assert.equal(signerProblem(signer, names(change), usages), expected));
  }
});

describe("how long a certificate is valid", () => {
  const yearMs = 365 * 24 * hourMs;
  const cases: [string, number | undefined, { maximumMs?: number; authorityEndMs?: number }, number | undefined][] = [
    ["as long as the signer allows", undefined, {}, yearMs - 5 * minuteMs],
    ["not longer than that", 2 * 365 * 24 * 3_600, {}, yearMs - 5 * minuteMs],
    ["as long as is asked for", 24 * 3_600, {}, 24 * hourMs - 5 * minuteMs],
    ["to the second where it is short", 3_600, {}, hourMs],
    ["at least ten minutes", 1, {}, 10 * minuteMs],
    ["less where the signer never gives more", 1, { maximumMs: 5 * minuteMs }, 10 * minuteMs],
    ["not longer than the authority", undefined, { authorityEndMs: nowMs + hourMs }, hourMs],
    ["not at all when the authority is over", undefined, { authorityEndMs: nowMs }, undefined],
  ];
  for (const [what, expirationSeconds, limits, expected] of cases) {
    test(what, () => {
      const request = { nowMs: nowMs + 999, expirationSeconds, maximumMs: yearMs, authorityEndMs: Infinity, ...limits };
      const validity = planValidity(request);
      assert.equal(validity && validity.notAfterMs - nowMs, expected);
      if (validity) assert.equal(validity.notBeforeMs, nowMs - 5 * minuteMs);
    });
  }
});

type Condition = Partial<CertificateSigningRequestCondition> & { readonly type: string };

interface RequestChange {
  readonly spec?: Partial<CertificateSigningRequest["spec"]>;
  readonly conditions?: readonly Condition[];
  readonly certificate?: string;
  readonly ageMs?: number;
}

function request({ spec, conditions, certificate, ageMs = 0 }: RequestChange): CertificateSigningRequest {
  return {
    metadata: { name: "a", creationTimestamp: formatTime(nowMs - ageMs) },
    spec: {
      request: "",
      signerName: "kubernetes.io/kube-apiserver-client-kubelet",
      usages: clientUsages,
      username: "system:bootstrap:aaaaaa",
      ...spec,
    },
    status: {
      ...(conditions && { conditions: conditions.map((each) => ({ status: "True" as const, ...each })) }),
      ...(certificate !== undefined && { certificate }),
    },
  };
}

describe("what would have to be permitted", () => {
  const of = (change: RequestChange, asked: Change = {}) =>
    autoApprovals(request(change), names(asked)).map(({ permission }) => permission);
  test("for somebody else's node", () => assert.deepEqual(of({}), ["nodeclient"]));
  test("for the node itself", () => {
    assert.deepEqual(of({ spec: { username: "system:node:a" } }), ["selfnodeclient", "nodeclient"]);
  });
  test("is nothing for other signers", () => {
    assert.deepEqual(of({ spec: { signerName: "kubernetes.io/kubelet-serving" } }), []);
  });
  test("is nothing for what is no kubelet's", () => {
    assert.deepEqual(of({}, dns), []);
    assert.deepEqual(of({}, { commonName: "admin" }), []);
    assert.deepEqual(of({ spec: { usages: ["client auth"] } }), []);
  });
  test("is asked about the whole requester", () => {
    const requester = { username: "u", uid: "1", groups: ["g"], extra: { key: ["v"] } };
    const { spec } = permissionReview(request({ spec: requester }), "nodeclient");
    const { resourceAttributes, ...who } = spec;
    assert.deepEqual(who, { user: "u", uid: "1", groups: ["g"], extra: { key: ["v"] } });
    assert.deepEqual(resourceAttributes, {
      group: "certificates.k8s.io",
      version: "*",
      resource: "certificatesigningrequests",
      subresource: "nodeclient",
      verb: "create",
    });
  });
});

test("a signer answers what is approved, once", () => {
  const states: [string, RequestChange, boolean][] = [
    ["new", {}, false],
    ["approved", { conditions: [{ type: "Approved" }] }, true],
    ["denied", { conditions: [{ type: "Approved" }, { type: "Denied" }] }, false],
    ["failed", { conditions: [{ type: "Approved" }, { type: "Failed" }] }, false],
    ["issued", { conditions: [{ type: "Approved" }], certificate: "YQ==" }, false],
  ];
  for (const [state, change, expected] of states) assert.equal(awaitsSigning(request(change)), expected, state);
});

describe("a request is of no use any more", () => {
  const at = (ageMs: number) => ({ lastUpdateTime: formatTime(nowMs - ageMs) });
  const [soon, late] = [at(hourMs), at(hourMs + 1_000)];
  const certificate = "YQ==";
  const approved = (time: object) => [{ type: "Approved", ...time }];
  const cases: [string, RequestChange, string | undefined][] = [
    ["not while it waits for a day", { ageMs: 24 * hourMs }, undefined],
    ["when it has waited for longer", { ageMs: 24 * hourMs + 1_000 }, "never answered"],
    ["not just after it was denied", { conditions: [{ type: "Denied", ...soon }] }, undefined],
    ["an hour after it was denied", { conditions: [{ type: "Denied", ...late }] }, "denied"],
    ["an hour after it has failed", { conditions: [...approved(soon), { type: "Failed", ...late }] }, "failed"],
    ["not while nobody has signed it", { conditions: approved(late), ageMs: 48 * hourMs }, undefined],
    ["not just after it was issued", { conditions: approved(soon), certificate }, undefined],
    ["an hour after it was issued", { conditions: approved(late), certificate }, "issued"],
    ["when its certificate is over", { conditions: approved(soon), certificate: "b3Zlcg==" }, "certificate expired"],
    ["not when nobody knows since when", { conditions: [{ type: "Denied" }] }, undefined],
  ];
  for (const [when, change, expected] of cases) {
    const endMs = ({ status }: CertificateSigningRequest) => (status?.certificate === certificate ? nowMs : nowMs - 1);
    test(when, () => assert.equal(obsolescence(request(change), nowMs, endMs), expected));
  }
});

describe("the flags of signing", () => {
  const configOf = (...args: string[]) =>
    certificateSigningConfig(parseFlags(certificateSigningFlags, "test", args).values);
  const file = (which: string) => `--cluster-signing-${which}-file=${which}`;
  test("give one authority to all signers", () => {
    const { authorities, durationMs } = configOf(file("cert"), file("key"), "--cluster-signing-duration=24h");
    assert.equal(durationMs, 24 * hourMs);
    assert.equal(authorities.size, 4);
    assert.deepEqual(authorities.get("kubernetes.io/legacy-unknown"), { certFile: "cert", keyFile: "key" });
  });
  test("give some signers one of their own, and others none", () => {
    const { authorities, durationMs } = configOf(file("kubelet-client-cert"), file("kubelet-client-key"));
    assert.equal(durationMs, 365 * 24 * hourMs);
    const files = { certFile: "kubelet-client-cert", keyFile: "kubelet-client-key" };
    assert.deepEqual([...authorities], [["kubernetes.io/kube-apiserver-client-kubelet", files]]);
  });
  const wrong: [string[], string][] = [
    [[file("cert")], '"cluster-signing": cannot specify cert without key'],
    [[file("kubelet-serving-key")], '"cluster-signing-kubelet-serving": cannot specify key without cert'],
    [
      [file("cert"), file("key"), file("legacy-unknown-cert"), file("legacy-unknown-key")],
      "cannot specify --cluster-signing-{cert,key}-file and other --cluster-signing-*-file flags at the same time",
    ],
  ];
  for (const [args, message] of wrong) {
    test(`refuse ${args.join(" ")}`, () => {
      assert.throws(
        () => configOf(...args),
        (error) => error instanceof FlagError && error.message === message,
      );
    });
  }
});
