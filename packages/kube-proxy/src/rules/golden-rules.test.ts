import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import type { Service } from "@kube-ts/api/core/v1";
import { renderRestore } from "@kube-ts/iptables/restore-format";
import { createPortJoin } from "../model/proxied-ports.ts";
import { makeService, makeSlice, ruleOptions } from "../testing/proxy-fixtures.ts";
import { planResync } from "../writer/plan-changes.ts";
import { buildRules } from "./build-rules.ts";

function named(name: string, service: Service): Service {
  return { ...service, metadata: { ...service.metadata, name } };
}

const services = [
  named("plain", makeService()),
  named("sticky", makeService({ sessionAffinity: "ClientIP", clusterIP: "10.96.0.11", clusterIPs: ["10.96.0.11"] })),
  named("idle", makeService({ clusterIP: "10.96.0.12", clusterIPs: ["10.96.0.12"] })),
  named(
    "balanced",
    makeService(
      {
        type: "LoadBalancer",
        clusterIP: "10.96.0.13",
        clusterIPs: ["10.96.0.13"],
        ports: [{ name: "http", protocol: "TCP", port: 80, nodePort: 30080 }],
        externalIPs: ["203.0.113.9"],
        externalTrafficPolicy: "Local",
        healthCheckNodePort: 32000,
        loadBalancerSourceRanges: ["203.0.113.0/24"],
      },
      { loadBalancer: { ingress: [{ ip: "198.51.100.1" }] } },
    ),
  ),
];

const slices = ["plain", "sticky", "balanced"].map((service) =>
  makeSlice(
    [
      { ip: "10.244.1.2", nodeName: "n1" },
      { ip: "10.244.2.2", nodeName: "n2" },
    ],
    { metadata: { namespace: "ns", name: service, labels: { "kubernetes.io/service-name": service } } },
  ),
);

/** Run this file by itself with `--update` to write the text anew, and review the difference. */
test("the rules for a few Services, as text", () => {
  const { rules } = buildRules(createPortJoin("IPv4", "n1")(services, slices), ruleOptions);
  const text = renderRestore(planResync(new Map(), rules));
  const path = fileURLToPath(new URL("../testdata/rules-ipv4.txt", import.meta.url));
  if (process.argv.includes("--update")) writeFileSync(path, text);
  assert.equal(text, readFileSync(path, "utf8"));
});
