import { Signpost } from 'lucide-react';
import { useText } from './i18n/text.ts';
import { START_IDS } from './landing/testids.ts';
import { Link } from './navigation.tsx';
import { Message } from './ui/message.tsx';
import { useTitle } from './ui/use-title.ts';

/** For an address that leads nowhere. */
export function NothingHere() {
  const text = useText();
  useTitle(text('title.nothing'));
  return (
    <Message
      icon={<Signpost aria-hidden="true" />}
      testId={START_IDS.nothingHere}
      heading={text('nothing.heading')}
      hint={text('nothing.hint')}
    >
      <Link href="/" className="button button--primary">
        {text('problem.start')}
      </Link>
    </Message>
  );
}
