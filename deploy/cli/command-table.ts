import type { Command } from "./command.ts";

/** A command's place in `kube-ts`, and where its code is. */
export interface CommandEntry {
  /** The words that name it. */
  readonly path: string;
  readonly summary: string;
  load(): Promise<{ readonly command: Command }>;
}

/** All commands, in the order of `kube-ts --help`. */
export const commandTable: readonly CommandEntry[] = [
  {
    path: "install",
    summary: "set this machine up as its cluster's configuration says",
    load: () => import("./install-command.ts"),
  },
  {
    path: "join",
    summary: "make this machine part of a cluster",
    load: () => import("../join/join-command.ts"),
  },
  {
    path: "token create",
    summary: "create a token with which machines join",
    load: () => import("../join/token/create-command.ts"),
  },
  { path: "token list", summary: "list the tokens", load: () => import("../join/token/list-command.ts") },
  { path: "token delete", summary: "delete tokens", load: () => import("../join/token/delete-command.ts") },
  {
    path: "certificates check",
    summary: "say when this machine's certificates expire",
    load: () => import("../certificates/check-command.ts"),
  },
  {
    path: "certificates renew",
    summary: "renew this machine's certificates",
    load: () => import("../certificates/renew-command.ts"),
  },
  {
    path: "certificates upload",
    summary: "upload what control-plane machines share, encrypted",
    load: () => import("../certificates/upload-command.ts"),
  },
  {
    path: "backup",
    summary: "save etcd's data, the authorities and the keys to a file",
    load: () => import("../backup/backup-command.ts"),
  },
  {
    path: "restore",
    summary: "bring the cluster back to a backup",
    load: () => import("../backup/restore-command.ts"),
  },
  {
    path: "upgrade",
    summary: "change this machine to the version of its packages",
    load: () => import("../upgrade/upgrade-command.ts"),
  },
  {
    path: "doctor",
    summary: "check this machine and say what to do",
    load: () => import("../doctor/doctor-command.ts"),
  },
  { path: "reset", summary: "take this machine out of its cluster", load: () => import("./reset-command.ts") },
  {
    path: "node-group bare-metal",
    summary: "adds and removes machines that stand there, for the autoscaler",
    load: async () => ({ command: (await import("../node-groups/node-group-command.ts")).bareMetalCommand }),
  },
  {
    path: "node-group container-machines",
    summary: "adds and removes machines that are containers, for the autoscaler",
    load: async () => ({ command: (await import("../node-groups/node-group-command.ts")).containerMachinesCommand }),
  },
  {
    path: "wake-on-lan",
    summary: "wakes a machine by a magic packet",
    load: () => import("../node-groups/wake-on-lan-command.ts"),
  },
];
