import assert from "node:assert/strict";
import { test } from "node:test";
import { typeTables } from "../../packages/api/gen/type-tables.js";
import { groupVersionSources } from "../../packages/api/src/group-versions.ts";
import { ApiRequests } from "../harness/api-requests.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

// Every kind that the project has types for can be asked for, and every field of it is explained.

const server = serverForTests();
const api = new ApiRequests(server);

interface ServedResource {
  readonly name: string;
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
}

interface OpenApiDocument {
  readonly components?: {
    readonly schemas?: Record<string, { readonly properties?: Record<string, { readonly description?: string }> }>;
  };
}

/** Kinds that are no resources: what requests and answers are made of, and what only events and webhooks carry. */
const notResources = new Set([
  "core/v1 ObjectReference",
  "core/v1 RangeAllocation",
  "core/v1 SerializedReference",
  "admission/v1 AdmissionReview",
  "apiextensions/v1 ConversionReview",
]);

/** Kinds by `group/version`, subresources of other groups' resources included. */
async function servedKinds(): Promise<Map<string, Set<string>>> {
  const kinds = new Map<string, Set<string>>();
  for (const { group, version } of groupVersionSources) {
    const path = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
    const { code, text } = await api.ask("GET", path);
    if (code !== 200) continue;
    const { resources } = JSON.parse(text) as { resources: readonly ServedResource[] };
    for (const resource of resources) {
      const key = `${resource.group ?? group}/${resource.version ?? version}`;
      kinds.set(key, (kinds.get(key) ?? new Set()).add(resource.kind));
    }
  }
  return kinds;
}

test("every kind is served, or known to be no resource", async () => {
  const served = await servedKinds();
  const problems: string[] = [];
  let count = 0;
  for (const { directory, group, version } of groupVersionSources) {
    if (directory === "meta/v1") continue;
    for (const [name, { kind = false }] of Object.entries(typeTables[directory]?.objects ?? {})) {
      if (!kind || name.endsWith("List")) continue;
      const isServed = served.get(`${group}/${version}`)?.has(name) ?? false;
      const type = `${directory} ${name}`;
      if (!isServed && !notResources.has(type) && !name.endsWith("Options")) problems.push(type);
      count += 1;
    }
  }
  assert.deepEqual(problems, []);
  assert.ok(count > 80, `${count} kinds`);
});

test("every field of every schema is explained", async () => {
  const { paths } = await api.json<{ paths: Record<string, { serverRelativeURL: string }> }>("GET", "/openapi/v3");
  const silent: string[] = [];
  let count = 0;
  for (const { serverRelativeURL } of Object.values(paths)) {
    const { components } = await api.json<OpenApiDocument>("GET", serverRelativeURL);
    for (const [schema, { properties = {} }] of Object.entries(components?.schemas ?? {})) {
      for (const [field, { description = "" }] of Object.entries(properties)) {
        count += 1;
        if (description.trim() === "") silent.push(`${schema}.${field}`);
      }
    }
  }
  assert.deepEqual(silent, []);
  assert.ok(count > 4_000, `${count} fields`);
});
