import { Logo } from './logo.tsx';
import './waiting.css';

/** For the moment until a screen is there. */
export function Waiting({ label }: { readonly label?: string }) {
  return (
    <div className="waiting" role="status">
      <span className="waiting__logo">
        <Logo />
      </span>
      {label !== undefined && <p>{label}</p>}
    </div>
  );
}
