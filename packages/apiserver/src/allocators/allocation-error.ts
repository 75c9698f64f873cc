export type AllocationErrorCode = "full" | "allocated" | "not-in-range";

/** Why an address or port cannot be had; the texts are upstream's. */
export class AllocationError extends Error {
  readonly code: AllocationErrorCode;

  constructor(code: AllocationErrorCode, message: string) {
    super(message);
    this.name = "AllocationError";
    this.code = code;
  }
}

export function rangeIsFull(): AllocationError {
  return new AllocationError("full", "range is full");
}

export function alreadyAllocated(what: "IP" | "port"): AllocationError {
  return new AllocationError("allocated", `provided ${what} is already allocated`);
}

/** `range` as it is to be shown. */
export function notInRange(what: "IP" | "port", range: string): AllocationError {
  return new AllocationError(
    "not-in-range",
    `provided ${what} is not in the valid range. The range of valid ${what}s is ${range}`,
  );
}
