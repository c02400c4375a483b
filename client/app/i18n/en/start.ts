import type { Message } from '../message.ts';

/** The start page's texts in English, and those that every page needs: the first that a newcomer loads. */
export const start = {
  'title.landing': 'Tertulia: open a room and talk',
  'title.nothing': 'Nothing here · Tertulia',

  'language.label': 'Language',
  'theme.label': 'Theme',
  'theme.system': 'As the system',
  'theme.light': 'Light',
  'theme.dark': 'Dark',

  'landing.headline': 'Good company, one link away.',
  'landing.lead':
    'Open a room, share its link, talk. Voice, video and screens, with no account and nothing to install.',
  'landing.newRoom': 'New room',
  'landing.kind': 'Kind of room',
  'kind.meeting': 'Meeting',
  'kind.meetingHint': 'Everybody talks.',
  'kind.class': 'Class',
  'kind.classHint': 'You let people in, and give the floor.',
  'kind.webinar': 'Webinar',
  'kind.webinarHint': 'A few speak, the others watch.',
  'landing.joinLabel': 'Room name or link',
  'landing.joinPlaceholder': 'lusab-gutih… or a link',
  'landing.join': 'Go to room',
  'landing.joinProblem': 'That is no room’s name or link. Letters, digits and hyphens make a name.',
  'landing.recent': 'Your rooms',
  'landing.forget': 'Forget {room}',
  'landing.private': 'Runs on its own server. Nobody else is asked, counted or told.',
  'landing.phone': 'Web phone',
  'landing.illustration': 'People talking around a table',

  'nothing.heading': 'There is nothing here',
  'nothing.hint': 'The address may have a mistake, or be of something that is gone.',

  'problem.start': 'To the start page',
  'problem.reload': 'Reload',
  'problem.crash': 'This page stumbled',
  'problem.crashHint': 'That was our mistake, not yours. Reloading takes you back.',
} as const satisfies Record<string, Message>;
