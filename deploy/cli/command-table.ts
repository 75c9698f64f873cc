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
    path: "token create",
    summary: "creates a token with which machines join",
    load: () => import("../join/token/create-command.ts"),
  },
  { path: "token list", summary: "lists the tokens", load: () => import("../join/token/list-command.ts") },
  { path: "token delete", summary: "deletes tokens", load: () => import("../join/token/delete-command.ts") },
  {
    path: "backup",
    summary: "saves etcd's data, the authorities and the keys to a file",
    load: () => import("../backup/backup-command.ts"),
  },
  {
    path: "restore",
    summary: "brings the cluster back to a backup",
    load: () => import("../backup/restore-command.ts"),
  },
];
