/**
 * All that a caller can be told, in every language. `make.ts` turns it into the files beside it, one a prompt and
 * language: `en/welcome.wav`. Whoever changes a text runs that recipe again.
 */
import { spokenNumbers } from './numbers.ts';

export const languages = ['en', 'es'] as const;
export type Language = (typeof languages)[number];

const phrases = {
  welcome: { en: 'Welcome to Tertulia.', es: 'Le damos la bienvenida a Tertulia.' },
  /** Said after a question in another language. */
  'this-language': { en: 'For English, press star.', es: 'Para español, oprima asterisco.' },
  'enter-room-number': {
    en: 'Enter the room number, then press the pound, or hash, key.',
    es: 'Marque el número de la sala y la tecla numeral.',
  },
  /** The number follows, digit by digit. */
  'room-unknown': { en: 'There is no room with the number', es: 'No hay ninguna sala con el número' },
  'enter-pin': {
    en: 'Enter the pin of the room, then press the pound, or hash, key.',
    es: 'Marque el pin de la sala y la tecla numeral.',
  },
  'pin-wrong': { en: 'That pin is not right.', es: 'Ese pin no es correcto.' },
  'nothing-keyed': { en: 'I did not hear any digits.', es: 'No se oyó ningún dígito.' },
  'number-too-long': { en: 'That is too long.', es: 'Es demasiado largo.' },
  'too-many-tries': {
    en: 'Please check the number and the pin, and call again.',
    es: 'Verifique el número y el pin, y vuelva a llamar.',
  },

  'waiting-host': {
    en: 'The host has not arrived yet. Please hold the line.',
    es: 'El anfitrión todavía no llegó. Espere en línea, por favor.',
  },
  'waiting-lobby': {
    en: 'The host will let you in. Please hold the line.',
    es: 'El anfitrión autorizará su ingreso. Espere en línea, por favor.',
  },
  'waiting-opening': {
    en: 'The room is not open yet. Please hold the line.',
    es: 'La sala todavía no está abierta. Espere en línea, por favor.',
  },

  joined: { en: 'You are in the room.', es: 'Ya está en la sala.' },
  'first-here': { en: 'You are the first one here.', es: 'Usted es la primera persona.' },
  /** The number of people follows. */
  'people-here': { en: 'People here, including you:', es: 'Personas en la sala, con usted:' },
  'more-than-99': { en: 'more than ninety-nine.', es: 'más de noventa y nueve.' },
  'help-hint': { en: 'For help, press star zero.', es: 'Para ayuda, oprima asterisco cero.' },
  help: {
    en:
      'Star six: microphone off or on. Star nine: raise or lower your hand. ' +
      'Star four: louder. Star seven: softer. Star eight: leave the room.',
    es:
      'Asterisco seis: apagar o encender el micrófono. Asterisco nueve: levantar o bajar la mano. ' +
      'Asterisco cuatro: más alto. Asterisco siete: más bajo. Asterisco ocho: salir de la sala.',
  },

  muted: { en: 'Microphone off.', es: 'Micrófono apagado.' },
  unmuted: { en: 'Microphone on.', es: 'Micrófono encendido.' },
  'muted-on-entry': {
    en: 'Your microphone is off. Press star six to switch it on.',
    es: 'Su micrófono está apagado. Oprima asterisco seis para encenderlo.',
  },
  'muted-by-host': {
    en: 'The host has switched your microphone off.',
    es: 'El anfitrión apagó su micrófono.',
  },
  'may-not-unmute': {
    en: 'The host keeps microphones off. To ask for the floor, press star nine.',
    es: 'El anfitrión mantiene apagados los micrófonos. Para pedir la palabra oprima asterisco nueve.',
  },
  'asked-to-unmute': {
    en: 'The host gives you the floor. Press star six to speak.',
    es: 'El anfitrión le da la palabra. Oprima asterisco seis para hablar.',
  },
  'hand-raised': { en: 'Hand raised.', es: 'Mano levantada.' },
  'hand-lowered': { en: 'Hand lowered.', es: 'Mano bajada.' },
  louder: { en: 'Louder.', es: 'Más alto.' },
  softer: { en: 'Softer.', es: 'Más bajo.' },
  loudest: { en: 'This is the loudest.', es: 'Es el volumen máximo.' },
  softest: { en: 'This is the softest.', es: 'Es el volumen mínimo.' },
  held: { en: 'The host has put you on hold.', es: 'El anfitrión lo puso en espera.' },
  resumed: { en: 'You are back in the room.', es: 'Está de nuevo en la sala.' },

  denied: { en: 'The host did not let you in.', es: 'El anfitrión no autorizó su ingreso.' },
  full: { en: 'The room is full.', es: 'La sala está llena.' },
  locked: { en: 'The room is locked.', es: 'La sala está cerrada con llave.' },
  removed: { en: 'The host has ended your call.', es: 'El anfitrión finalizó su llamada.' },
  'end-is-near': {
    en: 'The room will close soon. You can call again in a few minutes.',
    es: 'La sala se cerrará en breve. Puede volver a llamar en unos minutos.',
  },
  'room-ended': { en: 'The room has been closed.', es: 'La sala se cerró.' },
  unavailable: {
    en: 'The room can not be reached at the moment. Please call again later.',
    es: 'No es posible llegar a la sala en este momento. Vuelva a llamar más tarde.',
  },
  goodbye: { en: 'Goodbye.', es: 'Hasta luego.' },
} as const satisfies Record<string, Readonly<Record<Language, string>>>;

/** What is said, whatever the language. `number-7` also serves as a digit; `tens-30` is followed by 1 to 9. */
export type PromptId = keyof typeof phrases | `number-${number}` | `tens-${number}`;
/** What the media process plays: the name of a file in the folder of prompts, without `.wav`. */
export type Prompt = `${Language}/${PromptId}`;

/** The text of every prompt of a language, by its id. */
export function textsOf(language: Language): ReadonlyMap<string, string> {
  const spoken = Object.entries(phrases).map(([id, text]) => [id, text[language]] as const);
  return new Map([...spoken, ...spokenNumbers[language]]);
}
