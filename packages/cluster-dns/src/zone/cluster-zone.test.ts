import assert from "node:assert/strict";
import { test } from "node:test";
import { recordType } from "../message/query.ts";
import type { ResourceRecord } from "../message/response.ts";
import { sampleCluster } from "../testing/dns-fixtures.ts";
import { ClusterZone } from "./cluster-zone.ts";

const zone = new ClusterZone("cluster.local", sampleCluster(), () => 42);

/** One record in short: its data, with the fields of SRV in their usual order. */
function short(record: ResourceRecord): string {
  const { data } = record;
  if (record.type === "SRV") {
    const { priority, weight, port, target } = record.data;
    return `${priority} ${weight} ${port} ${target}`;
  }
  return typeof data === "string" ? data : JSON.stringify(data);
}

function ask(name: string, type: keyof typeof recordType): string {
  const answer = zone.lookup(name.split("."), recordType[type]);
  if (answer.kind === "alias") return `CNAME ${answer.target}`;
  if (answer.kind !== "records") return answer.kind;
  for (const record of answer.answers) {
    assert.equal(record.name, name);
    assert.equal(record.ttl, 30);
  }
  const extra = answer.additionals.map((record) => `${record.name} ${short(record)}`);
  return [answer.answers.map(short).sort().join(", "), ...(extra.length > 0 ? [extra.sort().join(", ")] : [])].join(
    " + ",
  );
}

const domain = "cluster.local";
const web = `web.default.svc.${domain}`;
const mysql = `mysql.db.svc.${domain}`;

const cases: readonly (readonly [string, keyof typeof recordType, string])[] = [
  [web, "A", "10.96.0.10"],
  [web, "AAAA", "fd00:96::10"],
  [web, "TXT", "nodata"],
  [web, "SRV", `0 100 53 ${web}, 0 100 80 ${web}, 0 100 9000 ${web} + ${web} 10.96.0.10, ${web} fd00:96::10`],
  [web, "ANY", '{"cpu":"RFC8482","os":""}'],
  [`_http._tcp.${web}`, "SRV", `0 100 80 ${web} + ${web} 10.96.0.10, ${web} fd00:96::10`],
  [`_dns._udp.${web}`, "SRV", `0 100 53 ${web} + ${web} 10.96.0.10, ${web} fd00:96::10`],
  [`_http._tcp.${web}`, "A", "nodata"],
  [`_http._udp.${web}`, "SRV", "nxdomain"],
  [`_other._tcp.${web}`, "SRV", "nxdomain"],
  [`_._tcp.${web}`, "SRV", "nxdomain"],
  [`_tcp.${web}`, "SRV", "nodata"],
  [`_sctp.${web}`, "SRV", "nxdomain"],
  [`front.${web}`, "A", "10.244.0.2"],
  [`back.${web}`, "A", "nxdomain"],
  [`a.b.c.${web}`, "A", "nxdomain"],
  [mysql, "A", "10.244.1.2, 10.244.1.3, 10.244.1.5"],
  [mysql, "AAAA", "fd00:244::2"],
  [`mysql-0.${mysql}`, "A", "10.244.1.2"],
  [`mysql-0.${mysql}`, "AAAA", "fd00:244::2"],
  [`mysql-1.${mysql}`, "AAAA", "nodata"],
  [`mysql-2.${mysql}`, "A", "nxdomain"],
  [`10-244-1-5.${mysql}`, "A", "10.244.1.5"],
  [
    `_http._tcp.${mysql}`,
    "SRV",
    `0 33 8080 10-244-1-5.${mysql}, 0 33 8080 mysql-0.${mysql}, 0 33 8080 mysql-1.${mysql} + ` +
      `10-244-1-5.${mysql} 10.244.1.5, mysql-0.${mysql} 10.244.1.2, mysql-0.${mysql} fd00:244::2, ` +
      `mysql-1.${mysql} 10.244.1.3`,
  ],
  [`lonely.db.svc.${domain}`, "A", "nxdomain"],
  [`eager.db.svc.${domain}`, "A", "10.244.1.8"],
  [`mirror.default.svc.${domain}`, "A", "CNAME registry.example.com"],
  [`mirror.default.svc.${domain}`, "CNAME", "CNAME registry.example.com"],
  [`x.mirror.default.svc.${domain}`, "A", "nxdomain"],
  [`web.db.svc.${domain}`, "A", "nxdomain"],
  [`web.nowhere.svc.${domain}`, "A", "nxdomain"],
  [`default.svc.${domain}`, "A", "nodata"],
  [`nowhere.svc.${domain}`, "A", "nxdomain"],
  [`svc.${domain}`, "A", "nodata"],
  [`pod.${domain}`, "A", "nodata"],
  [domain, "A", "nodata"],
  [domain, "NS", `ns.dns.${domain}`],
  [`ns.dns.${domain}`, "A", "10.96.0.53"],
  [`dns.${domain}`, "A", "nodata"],
  [`x.dns.${domain}`, "A", "nxdomain"],
  [`other.${domain}`, "A", "nxdomain"],
  [`web.default.${domain}`, "A", "nxdomain"],
  [`dns-version.${domain}`, "TXT", "1.1.0"],
  [`dns-version.${domain}`, "A", "nodata"],
  [`x.dns-version.${domain}`, "TXT", "nxdomain"],
  [`10-244-1-2.default.pod.${domain}`, "A", "10.244.1.2"],
  [`10-244-1-2.default.pod.${domain}`, "AAAA", "nodata"],
  [`fd00--1.default.pod.${domain}`, "AAAA", "fd00::1"],
  [`10-244-1.default.pod.${domain}`, "A", "nxdomain"],
  [`10-244-1-256.default.pod.${domain}`, "A", "nxdomain"],
  [`10-244-1-2.nowhere.pod.${domain}`, "A", "nxdomain"],
  [`x.10-244-1-2.default.pod.${domain}`, "A", "nxdomain"],
  [`default.pod.${domain}`, "A", "nodata"],
];

