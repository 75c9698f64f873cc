import type { PriorityLevelConfigurationSpec } from "@kube-ts/api/flowcontrol/v1";

/** How many seats a level has: by configuration, and the bounds between which lending and borrowing move it. */
export interface LevelLimits {
  readonly nominal: number;
  readonly min: number;
  readonly max: number;
  /** The most seats that one request is given. */
  readonly requestSeats: number;
}

/** The part of a level's seats that one request may take at most. */
const requestShare = 0.15;

export interface SharedSpec {
  readonly shares: number;
  readonly lendablePercent: number;
  /** Undefined for no limit. */
  readonly borrowingLimitPercent: number | undefined;
  readonly handSize: number | undefined;
}

export function sharedSpec({ limited, exempt }: PriorityLevelConfigurationSpec): SharedSpec {
  return {
    shares: (limited ?? exempt)?.nominalConcurrencyShares ?? 0,
    lendablePercent: (limited ?? exempt)?.lendablePercent ?? 0,
    borrowingLimitPercent: limited?.borrowingLimitPercent,
    handSize: limited?.limitResponse?.queuing?.handSize,
  };
}

/** Divides the server's seats among levels by their shares; rounding up, so that the sum may be a little higher. */
export function divideSeats(serverSeats: number, specs: readonly SharedSpec[]): LevelLimits[] {
  const total = specs.reduce((sum, { shares }) => sum + shares, 0);
  return specs.map(({ shares, lendablePercent, borrowingLimitPercent, handSize }) => {
    const nominal = total > 0 ? Math.ceil((serverSeats * shares) / total) : 0;
    const lendable = Math.round((nominal * lendablePercent) / 100);
    const borrowable =
      borrowingLimitPercent === undefined ? serverSeats : Math.round((nominal * borrowingLimitPercent) / 100);
    const wide = handSize === undefined ? Infinity : Math.floor(nominal / handSize);
    return {
      nominal,
      min: nominal - lendable,
      max: nominal + borrowable,
      requestSeats: handSize === undefined ? Infinity : Math.max(1, Math.min(Math.ceil(nominal * requestShare), wide)),
    };
  });
}
