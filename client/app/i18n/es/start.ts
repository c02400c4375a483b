import type { Part } from '../text.ts';

export const start: Part<'start'> = {
  'title.landing': 'Tertulia: abre una sala y conversa',
  'title.nothing': 'Aquí no hay nada · Tertulia',

  'language.label': 'Idioma',
  'theme.label': 'Tema',
  'theme.system': 'Como el sistema',
  'theme.light': 'Claro',
  'theme.dark': 'Oscuro',

  'landing.headline': 'Buena compañía, a un enlace de distancia.',
  'landing.lead':
    'Abre una sala, comparte su enlace y conversa. Voz, vídeo y pantallas, sin cuenta y sin instalar nada.',
  'landing.newRoom': 'Nueva sala',
  'landing.kind': 'Tipo de sala',
  'kind.meeting': 'Reunión',
  'kind.meetingHint': 'Hablan todos.',
  'kind.class': 'Clase',
  'kind.classHint': 'Tú dejas pasar y das la palabra.',
  'kind.webinar': 'Seminario web',
  'kind.webinarHint': 'Hablan unos pocos, los demás miran.',
  'landing.joinLabel': 'Nombre o enlace de la sala',
  'landing.joinPlaceholder': 'lusab-gutih… o un enlace',
  'landing.join': 'Ir a la sala',
  'landing.joinProblem':
    'Eso no es el nombre ni el enlace de una sala. Un nombre lleva letras, números y guiones.',
  'landing.recent': 'Tus salas',
  'landing.forget': 'Olvidar {room}',
  'landing.private': 'Funciona en su propio servidor. No se consulta, cuenta ni informa a nadie más.',
  'landing.phone': 'Teléfono web',
  'landing.illustration': 'Personas conversando alrededor de una mesa',

  'nothing.heading': 'Aquí no hay nada',
  'nothing.hint': 'Puede que la dirección tenga un error, o que sea de algo que ya no está.',

  'problem.start': 'A la página de inicio',
  'problem.reload': 'Recargar',
  'problem.crash': 'Esta página tropezó',
  'problem.crashHint': 'El error es nuestro, no tuyo. Al recargar volverás a entrar.',
};
