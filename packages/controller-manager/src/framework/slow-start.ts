/**
 * Runs `count` calls in batches of 1, 2, 4, …; when a batch has a failure, what was not started is left out. So a
 * quota or a broken template costs one failed request, not hundreds. Answers how many succeeded and the first error.
 */
export async function slowStart(
  count: number,
  call: () => Promise<void>,
): Promise<{ readonly succeeded: number; readonly error: unknown }> {
  let succeeded = 0;
  for (let size = Math.min(count, 1); size > 0; size = Math.min(size * 2, count - succeeded)) {
    const outcomes = await Promise.allSettled(Array.from({ length: size }, call));
    succeeded += outcomes.filter(({ status }) => status === "fulfilled").length;
    const failure = outcomes.find((outcome) => outcome.status === "rejected");
    if (failure) return { succeeded, error: failure.reason as unknown };
  }
  return { succeeded, error: undefined };
}
