import { maxNodeScore } from "../framework/plugin.ts";

/** Scales the scores so that the largest becomes the maximum; `reverse` turns the order around. In place. */
export function normalizeByLargest(scores: number[], reverse: boolean): void {
  const largest = scores.reduce((a, b) => Math.max(a, b), 0);
  for (const [index, score] of scores.entries()) {
    const scaled = largest === 0 ? 0 : Math.trunc((maxNodeScore * score) / largest);
    scores[index] = reverse ? maxNodeScore - scaled : scaled;
  }
}
