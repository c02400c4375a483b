import { Link } from '../navigation.tsx';
import { LanguageSelect, ThemeSelect } from './look.tsx';
import { Logo } from './logo.tsx';
import './page-header.css';

/** The head of the screens outside a room. */
export function PageHeader() {
  return (
    <header className="page-header">
      <Link href="/" className="page-header__brand">
        <Logo />
        <span>Tertulia</span>
      </Link>
      <div className="page-header__look">
        <LanguageSelect />
        <ThemeSelect />
      </div>
    </header>
  );
}
