import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { FlowSchema, PriorityLevelConfiguration } from "@kube-ts/api/flowcontrol/v1";
import { type Draft, RuleBench } from "../meta/testing/rule-bench.ts";
import {
  mandatoryFlowSchemas,
  mandatoryPriorityLevels,
  suggestedFlowSchemas,
  suggestedPriorityLevels,
} from "./default-objects.ts";
import { flowSchemaResource } from "./flow-schema.ts";
import { priorityLevelConfigurationResource } from "./priority-level-configuration.ts";

const metadata = { name: "mine", creationTimestamp: "2026-01-31T11:59:00Z" };
const subdomainText =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelText =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

describe("a flow schema", () => {
  const bench = new RuleBench<FlowSchema>(flowSchemaResource);
  const subject = { kind: "User", user: { name: "alice" } };
  const resourceRule = { verbs: ["*"], apiGroups: ["*"], resources: ["*"], namespaces: ["*"] };
  const rule = { subjects: [subject], resourceRules: [resourceRule] };
  const plain = { priorityLevelConfiguration: { name: "global-default" }, rules: [rule] };

  it("is filled in", () => {
    const { spec, status } = bench.decode({ metadata, spec: { priorityLevelConfiguration: { name: "a" } } });
    assert.deepEqual([spec, status], [{ priorityLevelConfiguration: { name: "a" }, matchingPrecedence: 1000 }, {}]);
  });

  function create(what: string, spec: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata, spec: { ...plain, ...spec } }), errors));
  }
  function createRule(what: string, part: Draft, errors: readonly string[]): void {
    create(what, { rules: [{ ...rule, ...part }] }, errors);
  }

  create("may be right", { distinguisherMethod: { type: "ByUser" } }, []);
  create("has a positive precedence", { matchingPrecedence: -1 }, [
    "spec.matchingPrecedence: Invalid value: -1: must be a positive value",
  ]);
  create("has no high precedence", { matchingPrecedence: 10001 }, [
    "spec.matchingPrecedence: Invalid value: 10001: must not be greater than 10000",
  ]);
  create("is not first", { matchingPrecedence: 1 }, [
    "spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1",
  ]);
  create("tells flows apart", { distinguisherMethod: { type: "ByDay" } }, [
    'spec.distinguisherMethod.type: Unsupported value: {"type":"ByDay"}: supported values: "ByNamespace", "ByUser"',
  ]);
  create("has a level", { priorityLevelConfiguration: {} }, [
    "spec.priorityLevelConfiguration.name: Required value: must reference a priority level",
  ]);
  create("has a right level", { priorityLevelConfiguration: { name: "A b" } }, [
    `spec.priorityLevelConfiguration.name: Invalid value: "A b": ${subdomainText}`,
  ]);
  createRule("has rules with subjects and rules", { subjects: [], resourceRules: [] }, [
    "spec.rules[0].subjects: Required value: subjects must contain at least one value",
    "spec.rules[0]: Required value: at least one of resourceRules and nonResourceRules has to be non-empty",
  ]);
  createRule(
    "has subjects of known kinds, which have what belongs to them",
    {
      subjects: [
        { kind: "Robot" },
        { kind: "User", group: { name: "g" } },
        { kind: "Group", group: { name: "" } },
        { kind: "ServiceAccount", serviceAccount: { name: "*", namespace: "" }, user: { name: "u" } },
        { kind: "ServiceAccount", serviceAccount: { name: "A b", namespace: "A b" } },
      ],
    },
    [
      'spec.rules[0].subjects[0].kind: Unsupported value: "Robot": supported values: "Group", "ServiceAccount", "User"',
      "spec.rules[0].subjects[1].user: Required value: user is required when subject kind is 'User'",
      "spec.rules[0].subjects[1].group: Forbidden: group is forbidden when subject kind is not 'Group'",
      "spec.rules[0].subjects[2].group.name: Required value",
      "spec.rules[0].subjects[3].serviceAccount.namespace: Required value: must specify namespace for service account",
      "spec.rules[0].subjects[3].user: Forbidden: user is forbidden when subject kind is not 'User'",
      `spec.rules[0].subjects[4].serviceAccount.name: Invalid value: "A b": ${subdomainText}`,
      `spec.rules[0].subjects[4].serviceAccount.namespace: Invalid value: "A b": ${labelText}`,
    ],
  );
  createRule("has resource rules that say something", { resourceRules: [{}] }, [
    "spec.rules[0].resourceRules[0].verbs: Required value: verbs must contain at least one value",
    "spec.rules[0].resourceRules[0].apiGroups: Required value: resource rules must supply at least one api group",
    "spec.rules[0].resourceRules[0].resources: Required value: resource rules must supply at least one resource",
    "spec.rules[0].resourceRules[0].namespaces: Required value: resource rules that are not cluster scoped must supply at least one namespace",
  ]);
  const both = ["*", "get"];
  createRule(
    "has wildcards alone",
    { resourceRules: [{ verbs: both, apiGroups: both, resources: both, namespaces: both }] },
    [
      `spec.rules[0].resourceRules[0].verbs: Invalid value: ["*","get"]: if '*' is present, must not specify other verbs`,
      `spec.rules[0].resourceRules[0].apiGroups: Invalid value: ["*","get"]: if '*' is present, must not specify other api groups`,
      `spec.rules[0].resourceRules[0].resources: Invalid value: ["*","get"]: if '*' is present, must not specify other resources`,
      `spec.rules[0].resourceRules[0].namespaces: Invalid value: ["*","get"]: if '*' is present, must not specify other namespaces`,
    ],
  );
  createRule(
    "has known verbs and right namespaces",
    { resourceRules: [{ ...resourceRule, verbs: ["eat"], namespaces: ["A b"] }] },
    [
      'spec.rules[0].resourceRules[0].verbs: Unsupported value: ["eat"]: supported values: "create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"',
      `spec.rules[0].resourceRules[0].namespaces[0]: Invalid value: "A b": each member of this list must be '*' or a DNS-1123 label; ${labelText}`,
    ],
  );
  createRule(
    "has right paths",
    { nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/", "/a/*", "", "a", "/a b", "//", "/a*"] }] },
    [
      'spec.rules[0].nonResourceRules[0].nonResourceURLs[2]: Invalid value: "": must not be empty',
      'spec.rules[0].nonResourceRules[0].nonResourceURLs[3]: Invalid value: "a": must start with slash',
      'spec.rules[0].nonResourceRules[0].nonResourceURLs[4]: Invalid value: "/a b": must not contain white-space',
      'spec.rules[0].nonResourceRules[0].nonResourceURLs[5]: Invalid value: "//": must not contain double slash',
      'spec.rules[0].nonResourceRules[0].nonResourceURLs[6]: Invalid value: "/a*": wildcard can only do suffix matching',
    ],
  );

  it("stays what it is when it is mandatory", () => {
    const [exempt] = mandatoryFlowSchemas;
    assert.ok(exempt);
    const old = bench.prepared(exempt as unknown as Draft);
    const errors = bench.updateErrors(old, (next) => delete next.spec.rules);
    assert.equal(errors.length, 1);
    assert.match(errors[0] ?? "", /^spec: Invalid value: \{.*\}: spec of 'exempt' must equal the fixed value$/);
  });

  it("counts changes and has a status of its own", () => {
    const old = bench.prepared({ metadata, spec: plain, status: { conditions: [{ type: "Dangling" }] } });
    assert.deepEqual([old.status, old.metadata.generation], [{}, 1]);
    assert.equal(bench.updated(old, (next) => (next.spec.matchingPrecedence = 7)).metadata.generation, 2);
    const change = (next: FlowSchema) => {
      next.spec.matchingPrecedence = 7;
      next.status = { conditions: [{ type: "Dangling" }, { type: "Dangling" }, { status: "True" }] };
    };
    assert.equal(bench.updated(old, change, "status").spec.matchingPrecedence, 1000);
    assert.deepEqual(bench.updateErrors(old, change, "status"), [
      'status.conditions[1].type: Duplicate value: "Dangling"',
      "status.conditions[2].type: Required value: must not be empty",
    ]);
  });

  it("is shown", () => {
    const spec = { ...plain, distinguisherMethod: { type: "ByUser" } };
    const expected = {
      Name: "mine",
      PriorityLevel: "global-default",
      MatchingPrecedence: 1000,
      DistinguisherMethod: "ByUser",
      Age: "60s",
      MissingPL: "?",
    };
    assert.deepEqual(bench.row({ metadata, spec }), expected);
    const status = { conditions: [{ type: "Dangling", status: "False" }] };
    assert.deepEqual(bench.row({ metadata, spec: plain, status }), {
      ...expected,
      DistinguisherMethod: "<none>",
      MissingPL: "False",
    });
  });

  it("of the server's own is right and needs no defaults", () => {
    for (const schema of [...mandatoryFlowSchemas, ...suggestedFlowSchemas]) {
      assert.deepEqual(bench.decode(schema as unknown as Draft).spec, schema.spec);
      assert.deepEqual(bench.createErrors(schema as unknown as Draft), []);
    }
  });
});

describe("a priority level", () => {
  const bench = new RuleBench<PriorityLevelConfiguration>(priorityLevelConfigurationResource);
  const queue = { type: "Queue", queuing: {} };

  it("is filled in", () => {
    const { spec } = bench.decode({ metadata, spec: { type: "Limited", limited: { limitResponse: queue } } });
    assert.deepEqual(spec, {
      type: "Limited",
      limited: {
        limitResponse: { type: "Queue", queuing: { queues: 64, handSize: 8, queueLengthLimit: 50 } },
        nominalConcurrencyShares: 30,
        lendablePercent: 0,
      },
    });
    assert.deepEqual(bench.decode({ metadata, spec: { type: "Exempt", exempt: {} } }).spec.exempt, {
      nominalConcurrencyShares: 0,
      lendablePercent: 0,
    });
  });

  function create(what: string, spec: Draft, errors: readonly string[], name = "mine"): void {
    it(what, () => assert.deepEqual(bench.createErrors({ metadata: { name }, spec }), errors));
  }
  function createLimited(what: string, limited: Draft, errors: readonly string[]): void {
    create(what, { type: "Limited", limited: { limitResponse: { type: "Reject" }, ...limited } }, errors);
  }

  createLimited("may refuse", { nominalConcurrencyShares: 0, borrowingLimitPercent: 200 }, []);
  createLimited("may queue", { limitResponse: queue }, []);
  create("is exempt or limited", { type: "Some" }, [
    'spec.type: Unsupported value: "Some": supported values: "Exempt", "Limited"',
  ]);
  create("is exempt by name", { type: "Exempt", limited: { limitResponse: queue } }, [
    `spec.type: Invalid value: "Exempt": type must be 'Exempt' if and only if name is 'exempt'`,
    "spec.limited: Forbidden: must be nil if the type is not Limited",
  ]);
  create("has limits", { type: "Limited", exempt: {} }, [
    "spec.exempt: Forbidden: must be nil if the type is Limited",
    "spec.limited: Required value: must not be empty when type is Limited",
  ]);
  create(
    "may lend what is exempt",
    { type: "Exempt", exempt: { nominalConcurrencyShares: 10, lendablePercent: 50 } },
    [],
    "exempt",
  );
  create(
    "lends no more than it has",
    { type: "Exempt", exempt: { nominalConcurrencyShares: -1, lendablePercent: 101 } },
    [
      "spec.exempt.nominalConcurrencyShares: Invalid value: -1: must be a non-negative integer",
      "spec.exempt.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive",
    ],
    "exempt",
  );
  createLimited(
    "has right numbers",
    { nominalConcurrencyShares: -1, lendablePercent: -1, borrowingLimitPercent: -1, limitResponse: { type: "Wait" } },
    [
      "spec.limited.nominalConcurrencyShares: Invalid value: -1: must be a non-negative integer",
      'spec.limited.limitResponse.type: Unsupported value: "Wait": supported values: "Queue", "Reject"',
      "spec.limited.lendablePercent: Invalid value: -1: must be between 0 and 100, inclusive",
      "spec.limited.borrowingLimitPercent: Invalid value: -1: if specified, must be a non-negative integer",
    ],
  );
  createLimited("has queues when it queues", { limitResponse: { type: "Queue" } }, [
    "spec.limited.limitResponse.queuing: Required value: must not be empty if limited.limitResponse.type is Limited",
  ]);
  createLimited("has no queues when it refuses", { limitResponse: { type: "Reject", queuing: {} } }, [
    "spec.limited.limitResponse.queuing: Forbidden: must be nil if limited.limitResponse.type is not Limited",
  ]);
  function createQueuing(what: string, queuing: Draft, errors: readonly string[]): void {
    createLimited(what, { limitResponse: { type: "Queue", queuing } }, errors);
  }
  const at = "spec.limited.limitResponse.queuing";
  createQueuing("has positive queues", { queues: -1, handSize: -1, queueLengthLimit: -1 }, [
    `${at}.queueLengthLimit: Invalid value: -1: must be positive`,
    `${at}.queues: Invalid value: -1: must be positive`,
    `${at}.handSize: Invalid value: -1: must be positive`,
  ]);
  createQueuing("deals queues that exist", { queues: 4, handSize: 5 }, [
    `${at}.handSize: Invalid value: 5: should not be greater than queues (4)`,
  ]);
  createQueuing("deals by a hash", { queues: 10_000_001, handSize: 8 }, [
    `${at}.queues: Invalid value: 10000001: must not be greater than 10000000`,
    `${at}.handSize: Invalid value: 8: required entropy bits of deckSize 10000001 and handSize 8 should not be greater than 60`,
  ]);

  it("stays what it is when it is mandatory, but for what is lent of the exempt one", () => {
    const errorsOf = (level: PriorityLevelConfiguration | undefined, change: Draft) => {
      assert.ok(level);
      const old = bench.prepared(level as unknown as Draft);
      return bench
        .updateErrors(old, (next) => Object.assign(next.spec, change))
        .map((text) => text.replace(/\{.*\}/, "…"));
    };
    const [exempt, catchAll] = mandatoryPriorityLevels;
    assert.deepEqual(errorsOf(exempt, { exempt: { nominalConcurrencyShares: 5 } }), []);
    assert.deepEqual(errorsOf(exempt, { type: "Limited" }), [
      `spec.type: Invalid value: "Limited": type must be 'Exempt' if and only if name is 'exempt'`,
      "spec.exempt: Forbidden: must be nil if the type is Limited",
      "spec.limited: Required value: must not be empty when type is Limited",
      "spec: Invalid value: …: spec of 'exempt' except the 'spec.exempt' field must equal the fixed value",
    ]);
    const limited = { nominalConcurrencyShares: 6, limitResponse: { type: "Reject" } };
    assert.deepEqual(errorsOf(catchAll, { limited }), [
      "spec: Invalid value: …: spec of 'catch-all' must equal the fixed value",
    ]);
  });

  it("is shown", () => {
    assert.deepEqual(bench.row({ metadata, spec: { type: "Limited", limited: { limitResponse: queue } } }), {
      Name: "mine",
      Type: "Limited",
      NominalConcurrencyShares: 30,
      Queues: 64,
      HandSize: 8,
      QueueLengthLimit: 50,
      Age: "60s",
    });
    const none = {
      NominalConcurrencyShares: "<none>",
      Queues: "<none>",
      HandSize: "<none>",
      QueueLengthLimit: "<none>",
    };
    assert.deepEqual(bench.row({ metadata, spec: { type: "Exempt" } }), {
      Name: "mine",
      Type: "Exempt",
      ...none,
      Age: "60s",
    });
  });

  it("of the server's own is right and needs no defaults", () => {
    for (const level of [...mandatoryPriorityLevels, ...suggestedPriorityLevels]) {
      assert.deepEqual(bench.decode(level as unknown as Draft).spec, level.spec);
      assert.deepEqual(bench.createErrors(level as unknown as Draft), []);
    }
  });
});
