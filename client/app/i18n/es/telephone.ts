import type { telephone as english } from '../en/telephone.ts';
import type { Translated } from '../text.ts';

export const telephone: Translated<typeof english> = {
  'invite.number': 'Por teléfono',
  'invite.dialThrough': 'Marcar {number} y todo lo demás',
  'invite.roomNumber': 'número de sala {number}#',
  'invite.pin': 'PIN {pin}#',
  'invite.textNumber': 'Por teléfono: {keys}',

  'calls.open': 'Llamar a un teléfono…',
  'calls.heading': 'Llamar a un teléfono',
  'calls.hint': 'Quien conteste estará en la sala al momento.',
  'calls.label': 'Número o dirección SIP',
  'calls.call': 'Llamar',
  'calls.list': 'Llamadas',
  'calls.underWay': 'Llamando a',
  'calls.dialling': 'Llamando…',
  'calls.ringing': 'Suena…',
  'calls.answered': 'Contestó',
  'calls.busy': 'Ocupado; inténtalo dentro de un rato',
  'calls.declined': 'Rechazó la llamada',
  'calls.noAnswer': 'No contesta',
  'calls.cancelled': 'Cancelada',
  'calls.notAllowed':
    'No se puede llamar desde aquí; compruébalo o pregunta a quien administra el servidor',
  'calls.unknownNumber': 'Ese número no existe; compruébalo',
  'calls.unreachable': 'Apagado o sin conexión; inténtalo dentro de un rato',
  'calls.refused': 'La red telefónica no permite esta llamada; avisa a quien administra el servidor',
  'calls.unsupported':
    'Este teléfono no admite llamadas desde aquí; avisa a quien administra el servidor',
  'calls.networkFailed': 'La red telefónica no pudo cursar la llamada; vuelve a intentarlo',
  'calls.noLine': 'La línea de teléfono no está conectada; inténtalo dentro de un minuto',
  'calls.linesBusy':
    'Todas las líneas de teléfono están ocupadas; inténtalo cuando termine alguna llamada',
  'calls.failed':
    'No se pudo hacer la llamada; vuelve a intentarlo o avisa a quien administra el servidor',
  'calls.by': 'de {name}',
  'calls.told': '{number}: {state}',
  'calls.cancel': 'Cancelar la llamada a {number}',
  'calls.again': 'Volver a llamar a {number}',
  'calls.tooMany': 'No se pueden hacer más llamadas a la vez. Espera a que termine alguna.',
  'calls.unavailable': 'Ahora mismo no hay ninguna línea de teléfono conectada. Si sigue así, avisa a quien administra el servidor.',
  'calls.invalid': 'Eso no es un número ni una dirección SIP.',

  'person.allowToSpeak': 'Permitir que hable',
  'person.hold': 'Poner en espera',
  'person.resume': 'Quitar de la espera',
  'person.hangUp': 'Colgar…',
  'confirm.hangUp': '¿Colgar a {name}?',
  'confirm.hangUpHint': '{name} puede volver a llamar.',
  'confirm.hangUpAction': 'Colgar',
  'room.onHold': 'En espera',

  'roomSettings.pin': 'PIN para quienes llaman',
  'roomSettings.pinSet': 'Se marca después del número de la sala. Ahora es {pin}.',
  'roomSettings.pinNone': 'Solo se marca el número de la sala. De 4 a 12 cifras.',
};