for (const [name, type, expected] of cases) {
  test(`${name} ${type}: ${expected}`, () => assert.equal(ask(name, type), expected));
}

test("the apex has a start of authority with the zone's version", () => {
  const answer = zone.lookup(["cluster", "local"], recordType.SOA);
  assert.ok(answer.kind === "records");
  assert.deepEqual(answer.answers, [zone.startOfAuthority()]);
  assert.match(JSON.stringify(answer.answers), /"serial":42/);
});

test("only names of the domain belong to the zone", () => {
  assert.equal(zone.contains(["a", "cluster", "local"]), true);
  assert.equal(zone.contains(["cluster", "local"]), true);
  assert.equal(zone.contains(["local"]), false);
  assert.equal(zone.contains(["xcluster", "local"]), false);
  assert.equal(zone.contains(["cluster", "local", "example"]), false);
  assert.equal(zone.contains([]), false);
});

const fd = (address: string) => address.split("").reverse().join(".");
const reverses: readonly (readonly [string, readonly string[] | undefined])[] = [
  ["10.0.96.10.in-addr.arpa", [web]],
  ["2.1.244.10.in-addr.arpa", [`mysql-0.${mysql}`]],
  ["5.1.244.10.in-addr.arpa", [`10-244-1-5.${mysql}`]],
  ["4.1.244.10.in-addr.arpa", undefined],
  // An endpoint of a Service that has an address of its own has no name that anyone asks for.
  ["2.0.244.10.in-addr.arpa", undefined],
  ["9.9.9.9.in-addr.arpa", undefined],
  ["9.9.9.in-addr.arpa", undefined],
  ["300.0.96.10.in-addr.arpa", undefined],
  [`${fd("fd000096000000000000000000000010")}.ip6.arpa`, [web]],
  [`${fd("fd000244000000000000000000000002")}.ip6.arpa`, [`mysql-0.${mysql}`]],
  ["x.ip6.arpa", undefined],
];
for (const [name, expected] of reverses) {
  test(`reverse of ${name}`, () => {
    assert.deepEqual(
      zone.reverse(name.split("."))?.map((record) => record.data),
      expected,
    );
  });
}
