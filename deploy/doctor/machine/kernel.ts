import type { Check, Outcome } from "../check.ts";
import { fail, pass, skip, some, warn } from "../check.ts";
import type { KernelFacts, MachineView } from "../machine-view.ts";

const check = (id: string, title: string, decide: (kernel: KernelFacts, view: MachineView) => Outcome) =>
  ({ id, title, decide: (view: MachineView) => decide(view.kernel, view) }) satisfies Check<MachineView>;

/** The oldest kernel that Debian and Docker still care for. */
const oldestKernel = [4, 19] as const;

function isOld(release: string): boolean {
  const [major = 0, minor = 0] = release.split(/[.-]/).map(Number);
  return major < oldestKernel[0] || (major === oldestKernel[0] && minor < oldestKernel[1]);
}

const missingFrom = (there: readonly string[], wanted: readonly string[]) =>
  wanted.filter((name) => !there.includes(name));

/** A sysctl that must be at least so high for a full node; the kernel's default is too low on many machines. */
function atLeast(id: string, name: string, least: number, why: string): Check<MachineView> {
  return check(id, `${why} (${name})`, ({ sysctls }) => {
    const value = sysctls.get(name);
    if (value === undefined) return skip("this kernel does not have it");
    return Number(value) >= least
      ? pass(value)
      : warn(`${value}, less than ${least}`, `sysctl -w ${name}=${least}, and put it into /etc/sysctl.d`);
  });
}

/** Pods that reach a service of their own node go over the bridge: only then do they meet the service's rules. */
function bridgeFilter({ modules, sysctls }: KernelFacts): Outcome {
  const value = sysctls.get("net.bridge.bridge-nf-call-iptables");
  if (value === "1") return pass();
  if (value === undefined && !modules.includes("br_netfilter")) {
    return warn("br_netfilter is not loaded", "modprobe br_netfilter, and put it into /etc/modules-load.d");
  }
  return fail("bridge-nf-call-iptables is 0", "sysctl -w net.bridge.bridge-nf-call-iptables=1");
}

export const kernelChecks: readonly Check<MachineView>[] = [
  check("kernel", "the kernel is not too old", ({ release }) =>
    isOld(release) ? fail(release, `upgrade to ${oldestKernel.join(".")} or newer`) : pass(release),
  ),
  check("namespaces", "the kernel has the namespaces that containers need", ({ namespaces }) => {
    const missing = missingFrom(namespaces, ["cgroup", "ipc", "mnt", "net", "pid", "uts"]);
    return missing.length === 0 ? pass() : fail(`missing: ${some(missing)}`, "boot a kernel with CONFIG_NAMESPACES");
  }),
  check("cgroups", "control groups can limit pods", ({ cgroupVersion, cgroupControllers }) => {
    if (cgroupVersion === undefined) return fail("there are none", "mount /sys/fs/cgroup");
    const missing = missingFrom(cgroupControllers, ["cpu", "cpuset", "memory", "pids"]);
    const advice = "enable the controllers on the kernel's command line";
    return missing.length === 0 ? pass(`version ${cgroupVersion}`) : fail(`missing: ${some(missing)}`, advice);
  }),
  check("overlay", "images can be layered", ({ filesystems }) =>
    filesystems.includes("overlay") ? pass() : fail("overlayfs is missing", "modprobe overlay"),
  ),
  check("conntrack", "connections are tracked", ({ modules, sysctls }) =>
    modules.includes("nf_conntrack") || sysctls.has("net.netfilter.nf_conntrack_max")
      ? pass()
      : fail("nf_conntrack is missing", "modprobe nf_conntrack"),
  ),
  check("conntrack table", "there is room for more connections", ({ sysctls, conntrackEntries }) => {
    const most = Number(sysctls.get("net.netfilter.nf_conntrack_max") ?? 0);
    if (most === 0 || conntrackEntries === undefined) return skip("the table cannot be seen");
    const used = `${conntrackEntries} of ${most}`;
    return conntrackEntries < 0.8 * most ? pass(used) : warn(used, "raise net.netfilter.nf_conntrack_max");
  }),
  check("ip forwarding", "packets of pods are forwarded", ({ sysctls }, { hasCluster }) => {
    if (sysctls.get("net.ipv4.ip_forward") === "1") return pass();
    if (!hasCluster) return skip("it is turned on when the first pod gets its network");
    return fail("net.ipv4.ip_forward is 0", "sysctl -w net.ipv4.ip_forward=1");
  }),
  check("bridge filter", "packets between pods meet the services' rules", (kernel) => bridgeFilter(kernel)),
  atLeast("inotify instances", "fs.inotify.max_user_instances", 128, "enough programs can follow files"),
  atLeast("inotify watches", "fs.inotify.max_user_watches", 8_192, "enough files can be followed"),
  atLeast("memory maps", "vm.max_map_count", 65_530, "databases can map their files"),
  atLeast("process ids", "kernel.pid_max", 32_768, "there are enough process ids"),
  check("swap", "memory limits mean memory", ({ hasSwap }) =>
    hasSwap ? warn("swap is on: it counts against no limit", "swapoff -a, unless you want it") : pass(),
  ),
];
