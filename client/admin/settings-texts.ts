/**
 * What settings mean, in Spanish. In English the server tells it, as in `npm start -- --help`; a setting that is not
 * here, of a newer server, is told as the server has it.
 */

/** By the names of groups. */
const groups = {
  Web: 'Web',
  Access: 'Acceso',
  Media: 'Sonido e imagen',
  Telephones: 'Teléfonos',
  Limits: 'Límites',
  Webhooks: 'Webhooks',
  Running: 'Funcionamiento',
};

/** By the names of settings in the file. */
const meanings = {
  host: 'Dirección en la que se atiende. Con 0.0.0.0, a cualquiera que llegue a esta máquina.',
  port: 'Puerto web. Con 0, cualquiera que esté libre.',
  basePath: 'Ruta bajo la que se atiende, para un proxy inverso que también tiene otras cosas.',
  publicUrl: 'URL de la página de inicio tal como llega la gente, para los enlaces y el inicio de sesión.',
  tlsCert: 'Archivo con el certificado y su cadena (PEM). Junto con TLS_KEY, activa HTTPS.',
  tlsKey: 'Archivo con la clave del certificado (PEM).',
  tlsSelfSigned: 'HTTPS con un certificado hecho aquí; cada navegador avisa de ello una vez.',
  trustedProxies: 'Direcciones o redes de los proxies inversos cuyo X-Forwarded-For se cree.',
  allowedOrigins: 'Otros sitios cuyas páginas pueden usar este servidor, como https://app.example.org.',
  metricsToken: 'Token Bearer, de 16 caracteres o más, con el que /metrics responde a cualquiera.',

  makeRooms: 'Quién puede crear salas: anyone (cualquiera) o token (quien tenga uno o haya iniciado sesión).',
  enterRooms:
    'Quién puede entrar en las salas: anyone (cualquiera) o token (quien tenga uno o haya iniciado sesión).',
  tokenSecret: 'Secreto, de 32 caracteres o más, de quien da tokens (JWT) firmados con HS256.',
  tokenPublicKey: 'Archivo con la clave pública (PEM) de quien da tokens firmados con RS256 o ES256.',
  tokenJwksUrl: 'URL de las claves públicas (JWK Set) de quien da tokens firmados con RS256 o ES256.',
  tokenIssuer: 'Lo que tiene que decir iss en los tokens.',
  tokenAudience: 'Lo que tiene que decir o contener aud en los tokens.',
  oidcIssuer:
    'Proveedor de OpenID Connect en el que inician sesión los anfitriones. Necesita PUBLIC_URL; vuelve a su api/sign-in/callback.',
  oidcClientId: 'El nombre que este servidor tiene allí.',
  oidcClientSecret: 'La contraseña que este servidor tiene allí.',
  oidcHostClaim:
    'Quiénes de ellos son anfitriones en todas las salas y pueden crearlas, como groups=teachers.',
  oidcAdminClaim: 'Quiénes de ellos pueden ver la página de administración, como groups=staff.',
  allowHttpIssuers:
    'Permite que TOKEN_JWKS_URL y OIDC_ISSUER sean http: quien esté en el camino puede entonces entrar como cualquiera.',
  apiRequestsPerMinute: 'Peticiones a la API desde una dirección, por minuto.',

  workerBin: 'El binario del worker de mediasoup.',
  workers: 'Procesos de medios.',
  rtcPortBase:
    'Puerto de medios del primer proceso, UDP y TCP; los demás siguen contando. Con 0, los que estén libres.',
  rtcListen: 'Direcciones para los medios, cada una IP o IP=ANUNCIADA.',
  announcedAddress:
    'Dirección en la que los navegadores llegan a los puertos de medios, para una máquina detrás de NAT.',
  iceServers: 'Servidores STUN y TURN para los navegadores: una lista de {urls, username, credential}.',
  loudest: 'Cuántos micrófonos recibe cada participante, los que más suenan.',
  maxParticipantsPerRouter: 'Participantes de una sala en un proceso; los demás siguen en el siguiente.',

  bridgeConfig:
    'Archivo con la configuración del puente, como la explica node server/bridge/main.ts --help. Con él, un puente funciona junto al servidor.',
  bridgeSecret: 'Con lo que se identifican los puentes que funcionan en otra parte, de 32 caracteres o más.',
  bridgeListen:
    'Dirección para el sonido de quienes llaman, una IP o IP=ANUNCIADA. Fuera de esta máquina, para puentes de otras, va cifrado.',
  dialInNumbers:
    'Números de teléfono de las salas, para las invitaciones: una lista de {number, label, language}, los dos últimos opcionales: un lugar, y lo que hablan los avisos, como es.',
  showNumbers: 'Si todos en una sala ven los números de quienes llaman. Los anfitriones los ven siempre.',
  callsOutPerRoom: 'Teléfonos a los que una sala puede estar llamando a la vez.',

  maxRooms: 'Salas abiertas a la vez.',
  maxParticipants: 'Participantes en una sala.',
  maxPublications: 'Lo que un participante puede enviar a la vez: micrófono, cámara, pantalla y su sonido.',
  chatTail: 'Mensajes del chat que se muestran a quien llega.',
  maxWaiting: 'Quiénes pueden esperar a la vez a la puerta de una sala.',
  maxMessageBytes: 'El mayor mensaje de señalización, en bytes.',
  messagesPerSecond: 'Mensajes de señalización de un participante, por segundo.',
  messageBurst: 'Mensajes de señalización de un participante además de esos, en 10 segundos.',
  joinsPerMinute:
    'Entradas desde una dirección, por minuto. Una clase detrás de un mismo router comparte dirección.',

  webhookUrls:
    'URL a las que se avisa cuando empiezan y terminan salas y llamadas, entra y sale gente, y se levantan manos.',
  webhookSecret:
    'Secreto, de 32 caracteres o más, con el que se firma lo que se envía allí (Standard Webhooks).',
  webhookAllowPrivate:
    'Permite que los webhooks, también los añadidos por la API, lleven a esta máquina y a redes privadas.',

  dataDir: 'Carpeta para lo que dura: la base de datos, y el certificado si se hace aquí.',
  resumeSeconds: 'Cuánto conserva su lugar un participante cuya conexión se cortó, en segundos.',
  opensBeforeMinutes: 'Cuánto antes de su hora deja entrar una sala que tiene hora, en minutos.',
  attendanceDays: 'Cuánto se guarda quién estuvo en una sala y quién llamó, en días.',
  drainSeconds: 'Cuánto pueden seguir las salas tras la primera señal de parar, en segundos.',
  takeOverSeconds:
    'Toma el relevo del servidor que funciona con este DATA_DIR, si lo hay: ese sigue con sus salas tanto tiempo, en segundos. Los medios tienen entonces los puertos siguientes.',
  logLevel: 'trace, debug, info, warn, error o silent.',
  logFormat: 'json, pretty (para personas) o auto: pretty en un terminal.',
};

