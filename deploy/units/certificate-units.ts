import { sealed } from "./hardening.ts";
import type { UnitSections } from "./unit-text.ts";

/** Held by the one `kube-ts` command that is at work on the machine. */
export const commandLock = "/run/kube-ts.lock";

/** Renews the machine's certificates that expire soon, and restarts what uses them. */
export const certificatesServiceUnit: UnitSections = {
  Unit: {
    Description: "Renewal of this machine's Kubernetes certificates",
    ConditionPathExists: "/etc/kubernetes/cluster.yaml",
    After: "network-online.target",
    Wants: "network-online.target",
  },
  Service: {
    Type: "oneshot",
    ExecStart: "/usr/bin/kube-ts certificates renew",
    // Daemons that are restarted one after another may take their time to drain.
    TimeoutStartSec: 1800,
    ...sealed,
    CapabilityBoundingSet: "CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER",
    // The new files are made root's.
    SystemCallFilter: ["@system-service", "~@privileged @resources", "@chown"],
    ReadWritePaths: ["/etc/kubernetes", "-/var/lib/kubelet", "-/var/lib/kube-proxy", `-${commandLock}`],
    // Which units exist and how they are, systemd tells by its processes, too.
    ProtectProc: "default",
    ProcSubset: "all",
  },
};

export const certificatesTimerUnit: UnitSections = {
  Unit: { Description: "Daily look at this machine's Kubernetes certificates" },
  Timer: {
    OnCalendar: "daily",
    // The machines of a cluster do not restart the same daemon at the same time, and keep their distance.
    RandomizedDelaySec: "12h",
    FixedRandomDelay: true,
    AccuracySec: "1min",
    Persistent: true,
  },
  Install: { WantedBy: "timers.target" },
};
