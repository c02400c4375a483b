/** A picture of the idea: faces around a table, one of them speaking. */
export function Gathering({ label }: { readonly label: string }) {
  return (
    <svg className="gathering" viewBox="0 0 480 440" role="img" aria-label={label}>
      <ellipse className="gathering__floor" cx="240" cy="232" rx="216" ry="188" />
      <ellipse className="gathering__table-edge" cx="240" cy="250" rx="112" ry="78" />
      <ellipse className="gathering__table" cx="240" cy="240" rx="112" ry="78" />
      <g className="gathering__cups">
        <ellipse cx="202" cy="222" rx="15" ry="10" />
        <ellipse cx="276" cy="218" rx="15" ry="10" />
        <ellipse cx="240" cy="272" rx="15" ry="10" />
      </g>
      <Person x={240} y={88} tint="a" />
      <Person x={84} y={176} tint="b" speaking />
      <Person x={396} y={176} tint="c" />
      <Person x={126} y={346} tint="d" />
      <Person x={354} y={346} tint="e" />
      <g className="gathering__words" transform="translate(-44 -10)">
        <path d="M128 52h76a20 20 0 0 1 20 20v16a20 20 0 0 1-20 20h-48l-22 18 3-18h-9a20 20 0 0 1-20-20V72a20 20 0 0 1 20-20Z" />
        <circle cx="140" cy="80" r="6" />
        <circle cx="165" cy="80" r="6" />
        <circle cx="190" cy="80" r="6" />
      </g>
    </svg>
  );
}

interface PersonProps {
  readonly x: number;
  readonly y: number;
  readonly tint: 'a' | 'b' | 'c' | 'd' | 'e';
  readonly speaking?: boolean;
}

function Person({ x, y, tint, speaking = false }: PersonProps) {
  return (
    <g transform={`translate(${x} ${y})`} className={`gathering__person gathering__person--${tint}`}>
      {speaking && <circle className="gathering__glow" r="62" />}
      <circle className="gathering__seat" r="52" />
      <circle className="gathering__head" cy="-12" r="19" />
      <path className="gathering__head" d="M-34 36c2-24 16-36 34-36s32 12 34 36a52 52 0 0 1-68 0Z" />
    </g>
  );
}
