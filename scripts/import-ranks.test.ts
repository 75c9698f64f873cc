import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import { root } from "./run-program.ts";

/** Where a package stands: it may import packages of lower ranks, and those of its own list. */
const ranks: Readonly<Record<string, { readonly rank: number; readonly also?: readonly string[] }>> = {
  std: { rank: 0 },
  api: { rank: 1 },
  iptables: { rank: 1 },
  client: { rank: 2 },
  apiserver: { rank: 3 },
  scheduler: { rank: 3 },
  "controller-manager": { rank: 3 },
  kubelet: { rank: 3 },
  "kube-proxy": { rank: 3 },
  kubectl: { rank: 3 },
  "cluster-dns": { rank: 3 },
  "pod-network": { rank: 3 },
  "cluster-autoscaler": { rank: 3 },
};

interface Restriction {
  readonly module: RegExp;
  readonly allowed: readonly string[];
  /** Whether `import type` is free. */
  readonly typesAnywhere?: boolean;
  readonly why: string;
}

/** Modules that only some places may import, and why. */
const restricted: readonly Restriction[] = [
  {
    module: /^etcd3($|\/)/,
    allowed: ["packages/apiserver/src/storage/"],
    why: "only the API server's storage talks to etcd",
  },
  {
    module: /^dockerode($|\/)/,
    allowed: ["packages/kubelet/src/runtime/docker/"],
    why: "only the runtime adapter talks to Docker",
  },
  {
    module: /^(node:)?child_process$/,
    allowed: [
      "packages/iptables/src/",
      "packages/kubelet/src/cni/",
      "packages/kubelet/src/volumes/",
      "packages/kubelet/src/cgroups/systemd-slices.ts",
      "packages/kubelet/src/runtime/docker/netns-dialer.ts",
      "packages/kube-proxy/src/",
      "packages/kubectl/src/",
      "packages/client/src/exec-credential.ts",
      "packages/std/src/sd-notify.ts",
      "packages/std/src/run-program.ts",
      "deploy/",
      "scripts/",
      "bench/",
      "e2e/",
    ],
    why: "programs are started by adapters only, so that everything else can be simulated",
  },
  {
    module: /^node:ffi$/,
    allowed: [
      "packages/std/src/notify-socket.ts",
      "packages/std/src/file-lock.ts",
      "packages/std/src/memory-release.ts",
      "packages/std/src/memory-single-pages.ts",
      "packages/std/src/testing/",
      "packages/apiserver/src/server/memory-trim.ts",
    ],
    why: "a wrong signature of a native function corrupts memory",
  },
  {
    module: /^(node:)?http$/,
    typesAnywhere: true,
    allowed: ["packages/std/src/node-http.ts", "deploy/", "scripts/", "bench/", "e2e/"],
    why: "it loads the built-in fetch, 14 MB in every process: use @kube-ts/std/node-http",
  },
];

/** Pure code: what it decides depends on its arguments alone. */
const pureFolders = /\/(plan|rules|model)\//;

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s(type\s)?[^;]*?from\s+"([^"]+)"|import\(\s*"([^"]+)"\s*\)|(?:^|\n)import\s+"([^"]+)"/g;

interface Import {
  readonly file: string;
  readonly module: string;
  readonly typeOnly: boolean;
}

function allImports(): Import[] {
  const files = globSync("{packages,deploy,e2e,bench,scripts}/**/*.ts", {
    cwd: root,
    exclude: (path) => path.includes("node_modules") || path.includes("/gen/"),
  });
  return files.flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(importPattern)].map((match) => ({
      file,
      module: match[2] ?? match[3] ?? match[4] ?? "",
      typeOnly: match[1] !== undefined,
    })),
  );
}

const packageOf = (file: string): string | undefined => /^packages\/([^/]+)\//.exec(file)?.[1];
const isTest = (file: string) => file.endsWith(".test.ts") || file.includes("/testing/");

test("imports point down the ranks", () => {
  const problems: string[] = [];
  for (const { file, module } of allImports()) {
    const from = packageOf(file);
    if (from === undefined) continue;
    const to = /^@kube-ts\/([^/]+)/.exec(module)?.[1] ?? packageOf(relativeTarget(file, module));
    if (to === undefined || to === from) continue;
    const [source, target] = [ranks[from], ranks[to]];
    if (!source || !target) problems.push(`${file}: package ${source ? to : from} has no rank`);
    else if (target.rank >= source.rank && !source.also?.includes(to)) {
      problems.push(
        `${file} imports ${module}: ${from} (rank ${source.rank}) may not know ${to} (rank ${target.rank})`,
      );
    }
    if (module.startsWith(".")) problems.push(`${file} imports ${module}: other packages are imported by their name`);
  }
  assert.deepEqual(problems, []);
});

test("restricted modules are imported only where they belong", () => {
  const problems: string[] = [];
  for (const { file, module, typeOnly } of allImports()) {
    if (isTest(file)) continue;
    for (const rule of restricted) {
      if (typeOnly && rule.typesAnywhere) continue;
      if (rule.module.test(module) && !rule.allowed.some((place) => file.startsWith(place))) {
        problems.push(`${file} imports ${module}: ${rule.why}`);
      }
    }
  }
  assert.deepEqual(problems, []);
});

test("pure folders import nothing of Node.js", () => {
  const problems = allImports()
    .filter(({ file, module }) => pureFolders.test(file) && !isTest(file) && module.startsWith("node:"))
    .filter(({ module }) => module !== "node:crypto" && module !== "node:net")
    .map(({ file, module }) => `${file} imports ${module}: decisions are made without the outside world`);
  assert.deepEqual(problems, []);
});

test("no file is longer than 600 lines", () => {
  const files = globSync("{packages,deploy,e2e,bench,scripts}/**/*.ts", {
    cwd: root,
    exclude: (path) => path.includes("node_modules") || path.includes("/gen/"),
  });
  const long = files
    .map((file) => ({ file, lines: readFileSync(join(root, file), "utf8").split("\n").length - 1 }))
    .filter(({ lines }) => lines > 600)
    .map(({ file, lines }) => `${file} has ${lines} lines`);
  assert.deepEqual(long, []);
});

function relativeTarget(file: string, module: string): string {
  return module.startsWith(".") ? relative(root, resolve(root, dirname(file), module)) : "";
}
