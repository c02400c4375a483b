/** Which media ports a server takes beside another one that still has its own. */

export interface PortRange {
  first: number;
  count: number;
}

/**
 * The ports from the base on; where those are the other's, the ones after them. So two servers take turns between
 * the same two ranges, one take-over after the other.
 * @param base 0 for any that are free
 * @param other null when there is none, or when it has any that were free
 */
export function mediaPortsBeside(base: number, count: number, other: PortRange | null): PortRange | null {
  if (base === 0) return null;
  const overlaps = other !== null && base < other.first + other.count && other.first < base + count;
  return { first: overlaps ? other.first + other.count : base, count };
}
