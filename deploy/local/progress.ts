const started = performance.now();

/** Prints a step and how long it took; answers what the step answers. */
export async function step<T>(title: string, work: () => Promise<T> | T): Promise<T> {
  const begin = performance.now();
  const ticker = process.stdout.isTTY ? undefined : setInterval(() => note(`${title} …`), 15_000);
  if (process.stdout.isTTY) process.stdout.write(`  ${title} …`);
  try {
    const result = await work();
    finish("✓", title, performance.now() - begin);
    return result;
  } catch (error) {
    finish("✗", title, performance.now() - begin);
    throw error;
  } finally {
    clearInterval(ticker);
  }
}

/** Prints a line below the current step. */
export function note(text: string): void {
  process.stdout.write(`    ${text}\n`);
}

/** Seconds since the program started, for the closing line. */
export function elapsedSeconds(): number {
  return Math.round((performance.now() - started) / 1000);
}

function finish(mark: string, title: string, ms: number): void {
  const clear = process.stdout.isTTY ? "\r\u001b[K" : "";
  process.stdout.write(`${clear}${mark} ${title} (${(ms / 1000).toFixed(1)} s)\n`);
}
