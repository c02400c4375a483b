import { useEffect, useState } from 'react';
import { getSettings } from './api.ts';
import type { Setting } from './api.ts';
import { useAdminText, type AdminText } from './texts.ts';

/** How the server is set. What it is set by is told in English, as in `npm start -- --help`. */
export function SettingsPage() {
  const [settings, setSettings] = useState<readonly Setting[]>([]);
  useEffect(() => {
    // The overview, which goes on beside it, tells when the server cannot be reached.
    getSettings().then(setSettings, () => undefined);
  }, []);

  return Object.entries(Object.groupBy(settings, ({ group }) => group)).map(([group, members = []]) => (
    <section key={group} className="settings-group" aria-labelledby={`group-${group}`}>
      <h2 id={`group-${group}`} className="admin__heading" lang="en">
        {group}
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
  const { env, meaning, byDefault } = setting;
  const value = valueOf(setting, text);
  const isDefaultClear = value === byDefault || (!setting.isSet && byDefault === 'none');
  return (
    <div className="setting-row">
      <dt>
        <code className="setting-row__name">{env}</code>
        <span className="setting-row__meaning" lang="en">
          {meaning}
        </span>
      </dt>
      <dd>
        <span className="setting-row__value" data-is-set={setting.isSet}>
          {value}
        </span>
        {!isDefaultClear && (
          <span className="setting-row__default">
            {text('byDefault')} <span lang="en">{byDefault}</span>
          </span>
        )}
      </dd>
    </div>
  );
}

function valueOf({ secret, isSet, value }: Setting, text: AdminText): string {
  if (!isSet) return text('notSet');
  return secret || value === null ? text('secret') : value.replace(/^"(.*)"$/, '$1');
}
