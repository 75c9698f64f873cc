interface Frame {
  readonly isObject: boolean;
  readonly keys: string[];
  /** The key or index of the value being read. */
  key: string;
  index: number;
}

/** From how many keys on an object's keys are looked up in a set. */
const manyKeys = 16;

/**
 * The paths of fields that occur more than once in one object of a JSON text, at most `limit` of them.
 * The text must be valid JSON: `JSON.parse` keeps the last of several equal keys and does not tell.
 */
export function duplicateFields(text: string, limit = 100): string[] {
  const found = new Set<string>();
  const frames: Frame[] = [];
  const sets = new Map<Frame, Set<string>>();
  let expectKey = false;
  for (let at = 0; at < text.length && found.size < limit; at++) {
    const frame = frames[frames.length - 1];
    switch (text.charCodeAt(at)) {
      case 0x22: {
        const end = stringEnd(text, at);
        if (expectKey && frame) {
          const key = unquote(text, at, end);
          frame.key = key;
          if (isRepeated(frame, key, sets)) found.add(pathOf(frames));
          expectKey = false;
        }
        at = end;
        break;
      }
      case 0x7b:
        frames.push({ isObject: true, keys: [], key: "", index: 0 });
        expectKey = true;
        break;
      case 0x5b:
        frames.push({ isObject: false, keys: [], key: "", index: 0 });
        expectKey = false;
        break;
      case 0x7d:
      case 0x5d:
        if (frame) sets.delete(frame);
        frames.pop();
        expectKey = false;
        break;
      case 0x2c:
        if (frame) frame.index += 1;
        expectKey = frame?.isObject ?? false;
        break;
    }
  }
  return [...found];
}

function isRepeated(frame: Frame, key: string, sets: Map<Frame, Set<string>>): boolean {
  if (frame.keys.length < manyKeys) {
    if (frame.keys.includes(key)) return true;
    frame.keys.push(key);
    return false;
  }
  let set = sets.get(frame);
  if (!set) sets.set(frame, (set = new Set(frame.keys)));
  const repeated = set.has(key);
  set.add(key);
  return repeated;
}

/** The position of the closing quote of the string that opens at `start`. */
function stringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes += 1;
  return backslashes % 2 === 1;
}

function unquote(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end);
  return raw.includes("\\") ? String(JSON.parse(text.slice(start, end + 1))) : raw;
}

function pathOf(frames: readonly Frame[]): string {
  let path = "";
  for (const frame of frames) {
    if (!frame.isObject) path += `[${frame.index}]`;
    else path += path === "" ? frame.key : `.${frame.key}`;
  }
  return path;
}
