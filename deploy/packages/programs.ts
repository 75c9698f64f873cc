import type { DaemonName } from "../units/unit-files.ts";

/** What people and units start as `/usr/bin/<name>`. */
export type ProgramName = Exclude<DaemonName, "etcd"> | "kube-ts" | "kubectl";

export type PackageName = "kube-ts-runtime" | "kube-ts-etcd" | "kube-ts-control-plane" | "kube-ts-node";

/** A program, bundled to one file for the packages. */
export interface Program {
  readonly name: ProgramName;
  /** Its main module, from the repository's root. */
  readonly source: string;
  readonly package: PackageName;
  /** Flags of Node.js. */
  readonly nodeFlags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Whether its code is compiled when it is installed: starts need less time, and the process has that in memory, too. */
  readonly isCompiled: boolean;
  /** Arguments with which it loads its code, does nothing and succeeds. */
  readonly idle: string;
}

/**
 * Requests leave much short-lived memory. In small steps V8 would copy and keep more of it; larger ones than this save
 * nothing more, since what is copied are the requests under way, and would stay in the process when it is idle.
 */
const manyRequests = ["--min-semi-space-size=8", "--max-semi-space-size=8"];

/**
 * A rollout leaves so much short-lived memory that V8 would let its young generation grow to 55 MB, which holds nothing that
 * lives; and it would collect the old one, and the buffers that belong to it, only when that is three times what is used.
 */
const busyForAWhile = ["--max-semi-space-size=8"];

/** glibc would give every thread an arena of its own, and keep what the start has freed. */
const fewArenas = { MALLOC_ARENA_MAX: "2", MALLOC_TRIM_THRESHOLD_: "131072" };

/**
 * Small programs that are seldom busy: keeping their heaps small, with one helper thread, costs CPU that nobody notices.
 * The parser of HTTP answers is WebAssembly, which V8 would compile a second time, to save less than that costs.
 */
const small = {
  isCompiled: false,
  nodeFlags: [
    "--expose-gc",
    "--max-semi-space-size=1",
    "--optimize-for-size",
    "--heap-growing-percent=30",
    "--v8-pool-size=1",
    "--no-wasm-tier-up",
  ],
  environment: { ...fewArenas, MALLOC_ARENA_MAX: "1" },
};

/** Everything that is bundled; the flags and the environment are those of the checkout's `packages/<folder>/bin`. */
export const programs: readonly Program[] = [
  inFolder("kube-ts-control-plane", "apiserver", {
    name: "kube-apiserver",
    nodeFlags: manyRequests,
    environment: fewArenas,
  }),
  inFolder("kube-ts-control-plane", "controller-manager", {
    name: "kube-controller-manager",
    nodeFlags: busyForAWhile,
    environment: fewArenas,
  }),
  inFolder("kube-ts-control-plane", "scheduler", { name: "kube-scheduler", environment: fewArenas }),
  inFolder("kube-ts-control-plane", "cluster-autoscaler", { name: "cluster-autoscaler", ...small }),
  inFolder("kube-ts-node", "kubelet", { name: "kubelet", ...small }),
  inFolder("kube-ts-node", "kube-proxy", { name: "kube-proxy", ...small }),
  inFolder("kube-ts-node", "pod-network", { name: "pod-network-agent", ...small }),
  inFolder("kube-ts-node", "cluster-dns", { name: "cluster-dns", ...small }),
  inFolder("kube-ts-runtime", "kubectl", { name: "kubectl", idle: "version --client" }),
  {
    name: "kube-ts",
    source: "deploy/cli/main.ts",
    package: "kube-ts-runtime",
    nodeFlags: [],
    environment: {},
    isCompiled: true,
    idle: "--version",
  },
];

function inFolder(inPackage: PackageName, folder: string, program: Pick<Program, "name"> & Partial<Program>): Program {
  const source = `packages/${folder}/src/main.ts`;
  const usual = { nodeFlags: [], environment: {}, isCompiled: true, idle: "--version" };
  return { source, package: inPackage, ...usual, ...program };
}
