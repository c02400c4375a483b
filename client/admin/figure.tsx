import './figure.css';

interface FigureProps {
  readonly name: string;
  readonly children: string | number;
}

/** One figure with its name, in a `<dl className="figures">`. */
export function Figure({ name, children }: FigureProps) {
  return (
    <div className="figures__one">
      <dt className="figures__name">{name}</dt>
      <dd className="figures__value">{children}</dd>
    </div>
  );
}
