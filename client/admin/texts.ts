/** The admin page's texts, in both languages: few enough to come together. */
import { localeOf, useText, type Language } from '../app/i18n/text.ts';
import { createFormatter, type Message, type Placeholders } from '../app/i18n/message.ts';
import { telephones } from './telephones/texts.ts';

const en = {
  ...telephones.en,
  title: 'Admin · Tertulia',
  heading: 'Admin',
  signInHeading: 'Admin',
  signInHint: 'Sign in with an API key that has the scope admin.',
  keyCommand: 'npm start -- keys add NAME --scope admin',
  keyCommandHint: 'makes one, on the machine that runs Tertulia.',
  key: 'API key',
  signIn: 'Sign in',
  signInAtProvider: 'Sign in with your account',
  wrongKey: 'That is no key, or it does not have the scope admin.',
  tooMany: 'Too many tries. Wait a minute.',
  noAdmin: 'Your account may not see this page. An API key may.',
  signOut: 'Sign out',
  unreachable: 'The server does not answer. Trying again.',
  rooms: 'Rooms',
  settings: 'Settings',
  draining: 'The server is stopping: no room can be opened any more.',
  summary: { one: '{people} people in one room', other: '{people} people in {count} rooms' },
  onePerson: { one: 'One person in one room', other: 'One person in {count} rooms' },
  nobody: 'Nobody is here at the moment.',
  nobodyHint: 'Rooms appear as soon as somebody comes in.',
  workers: 'Media workers',
  worker: 'Worker {index}',
  cpu: 'Processor',
  memory: 'Memory, at most',
  load: 'Load',
  people: 'People',
  waiting: 'At the door',
  received: 'Received',
  sent: 'Sent',
  since: 'since {time}',
  'kind.meeting': 'Meeting',
  'kind.class': 'Class',
  'kind.webinar': 'Webinar',
  'role.host': 'Host',
  'role.cohost': 'Co-host',
  'role.participant': 'Participant',
  'role.viewer': 'Viewer',
  'quality.good': 'good connection',
  'quality.fair': 'fair connection',
  'quality.poor': 'poor connection',
  gone: 'connection lost',
  phone: 'by telephone',
  showPeople: 'Show people of {room}',
  log: 'Log',
  logOf: 'Log of {room}',
  closeLog: 'Close',
  noLines: 'Nothing has been logged here yet.',
  end: 'End',
  endReally: 'End {room} for everybody?',
  endYes: 'End it',
  endNo: 'Keep it',
  endFailed: 'It could not be ended.',
  secret: 'set, and secret',
  notSet: 'not set',
  byDefault: 'Default:',
} as const satisfies Record<string, Message>;

export type Key = keyof typeof en;

const es: Record<Key, Message> = {
  ...telephones.es,
  title: 'Administración · Tertulia',
  heading: 'Administración',
  signInHeading: 'Administración',
  signInHint: 'Entra con una clave de la API que tenga el permiso admin.',
  keyCommand: 'npm start -- keys add NOMBRE --scope admin',
  keyCommandHint: 'crea una, en la máquina donde funciona Tertulia.',
  key: 'Clave de la API',
  signIn: 'Entrar',
  signInAtProvider: 'Entrar con tu cuenta',
  wrongKey: 'No es una clave, o no tiene el permiso admin.',
  tooMany: 'Demasiados intentos. Espera un minuto.',
  noAdmin: 'Tu cuenta no puede ver esta página. Con una clave de la API, sí.',
  signOut: 'Salir',
  unreachable: 'El servidor no responde. Lo intentamos de nuevo.',
  rooms: 'Salas',
  settings: 'Configuración',
  draining: 'El servidor se está deteniendo: ya no se pueden abrir salas.',
  summary: { one: '{people} personas en una sala', other: '{people} personas en {count} salas' },
  onePerson: { one: 'Una persona en una sala', other: 'Una persona en {count} salas' },
  nobody: 'Ahora mismo no hay nadie.',
  nobodyHint: 'Las salas aparecen en cuanto entra alguien.',
  workers: 'Procesos de medios',
  worker: 'Proceso {index}',
  cpu: 'Procesador',
  memory: 'Memoria máxima',
  load: 'Carga',
  people: 'Personas',
  waiting: 'En la puerta',
  received: 'Recibido',
  sent: 'Enviado',
  since: 'desde {time}',
  'kind.meeting': 'Reunión',
  'kind.class': 'Clase',
  'kind.webinar': 'Seminario',
  'role.host': 'Anfitrión',
  'role.cohost': 'Coanfitrión',
  'role.participant': 'Participante',
  'role.viewer': 'Espectador',
  'quality.good': 'buena conexión',
  'quality.fair': 'conexión regular',
  'quality.poor': 'mala conexión',
  gone: 'conexión perdida',
  phone: 'por teléfono',
  showPeople: 'Mostrar las personas de {room}',
  log: 'Registro',
  logOf: 'Registro de {room}',
  closeLog: 'Cerrar',
  noLines: 'Aquí aún no se ha registrado nada.',
  end: 'Terminar',
  endReally: '¿Terminar {room} para todos?',
  endYes: 'Terminarla',
  endNo: 'Seguir',
  endFailed: 'No se ha podido terminar.',
  secret: 'puesta, y secreta',
  notSet: 'sin poner',
  byDefault: 'Por defecto:',
};

type Values<K extends Key> = [Placeholders<(typeof en)[K]>] extends [never]
  ? []
  : [values: Readonly<Record<Placeholders<(typeof en)[K]> | 'count', string | number>> | ValuesOf<K>];
type ValuesOf<K extends Key> = { readonly [P in Placeholders<(typeof en)[K]>]: string | number };

export interface AdminText {
  <K extends Key>(key: K, ...values: Values<K>): string;
  readonly locale: string;
}

const catalogues: Record<Language, Record<Key, Message>> = { en, es };

function createAdminText(language: Language): AdminText {
  const locale = localeOf(language);
  const formatter = createFormatter(locale);
  const text = <K extends Key>(key: K, ...[values]: Values<K>): string =>
    formatter.format(catalogues[language][key], values ?? {});
  return Object.assign(text, { locale });
}

const texts: Record<Language, AdminText> = { en: createAdminText('en'), es: createAdminText('es') };

/** In the current language; renders again when that changes. */
export function useAdminText(): AdminText {
  return texts[useText().language];
}
