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
export function portNotInRange(range: string): AllocationError {
  return new AllocationError(
    "not-in-range",
    `provided port is not in the valid range. The range of valid ports is ${range}`,
  );
}

/** An address that its range has not for services: that of the network, or that of broadcasts. */
export function addressNotInRange(address: string, range: string): AllocationError {
  return new AllocationError(
    "not-in-range",
    `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${range}`,
  );
}

export function addressInNoRange(): AllocationError {
  return new AllocationError("not-in-range", "the provided network does not match the current range");
}
