import type { DaemonName } from "../units/unit-files.ts";
import type { Places } from "./cluster-view.ts";

/** A machine and its part of a cluster: where the doctor has to look, and what it may advise. */
export interface Subject {
  /** Whether the machine belongs to a cluster. */
  readonly hasCluster: boolean;
  readonly nodeName: string;
  /** By which the API server is asked, once it exists. */
  readonly kubeconfig: string;
  /** The daemons that the machine is to run, in the order in which they start. */
  readonly daemons: ReadonlyMap<DaemonName, SubjectDaemon>;
  /** Programs that the daemons run. */
  readonly programs: readonly string[];
  readonly places: Places;
  /** Certificates that there ought to be or that there are. */
  readonly certificates: readonly SubjectCertificate[];
  /** Paths of those files that name several authorities where one is meant, while one takes over from another. */
  readonly bundles: readonly string[];
  readonly etcd: SubjectEtcd;
  readonly dockerSocket: string;
  /** Directories that need room. */
  readonly stores: readonly { readonly purpose: string; readonly path: string }[];
  readonly advice: Advice;
}

export interface SubjectDaemon {
  /** TCP. */
  readonly ports: readonly number[];
  /** Its main process; undefined when it does not run. */
  pid(): Promise<number | undefined>;
}

export interface SubjectCertificate {
  readonly path: string;
  /** Path of the certificate of the authority that signed it. */
  readonly authority: string;
  /** Names and addresses by which it has to be known. */
  readonly hosts: readonly string[];
}

/** What daemons of nodes run. */
export const nodePrograms: readonly string[] = ["dockerd", "iptables-restore", "ip", "conntrack"];

/** How the machine's etcd is asked; paths of PEM files. */
export interface SubjectEtcd {
  readonly port: number;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** What somebody can do about what is wrong, in one line each. */
export interface Advice {
  readonly makeCluster: string;
  readonly startEngine: string;
  readonly installPrograms: string;
  readonly raiseOpenFiles: string;
  readonly renewCertificates: string;
  start(daemon: DaemonName): string;
  /** Where to read why. */
  logs(daemon: DaemonName): string;
}
