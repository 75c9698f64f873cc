/**
 * Deals a hand of different queues, numbered from 0, all of them decided by the hash: two flows share some of their
 * queues now and then, but hardly ever all.
 */
export function dealHand(hash: bigint, queues: number, handSize: number): number[] {
  const hand: number[] = [];
  let rest = hash;
  for (let dealt = 0; dealt < handSize; dealt += 1) {
    const left = BigInt(queues - dealt);
    hand.push(nthLeft(Number(rest % left), hand));
    rest /= left;
  }
  return hand;
}

/** The number of the card that is the nth of those not dealt yet. */
function nthLeft(nth: number, dealt: readonly number[]): number {
  let card = nth;
  for (const taken of dealt.toSorted((a, b) => a - b)) {
    if (card < taken) break;
    card += 1;
  }
  return card;
}