/** Defaults that are said in words, by those words. */
const defaults = {
  none: 'ninguno',
  'as each request has it': 'como lo tenga cada petición',
  'none: /metrics answers to this machine only': 'ninguno: /metrics solo responde a esta máquina',
  'none: everybody who signs in': 'ninguno: todos los que inician sesión',
  'none: nobody': 'ninguno: nadie',
  'the one that npm start finds or builds': 'el que npm start encuentra o construye',
  'one a processor': 'uno por procesador',
  'all addresses of this machine': 'todas las direcciones de esta máquina',
  'none: no telephones, or bridges that were started elsewhere':
    'ninguno: sin teléfonos, o con puentes iniciados en otra parte',
  'none: only the bridge beside the server may connect':
    'ninguno: solo puede conectarse el puente que está junto al servidor',
  '0: does not start where another server runs with this DATA_DIR':
    '0: no arranca donde otro servidor funciona con este DATA_DIR',
};

export const settingsInSpanish = { groups, meanings, defaults };

export type SettingWords = keyof typeof settingsInSpanish;

/** @returns null for what is not known here */
export function inSpanish(kind: SettingWords, key: string): string | null {
  const words: Readonly<Record<string, string>> = settingsInSpanish[kind];
  return Object.hasOwn(words, key) ? (words[key] ?? null) : null;
}
