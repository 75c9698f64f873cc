import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Pod } from "@kube-ts/api/core/v1";
import { RuleBench } from "../meta/testing/rule-bench.ts";
import { podResource } from "./pod.ts";

const bench = new RuleBench<Pod>(podResource);

function specOf(spec: Record<string, unknown>): Pod["spec"] {
  return bench.decode({ metadata: { name: "web" }, spec }).spec;
}

describe("pod defaults", () => {
  it("fill in an empty pod", () => {
    assert.deepEqual(
      bench.decode({ metadata: { name: "web" }, spec: { containers: [{ name: "c", image: "nginx" }] } }),
      {
        metadata: { name: "web" },
        spec: {
          containers: [
            {
              name: "c",
              image: "nginx",
              resources: {},
              imagePullPolicy: "Always",
              terminationMessagePath: "/dev/termination-log",
              terminationMessagePolicy: "File",
            },
          ],
          dnsPolicy: "ClusterFirst",
          restartPolicy: "Always",
          securityContext: {},
          terminationGracePeriodSeconds: 30,
          schedulerName: "default-scheduler",
          enableServiceLinks: true,
        },
        status: {},
        kind: "Pod",
        apiVersion: "v1",
      },
    );
  });

  it("change nothing on a second run", () => {
    const pod = bench.decode({
      metadata: { name: "web" },
      spec: {
        hostNetwork: true,
        serviceAccount: "robot",
        containers: [
          { name: "c", image: "nginx:1", ports: [{ containerPort: 80 }], resources: { limits: { cpu: "1000m" } } },
        ],
        volumes: [{ name: "v" }, { name: "s", secret: { secretName: "s" } }],
      },
    });
    const again = structuredClone(pod);
    podResource.strategy.defaults?.(again);
    assert.deepEqual(again, pod);
  });

  it("request what is limited", () => {
    const { containers } = specOf({
      containers: [
        { name: "c", image: "i", resources: { limits: { cpu: "1000m", memory: "1Gi" }, requests: { cpu: "0.5" } } },
      ],
    });
    assert.deepEqual(containers[0]?.resources, {
      limits: { cpu: "1", memory: "1Gi" },
      requests: { cpu: "500m", memory: "1Gi" },
    });
  });

  it("fill in probes and handlers", () => {
    const { containers } = specOf({
      containers: [
        {
          name: "c",
          image: "i",
          livenessProbe: { httpGet: { port: 80 } },
          readinessProbe: { grpc: { port: 80 }, periodSeconds: 3 },
          startupProbe: { tcpSocket: { port: "web" }, failureThreshold: 30 },
          lifecycle: { preStop: { httpGet: { port: 80, path: "stop" } }, postStart: { exec: { command: ["true"] } } },
        },
      ],
    });
    const { livenessProbe, readinessProbe, startupProbe, lifecycle } = containers[0] ?? {};
    assert.deepEqual(
      { livenessProbe, readinessProbe, startupProbe, lifecycle },
      {
        livenessProbe: {
          httpGet: { port: 80, path: "/", scheme: "HTTP" },
          timeoutSeconds: 1,
          periodSeconds: 10,
          successThreshold: 1,
          failureThreshold: 3,
        },
        readinessProbe: {
          grpc: { port: 80, service: "" },
          periodSeconds: 3,
          timeoutSeconds: 1,
          successThreshold: 1,
          failureThreshold: 3,
        },
        startupProbe: {
          tcpSocket: { port: "web" },
          failureThreshold: 30,
          timeoutSeconds: 1,
          periodSeconds: 10,
          successThreshold: 1,
        },
        lifecycle: {
          preStop: { httpGet: { port: 80, path: "stop", scheme: "HTTP" } },
          postStart: { exec: { command: ["true"] } },
        },
      },
    );
  });

  it("fill in the references of variables", () => {
    const { containers } = specOf({
      containers: [
        {
          name: "c",
          image: "i",
          env: [
            { name: "A", value: "" },
            { name: "B", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
            { name: "C", valueFrom: { resourceFieldRef: { resource: "limits.cpu" } } },
          ],
        },
      ],
    });
    assert.deepEqual(containers[0]?.env, [
      { name: "A" },
      { name: "B", valueFrom: { fieldRef: { fieldPath: "spec.nodeName", apiVersion: "v1" } } },
      { name: "C", valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "0" } } },
    ]);
  });

  it("fill in volumes", () => {
    const { volumes } = specOf({
      containers: [{ name: "c", image: "i" }],
      volumes: [
        { name: "none" },
        { name: "secret", secret: { secretName: "s" } },
        { name: "config", configMap: { name: "c", defaultMode: 0 } },
        { name: "host", hostPath: { path: "/var" } },
        { name: "down", downwardAPI: { items: [{ path: "a", fieldRef: { fieldPath: "metadata.labels" } }] } },
        { name: "projected", projected: { sources: [{ serviceAccountToken: { path: "token" } }] } },
        { name: "iscsi", iscsi: { targetPortal: "1.2.3.4", iqn: "iqn.2015-02.example.com:test", lun: 0 } },
        { name: "rbd", rbd: { monitors: ["m"], image: "i" } },
        { name: "image", image: { reference: "example.com/data:v1" } },
        {
          name: "claim",
          ephemeral: { volumeClaimTemplate: { spec: { resources: { requests: { storage: "1024Mi" } } } } },
        },
        { name: "disk", azureDisk: { diskName: "d", diskURI: "u" } },
        { name: "scale", scaleIO: { gateway: "g", system: "s", secretRef: {} } },
      ],
    });
    assert.deepEqual(volumes, [
      { name: "none", emptyDir: {} },
      { name: "secret", secret: { secretName: "s", defaultMode: 420 } },
      { name: "config", configMap: { name: "c", defaultMode: 0 } },
      { name: "host", hostPath: { path: "/var", type: "" } },
      {
        name: "down",
        downwardAPI: {
          items: [{ path: "a", fieldRef: { fieldPath: "metadata.labels", apiVersion: "v1" } }],
          defaultMode: 420,
        },
      },
      {
        name: "projected",
        projected: { sources: [{ serviceAccountToken: { path: "token", expirationSeconds: 3600 } }], defaultMode: 420 },
      },
      {
        name: "iscsi",
        iscsi: { targetPortal: "1.2.3.4", iqn: "iqn.2015-02.example.com:test", lun: 0, iscsiInterface: "default" },
      },
      { name: "rbd", rbd: { monitors: ["m"], image: "i", pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring" } },
      { name: "image", image: { reference: "example.com/data:v1", pullPolicy: "IfNotPresent" } },
      {
        name: "claim",
        ephemeral: {
          volumeClaimTemplate: {
            spec: { resources: { requests: { storage: "1Gi" } }, volumeMode: "Filesystem" },
            metadata: {},
          },
        },
      },
      {
        name: "disk",
        azureDisk: {
          diskName: "d",
          diskURI: "u",
          cachingMode: "ReadWrite",
          fsType: "ext4",
          readOnly: false,
          kind: "Shared",
        },
      },
      {
        name: "scale",
        scaleIO: { gateway: "g", system: "s", secretRef: {}, storageMode: "ThinProvisioned", fsType: "xfs" },
      },
    ]);
  });

  it("map the ports of pods in the network of their host", () => {
    const { containers } = specOf({
      hostNetwork: true,
      containers: [{ name: "c", image: "i", ports: [{ containerPort: 80 }, { containerPort: 81, hostPort: 81 }] }],
    });
    assert.deepEqual(containers[0]?.ports, [
      { containerPort: 80, protocol: "TCP", hostPort: 80 },
      { containerPort: 81, hostPort: 81, protocol: "TCP" },
    ]);
  });

  it("keep both names of the service account the same", () => {
    for (const spec of [{ serviceAccount: "robot" }, { serviceAccountName: "robot", serviceAccount: "other" }]) {
      const { serviceAccount, serviceAccountName } = specOf({ ...spec, containers: [] });
      assert.deepEqual([serviceAccount, serviceAccountName], ["robot", "robot"]);
    }
  });

  it("fill in pod-level resources from what containers need", () => {
    const { resources } = specOf({
      resources: { limits: { cpu: "2", memory: "1Gi" } },
      containers: [
        { name: "a", image: "i", resources: { requests: { cpu: "100m" } } },
        { name: "b", image: "i", resources: { requests: { cpu: "200m" } } },
      ],
    });
    assert.deepEqual(resources, { limits: { cpu: "2", memory: "1Gi" }, requests: { cpu: "300m", memory: "1Gi" } });
  });

  it("keep the address of a status in both of its fields", () => {
    const pod = bench.decode({ metadata: { name: "web" }, spec: { containers: [] }, status: { podIP: "10.0.0.1" } });
    assert.deepEqual(pod.status?.podIPs, [{ ip: "10.0.0.1" }]);
  });
});
