import { existsSync } from "node:fs";
import { hostname } from "node:os";
import type { ClusterConfig, Machine } from "../cluster/cluster-config.ts";
import type { DaemonPlan, EtcdStart } from "../cluster/daemon-flags.ts";
import { trustedFile } from "../pki/certificate-files.ts";
import { dnsPort, encryptionFile, machineFiles, pkiDirectory } from "./places.ts";

/** Servers of the machine's own resolver that pods and the DNS server can ask, too. */
const resolvedConf = "/run/systemd/resolve/resolv.conf";

/** What the flags and files of this machine's daemons follow from. */
export function machinePlan(config: ClusterConfig, machine: Machine, etcd: EtcdStart): DaemonPlan {
  const resolvConf = existsSync(resolvedConf) ? resolvedConf : "/etc/resolv.conf";
  return {
    config,
    machine,
    files: machineFiles({
      machine,
      resolvConf,
      controlPlane: config.controlPlane.mode,
      isEncrypting: existsSync(encryptionFile),
      trusted: {
        ca: trustedFile(pkiDirectory, "ca"),
        "etcd/ca": trustedFile(pkiDirectory, "etcd/ca"),
        "front-proxy-ca": trustedFile(pkiDirectory, "front-proxy-ca"),
      },
    }),
    hostName: hostname().trim().toLowerCase(),
    etcd,
    etcdIsLocal: false,
    dns: { port: dnsPort, registers: true },
  };
}
