import { useEffect, useState } from 'react';
import { useText } from '../app/i18n/text.ts';
import { getSettings } from './api.ts';
import type { Setting } from './api.ts';
import { inSpanish, type SettingWords } from './settings-texts.ts';
import { useAdminText, type AdminText } from './texts.ts';

/** How the server is set. */
export function SettingsPage() {
  const [settings, setSettings] = useState<readonly Setting[]>([]);
  useEffect(() => {
    // The overview, which goes on beside it, tells when the server cannot be reached.
    getSettings().then(setSettings, () => undefined);
  }, []);

  return Object.entries(Object.groupBy(settings, ({ group }) => group)).map(([group, members = []]) => (
    <section key={group} className="settings-group" aria-labelledby={`group-${group}`}>
      <h2 id={`group-${group}`} className="admin__heading">
        <Told kind="groups" name={group} english={group} />
      </h2>
      <dl className="settings-group__list">
        {members.map((setting) => (
          <SettingRow key={setting.key} setting={setting} />
        ))}
      </dl>
    </section>
  ));
}

function SettingRow({ setting }: { readonly setting: Setting }) {
  const text = useAdminText();
  const { key, env, meaning, byDefault } = setting;
  const value = valueOf(setting, text);
  const isDefaultClear = value === byDefault || (!setting.isSet && byDefault === 'none');
  return (
    <div className="setting-row">
      <dt>
        <code className="setting-row__name">{env}</code>
        <span className="setting-row__meaning">
          <Told kind="meanings" name={key} english={meaning} />
        </span>
      </dt>
      <dd>
        <span className="setting-row__value" data-is-set={setting.isSet}>
          {value}
        </span>
        {!isDefaultClear && (
          <span className="setting-row__default">
            {text('byDefault')} <Told kind="defaults" name={byDefault} english={byDefault} />
          </span>
        )}
      </dd>
    </div>
  );
}

interface ToldProps {
  readonly kind: SettingWords;
  /** What it is known by, of its kind. */
  readonly name: string;
  /** As the server tells it. */
  readonly english: string;
}

/** What the server tells of its settings, in the language of the page where that has words for it. */
function Told({ kind, name, english }: ToldProps) {
  const { language } = useText();
  const told = language === 'es' ? inSpanish(kind, name) : null;
  return <span lang={told === null ? 'en' : language}>{told ?? english}</span>;
}

function valueOf({ secret, isSet, value }: Setting, text: AdminText): string {
  if (!isSet) return text('notSet');
  return secret || value === null ? text('secret') : value.replace(/^"(.*)"$/, '$1');
}
