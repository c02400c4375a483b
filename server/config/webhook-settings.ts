/** Settings of webhooks: who is told what happens in rooms. */
import { z } from 'zod';
import { flag, list, text } from './setting.ts';

export const webhooks = {
  webhookUrls: list('WEBHOOK_URLS', z.url({ protocol: /^https?$/ }), {
    byDefault: [],
    meaning: 'URLs that are told when rooms and calls begin and end, people come and go, and hands go up.',
  }),
  webhookSecret: text('WEBHOOK_SECRET', z.string().min(32).nullable(), {
    byDefault: null,
    secret: true,
    meaning: 'Secret, 32 characters or more, that what is sent there is signed with (Standard Webhooks).',
  }),
  webhookAllowPrivate: flag('WEBHOOK_ALLOW_PRIVATE', {
    byDefault: false,
    meaning:
      'Lets webhooks, those too that are added by the API, lead to this machine and to private networks.',
  }),
} as const;
