import assert from "node:assert/strict";
import { test } from "node:test";
import type { ContainerPort } from "@kube-ts/api/core/v1";
import { forwardedPorts, listenAddresses } from "./forwarded-ports.ts";

const ports: ContainerPort[] = [
  { name: "http", containerPort: 8080 },
  { name: "dns", containerPort: 53, protocol: "UDP" },
  { name: "both", containerPort: 54, protocol: "UDP" },
  { containerPort: 54 },
];
const pod = { metadata: { name: "p" }, spec: { containers: [{ name: "c", ports }] } };
const service = {
  metadata: { name: "s" },
  spec: {
    ports: [
      { name: "web", port: 80, targetPort: "http" },
      { name: "same", port: 81 },
      { name: "gone", port: 82, targetPort: "nope" },
    ],
  },
};
const headless = { ...service, spec: { ...service.spec, clusterIP: "None" } };

test("ports to forward are numbers, names, or those of a service", () => {
  const ofPod: [string, number, number][] = [
    ["80", 80, 80],
    ["1:80", 1, 80],
    [":80", 0, 80],
    ["http", 8080, 8080],
    ["1:http", 1, 8080],
    ["54", 54, 54],
    ["1:2:3", 1, 1],
  ];
  for (const [text, local, remote] of ofPod)
    assert.deepEqual(forwardedPorts([text], pod, undefined), [{ local, remote }]);
  const ofService: [string, number, number][] = [
    ["80", 80, 8080],
    ["web", 80, 8080],
    [":web", 0, 8080],
    ["1:web", 1, 8080],
    ["81", 81, 81],
  ];
  for (const [text, local, remote] of ofService)
    assert.deepEqual(forwardedPorts([text], pod, service), [{ local, remote }]);
  assert.deepEqual(forwardedPorts(["1:web", "81"], pod, headless), [
    { local: 1, remote: 80 },
    { local: 81, remote: 81 },
  ]);
});

test("what cannot be forwarded is refused", () => {
  const refusals: [string, typeof service | undefined, RegExp][] = [
    ["nope", undefined, /^Pod 'p' does not have a named port 'nope'$/],
    ["", undefined, /^Pod 'p' does not have a named port ''$/],
    ["1:dns", undefined, /^UDP protocol is not supported for dns$/],
    ["53", undefined, /^UDP protocol is not supported for 53$/],
    ["0", undefined, /^remote port must be > 0$/],
    ["x:80", undefined, /^error parsing local port 'x': strconv\.ParseUint: parsing "x": invalid syntax$/],
    [
      "1:65536",
      undefined,
      /^error parsing remote port '65536': strconv\.ParseUint: parsing "65536": value out of range$/,
    ],
    ["nope", service, /^Service 's' does not have a named port 'nope'$/],
    ["83", service, /^Service s does not have a service port 83$/],
    ["gone", service, /^Pod 'p' does not have a named port 'nope'$/],
  ];
  for (const [text, target, message] of refusals) assert.throws(() => forwardedPorts([text], pod, target), { message });
});

test("addresses are listened on once and in order", () => {
  assert.deepEqual(listenAddresses(["localhost", "::1", "10.0.0.1"]), [
    { address: "10.0.0.1", isOptional: false },
    { address: "127.0.0.1", isOptional: true },
    { address: "::1", isOptional: false },
  ]);
  assert.throws(
    () => listenAddresses(["example"]),
    /^CommandError: example is not a valid IP$|^Error: example is not a valid IP$/,
  );
});
