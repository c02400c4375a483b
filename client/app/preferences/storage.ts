/** Reads a value that this browser keeps; undefined when there is none, or when storage is forbidden. */
export function readStored(key: string): unknown {
  try {
    const text = localStorage.getItem(key);
    return text === null ? undefined : JSON.parse(text);
  } catch {
    // Private windows and strict settings refuse storage: nothing is remembered, all else works.
    return undefined;
  }
}

/** Keeps a value in this browser, if it lets us. */
export function store(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // As above: full or forbidden storage costs the memory only.
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
