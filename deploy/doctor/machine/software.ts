import type { Check, Outcome } from "../check.ts";
import { fail, pass, skip, some, warn } from "../check.ts";
import type { EngineFacts, MachineView } from "../machine-view.ts";

const noEngine = "no Docker Engine answers";

function engineCheck(
  id: string,
  title: string,
  decide: (engine: EngineFacts, view: MachineView) => Outcome,
): Check<MachineView> {
  return { id, title, decide: (view) => (view.engine ? decide(view.engine, view) : skip(noEngine)) };
}

/** What the bridge network of the kubelet runs. */
const wantedPlugins = ["bridge", "host-local", "loopback", "portmap", "bandwidth", "firewall"];
const oldestEngine = 20;

export const softwareChecks: readonly Check<MachineView>[] = [
  {
    id: "rights",
    title: "the doctor sees everything",
    decide: ({ isRoot }) => (isRoot ? pass() : warn("it does not run as root", "run it as root")),
  },
  {
    id: "programs",
    title: "programs that the daemons run are installed",
    decide: ({ programs, advice }) => {
      const missing = [...programs].flatMap(([name, isThere]) => (isThere ? [] : [name]));
      return missing.length === 0 ? pass() : fail(`missing: ${some(missing)}`, advice.installPrograms);
    },
  },
  {
    id: "iptables",
    title: "packet filter rules can be written",
    decide: ({ iptables }) => {
      if (iptables === undefined) return fail("iptables does not start", "apt-get install iptables; run as root");
      const backend = /\((.+)\)/.exec(iptables)?.[1] ?? "legacy";
      return pass(`${/v[\d.]+/.exec(iptables)?.[0] ?? ""} ${backend}`.trim());
    },
  },
  {
    id: "CNI plugins",
    title: "pods can get a network",
    decide: ({ cniPlugins }) => {
      const missing = wantedPlugins.filter((name) => !cniPlugins.includes(name));
      const advice = "apt-get install containernetworking-plugins";
      return missing.length === 0 ? pass() : fail(`missing: ${some(missing)}`, advice);
    },
  },
  {
    id: "Docker",
    title: "a Docker Engine answers",
    decide: ({ engine, hasCluster, advice }) => {
      if (engine) return pass(engine.version);
      return hasCluster ? fail("none does", advice.startEngine) : skip(`none does: ${advice.startEngine}`);
    },
  },
  engineCheck("Docker version", `the engine is ${oldestEngine}.10 or newer`, ({ version }) =>
    Number(version.split(".")[0]) >= oldestEngine ? pass(version) : warn(version, "upgrade the Docker Engine"),
  ),
  engineCheck("Docker storage", "the engine layers images in the kernel", ({ storageDriver }) =>
    ["overlay2", "overlayfs", "btrfs", "zfs"].includes(storageDriver)
      ? pass(storageDriver)
      : warn(`${storageDriver}, which is slow`, 'set "storage-driver": "overlay2" in daemon.json'),
  ),
  engineCheck("Docker cgroups", "engine and kubelet set up control groups alike", (engine, view) => {
    const { cgroupDriver } = engine;
    const kubelet = view.kubeletCgroupDriver ?? cgroupDriver;
    const advice = "make cgroupDriver of the kubelet that of the engine";
    return kubelet === cgroupDriver
      ? pass(cgroupDriver)
      : fail(`${cgroupDriver}, but the kubelet's is ${kubelet}`, advice);
  }),
  engineCheck("Docker seccomp", "the engine confines calls of containers", ({ securityOptions }) =>
    securityOptions.some((option) => option.includes("name=seccomp"))
      ? pass()
      : warn("it does not", "use an engine and a kernel with seccomp"),
  ),
];
