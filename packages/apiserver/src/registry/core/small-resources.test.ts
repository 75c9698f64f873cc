import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RuleBench } from "../meta/testing/rule-bench.ts";
import { podTemplateResource } from "./pod-template.ts";
import { serviceAccountResource } from "./service-account.ts";

const metadata = { name: "a", creationTimestamp: "2026-01-31T11:59:00Z" };

describe("a service account", () => {
  const bench = new RuleBench(serviceAccountResource);

  it("keeps nothing but the names of its secrets", () => {
    const secrets = [{ kind: "Secret", namespace: "other", name: "s" }, { uid: "u" }];
    assert.deepEqual(bench.prepared({ metadata, secrets }).secrets, [{ name: "s" }, {}]);
  });

  it("has a right name", () =>
    assert.deepEqual(bench.createErrors({ metadata: { name: "A" } }), [
      `metadata.name: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    ]));
  it("is shown", () =>
    assert.deepEqual(bench.row({ metadata, secrets: [{ name: "s" }] }), { Name: "a", Secrets: 1, Age: "60s" }));
});

describe("a pod template", () => {
  const bench = new RuleBench(podTemplateResource);
  const template = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image: "nginx" }] } };

  it("is filled in as pods are", () =>
    assert.deepEqual(bench.decode({ metadata, template }).template, {
      metadata: { labels: { app: "web" } },
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
      },
    }));

  it("is right", () => {
    const draft = { metadata, template: { metadata: { labels: { "a b": "c" } }, spec: { containers: [] } } };
    assert.deepEqual(bench.createErrors(draft), [
      `template.labels: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
      "template.spec.containers: Required value",
    ]);
  });

  it("is shown", () =>
    assert.deepEqual(bench.row({ metadata, template }), {
      Name: "a",
      Containers: "c",
      Images: "nginx",
      "Pod Labels": "app=web",
    }));
});
