import { MAX_SAMPLES } from './history.ts';

/** The drawing's own units; the style sheet gives it its size. */
const WIDTH = 120;
const HEIGHT = 24;

interface GraphProps {
  /** Oldest first; null where nothing was known. */
  readonly values: readonly (number | null)[];
  /** The least that the whole height stands for, so that noise stays small. */
  readonly atLeast: number;
  readonly label: string;
}

/** A line of the last minute; the newest value is at the right edge. */
export function Graph({ values, atLeast, label }: GraphProps) {
  const line = pathOf(values, atLeast);
  return (
    <svg
      className="graph"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {line !== '' && (
        <>
          <path className="graph__area" d={`${line}V${HEIGHT}H${firstX(values)}Z`} />
          <path className="graph__line" d={line} />
        </>
      )}
    </svg>
  );
}

function xOf(index: number, count: number): number {
  return WIDTH - ((count - 1 - index) * WIDTH) / (MAX_SAMPLES - 1);
}

function firstX(values: readonly (number | null)[]): string {
  const first = values.findIndex((value) => value !== null);
  return xOf(first, values.length).toFixed(1);
}

/** Gaps are bridged: a figure that is missing once is no news. */
export function pathOf(values: readonly (number | null)[], atLeast: number): string {
  const top = values.reduce<number>((most, value) => Math.max(most, value ?? 0), atLeast);
  const points = values.flatMap((value, index) => {
    if (value === null) return [];
    const y = HEIGHT - 1 - (value / top) * (HEIGHT - 2);
    return [`${xOf(index, values.length).toFixed(1)} ${y.toFixed(1)}`];
  });
  return points.length < 2 ? '' : `M${points.join('L')}`;
}
