/**
 * Whether `left` is a later state of its resource type than `right`. Both must be decimal numbers, as Kubernetes
 * promises for its own resources; false when they cannot be compared.
 */
export function isNewerVersion(left: string | undefined, right: string | undefined): boolean {
  if (left === undefined || right === undefined || !isDecimal(left) || !isDecimal(right)) return false;
  return left.length === right.length ? left > right : left.length > right.length;
}

/** Whether `left` is an earlier state than `right`; false when they cannot be compared. */
export function isOlderVersion(left: string | undefined, right: string | undefined): boolean {
  return isNewerVersion(right, left);
}

function isDecimal(version: string): boolean {
  return /^(0|[1-9]\d*)$/.test(version);
}
