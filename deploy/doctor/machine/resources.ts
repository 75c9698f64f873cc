import type { Check, Outcome } from "../check.ts";
import { fail, pass, skip, some, warn } from "../check.ts";
import type { ClockFacts, DiskFacts, MachineView } from "../machine-view.ts";

const gib = 2 ** 30;

/** Below the first it is as good as full; below the second the kubelet soon evicts. */
const freeBytes = { fail: 0.5 * gib, warn: 2 * gib } as const;
const freeInodesPart = { fail: 0.02, warn: 0.05 } as const;

function space({ path, freeBytes: free, sizeBytes }: DiskFacts): Outcome {
  const text = `${(free / gib).toFixed(1)} of ${(sizeBytes / gib).toFixed(1)} GiB free`;
  const advice = `free space on the file system of ${path}`;
  if (free < freeBytes.fail) return fail(text, advice);
  return free < freeBytes.warn || free < 0.1 * sizeBytes ? warn(text, advice) : pass(text);
}

function inodes({ path, freeInodes, inodes: all }: DiskFacts): Outcome {
  if (all === 0) return skip("this file system has no fixed number of them");
  const part = freeInodes / all;
  const text = `${Math.floor(part * 100)} % free`;
  const advice = `remove small files on the file system of ${path}`;
  if (part < freeInodesPart.fail) return fail(text, advice);
  return part < freeInodesPart.warn ? warn(text, advice) : pass(text);
}

const diskPurposes = ["etcd", "kubelet", "Docker"] as const;

const diskChecks = diskPurposes.flatMap((purpose): readonly Check<MachineView>[] => {
  const judge = (decide: (disk: DiskFacts) => Outcome) => (view: MachineView) => {
    const disk = view.disks.find((one) => one.purpose === purpose);
    return disk ? decide(disk) : skip("its directory is not known");
  };
  return [
    { id: `disk ${purpose}`, title: `there is space for ${purpose}`, decide: judge(space) },
    { id: `inodes ${purpose}`, title: `there are inodes for ${purpose}`, decide: judge(inodes) },
  ];
});

/** More than this, and certificates and leases are misjudged. */
const maxHardwareDifferenceMs = 60_000;
const maxStepMs = 500;
const plausibleFromMs = Date.UTC(2025, 0, 1);

function clock({ nowMs, stepMs, isSynchronized, aheadOfHardwareMs }: ClockFacts): Outcome {
  const advice = "run a time client: apt-get install systemd-timesyncd (or chrony)";
  if (nowMs < plausibleFromMs) return fail(`it says ${new Date(nowMs).toISOString()}`, advice);
  if (Math.abs(stepMs) > maxStepMs) return warn(`it was set by ${Math.round(stepMs)} ms while I looked`, advice);
  if (isSynchronized === true) return pass("it follows a time server");
  if (isSynchronized === false) return warn("it follows no time server", advice);
  if (aheadOfHardwareMs === undefined) return skip("nothing on this machine tells how right it is");
  const seconds = `${(aheadOfHardwareMs / 1000).toFixed(0)} s ahead of the hardware clock`;
  return Math.abs(aheadOfHardwareMs) > maxHardwareDifferenceMs ? warn(seconds, advice) : pass(seconds);
}

/** etcd and the API server keep a file open for each connection. */
const minOpenFiles = 8_192;

function openFiles({ daemons, advice }: MachineView): Outcome {
  const limits = [...daemons].flatMap(([name, { openFilesLimit }]) =>
    openFilesLimit === undefined ? [] : [{ name, openFilesLimit }],
  );
  if (limits.length === 0) return skip("no daemon runs");
  const low = limits.filter(({ openFilesLimit }) => openFilesLimit < minOpenFiles);
  if (low.length === 0) return pass();
  const text = some(low.map(({ name, openFilesLimit }) => `${name}: ${openFilesLimit}`));
  return warn(text, `raise it to ${minOpenFiles}: ${advice.raiseOpenFiles}`);
}

export const resourceChecks: readonly Check<MachineView>[] = [
  ...diskChecks,
  { id: "open files", title: `daemons may open ${minOpenFiles} files`, decide: openFiles },
  { id: "clock", title: "the clock is right", decide: (view) => clock(view.clock) },
];
