import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Draft } from "../meta/testing/rule-bench.ts";
import { podBench, podDraft, specErrors } from "./testing/pod-drafts.ts";

const required = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";

function affinity(what: string, fields: Draft, errors: readonly string[]): void {
  it(what, () => {
    const texts = specErrors({ affinity: fields }).map((text) => text.replace(/^spec\.affinity\./, ""));
    assert.deepEqual(texts, errors);
  });
}

describe("the affinity of a pod to nodes", () => {
  affinity(
    "may be required and preferred",
    {
      nodeAffinity: {
        [required]: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                { key: "zone", operator: "In", values: ["a", "b"] },
                { key: "disk", operator: "Exists" },
                { key: "cores", operator: "Gt", values: ["4"] },
              ],
              matchFields: [{ key: "metadata.name", operator: "In", values: ["n1"] }],
            },
          ],
        },
        [preferred]: [{ weight: 100, preference: { matchExpressions: [{ key: "a", operator: "DoesNotExist" }] } }],
      },
    },
    [],
  );
  affinity("has a term", { nodeAffinity: { [required]: { nodeSelectorTerms: [] } } }, [
    "nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term",
  ]);
  affinity(
    "has right expressions",
    {
      nodeAffinity: {
        [required]: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                { key: "a", operator: "In" },
                { key: "a", operator: "Exists", values: ["b"] },
                { key: "a", operator: "Lt", values: ["1", "2"] },
                { key: "a b", operator: "Is", values: [] },
                { key: "a", operator: "In", values: ["not a value"] },
              ],
              matchFields: [
                { key: "metadata.name", operator: "In", values: ["a", "b"] },
                { key: "metadata.uid", operator: "Exists" },
                { key: "metadata.name", operator: "NotIn", values: ["A B"] },
              ],
            },
          ],
        },
      },
    },
    [
      "nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      "nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[1].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      "nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[2].values: Required value: must be specified single value when `operator` is 'Lt' or 'Gt'",
      'nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[3].operator: Invalid value: "Is": not a valid selector operator',
      `nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[3].key: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
      `nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[4].values[0]: Invalid value: "not a value": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
      "nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0].values: Required value: must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
      'nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[1].operator: Invalid value: "Exists": not a valid selector operator',
      'nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[1].key: Invalid value: "metadata.uid": not a valid field selector key',
      `nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[2].values[0]: Invalid value: "A B": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    ],
  );
  affinity(
    "has weights in range",
    {
      nodeAffinity: {
        [preferred]: [
          { weight: 0, preference: {} },
          { weight: 101, preference: {} },
        ],
      },
    },
    [
      "nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the range 1-100",
      "nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[1].weight: Invalid value: 101: must be in the range 1-100",
    ],
  );
});

describe("the affinity of a pod to pods", () => {
  const labelSelector = { matchLabels: { app: "web" } };
  affinity(
    "may be required and preferred",
    {
      podAffinity: {
        [required]: [{ labelSelector, topologyKey: "zone", namespaces: ["a"], matchLabelKeys: ["hash"] }],
      },
      podAntiAffinity: {
        [preferred]: [{ weight: 1, podAffinityTerm: { labelSelector, topologyKey: "zone", namespaceSelector: {} } }],
      },
    },
    [],
  );
  affinity("is about a topology", { podAffinity: { [required]: [{ labelSelector }] } }, [
    "podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not be empty",
    'podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "": name part must be non-empty',
    `podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
  ]);
  affinity(
    "has right terms",
    {
      podAntiAffinity: {
        [preferred]: [
          {
            weight: -1,
            podAffinityTerm: {
              topologyKey: "a b",
              namespaces: ["A"],
              labelSelector: { matchExpressions: [{ key: "a", operator: "In" }] },
              namespaceSelector: { matchLabels: { "a b": "c" } },
            },
          },
        ],
      },
    },
    [
      "podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: -1: must be in the range 1-100",
      "podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
      `podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.namespaceSelector.matchLabels: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
      `podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.namespace: Invalid value: "A": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
      `podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.topologyKey: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
    ],
  );
  affinity(
    "names label keys once",
    {
      podAffinity: {
        [required]: [
          { topologyKey: "zone", matchLabelKeys: ["a"], mismatchLabelKeys: ["b"] },
          { topologyKey: "zone", labelSelector, matchLabelKeys: ["app", "x y", "c"], mismatchLabelKeys: ["c"] },
        ],
      },
    },
    [
      "podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set",
      "podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].mismatchLabelKeys: Forbidden: must not be specified when labelSelector is not set",
      `podAffinity.requiredDuringSchedulingIgnoredDuringExecution[1].matchLabelKeys[1]: Invalid value: "x y": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
      'podAffinity.requiredDuringSchedulingIgnoredDuringExecution[1].matchLabelKeys[2]: Invalid value: "c": exists in both matchLabelKeys and mismatchLabelKeys',
    ],
  );

  it("selects by the labels of the pod's listed keys, and by no others", () => {
    const term = { topologyKey: "zone", labelSelector, matchLabelKeys: ["app", "hash"], mismatchLabelKeys: ["tenant"] };
    const draft = podDraft(
      { affinity: { podAffinity: { [required]: [term] } } },
      { labels: { app: "web", hash: "x", tenant: "t" } },
    );
    const [merged] = podBench.prepared(draft).spec.affinity?.podAffinity?.[required] ?? [];
    assert.deepEqual(merged?.labelSelector, {
      matchLabels: { app: "web" },
      matchExpressions: [
        { key: "app", operator: "In", values: ["web"] },
        { key: "hash", operator: "In", values: ["x"] },
        { key: "tenant", operator: "NotIn", values: ["t"] },
      ],
    });
    assert.deepEqual(podBench.createErrors(draft), [
      'spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0][0]: Invalid value: "app": exists in both matchLabelKeys and labelSelector',
    ]);
  });
});
