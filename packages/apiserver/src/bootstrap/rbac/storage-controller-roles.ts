import type { PolicyRule } from "@kube-ts/api/rbac/v1";
import { eventsRule, read, rule } from "./policy-builder.ts";

/** The rules of the controllers of volumes, by controller. */
export const storageControllerRules: Readonly<Record<string, PolicyRule[]>> = {
  "attachdetach-controller": [
    rule("list watch", "core", "persistentvolumes persistentvolumeclaims"),
    rule(read, "core", "nodes"),
    rule("patch update", "core", "nodes/status"),
    rule("list watch", "core", "pods"),
    eventsRule(),
    rule(`${read} create delete`, "storage.k8s.io", "volumeattachments"),
    rule(read, "storage.k8s.io", "csidrivers"),
    rule(read, "storage.k8s.io", "csinodes"),
  ],
  "ephemeral-volume-controller": [
    rule(read, "core", "pods"),
    rule("update", "core", "pods/finalizers"),
    rule(`${read} create`, "core", "persistentvolumeclaims"),
    eventsRule(),
  ],
  "expand-controller": [
    rule(`${read} update patch`, "core", "persistentvolumes"),
    rule("update patch", "core", "persistentvolumeclaims/status"),
    rule(read, "core", "persistentvolumeclaims"),
    eventsRule(),
  ],
  "persistent-volume-binder": [
    rule(`${read} update create delete`, "core", "persistentvolumes"),
    rule("update", "core", "persistentvolumes/status"),
    rule(`${read} update`, "core", "persistentvolumeclaims"),
    rule("update", "core", "persistentvolumeclaims/status"),
    rule(`${read} create delete`, "core", "pods"),
    rule(read, "storage.k8s.io", "storageclasses"),
    rule("list watch", "core", "nodes"),
    eventsRule(),
    rule("watch", "core", "events"),
  ],
  "pv-protection-controller": [rule(`${read} update`, "core", "persistentvolumes"), eventsRule()],
  "pvc-protection-controller": [
    rule(`${read} update`, "core", "persistentvolumeclaims"),
    rule("update", "core", "persistentvolumeclaims/status"),
    rule(read, "core", "pods"),
    eventsRule(),
  ],
  "selinux-warning-controller": [
    eventsRule(),
    rule(read, "core", "persistentvolumes"),
    rule(read, "core", "persistentvolumeclaims"),
    rule(read, "core", "pods"),
    rule(read, "storage.k8s.io", "csidrivers"),
  ],
  "volumeattributesclass-protection-controller": [
    rule(read, "core", "persistentvolumeclaims"),
    rule(read, "core", "persistentvolumes"),
    rule(`${read} update`, "storage.k8s.io", "volumeattributesclasses"),
    eventsRule(),
  ],
};
