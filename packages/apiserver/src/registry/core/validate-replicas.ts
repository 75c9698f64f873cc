import { type FieldError, invalidField } from "@kube-ts/api/field-error";
import { fieldPath } from "@kube-ts/api/field-path";
import { checkNonNegative } from "../meta/validate-fields.ts";

const statusPath = fieldPath("status");
const tooManyText = "cannot be greater than status.replicas";

interface ReplicaCounts {
  replicas?: number;
  fullyLabeledReplicas?: number;
  updatedReplicas?: number;
  currentReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  unavailableReplicas?: number;
  terminatingReplicas?: number;
  observedGeneration?: number;
  collisionCount?: number;
}

/** The counters that a controller reports: none negative, and no part larger than the whole. */
export function checkReplicaCounts(
  status: ReplicaCounts,
  parts: readonly (keyof ReplicaCounts)[],
  readyName: "readyReplicas" | "status.readyReplicas",
  errors: FieldError[],
): void {
  for (const [field, value] of Object.entries(status)) {
    if (typeof value === "number") checkNonNegative(value, statusPath.child(field), errors);
  }
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0 } = status;
  for (const field of parts) {
    const value = status[field] ?? 0;
    if (value > replicas) errors.push(invalidField(statusPath.child(field), value, tooManyText));
  }
  if (availableReplicas > readyReplicas) {
    const text = `cannot be greater than ${readyName}`;
    errors.push(invalidField(statusPath.child("availableReplicas"), availableReplicas, text));
  }
}

/** A counter of hash collisions only grows. */
export function checkCollisionCount(count: number | undefined, old: number | undefined, errors: FieldError[]): void {
  if (old !== undefined && (count === undefined || count < old)) {
    errors.push(invalidField(statusPath.child("collisionCount"), count ?? 0, "cannot be decremented"));
  }
}
