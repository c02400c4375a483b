/**
 * A way to one transport of the server that can be cut, and go on from another address, as a telephone's does between
 * Wi-Fi and mobile network. The near end needs to know nothing of it: it keeps the ICE credentials with which it began
 * (libdatachannel cannot restart), and what it checks is signed anew on the way with those of the last restart.
 */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import type { IceParameters, TransportParameters } from '../../server/signalling/contract.ts';
import { isStun, nominates, signedAnew } from './stun.ts';

const ADDRESS = '127.0.0.1';
/** What is asked may be lost, as all that goes over UDP, in ms. */
const CHOOSE_EACH_MS = 100;

interface Place {
  address: string;
  port: number;
}

export class IcePath {
  /** The server's transport, as the near end is to know it. */
  readonly transport: TransportParameters;
  readonly #near: Socket;
  readonly #server: Place;
  #far: Socket;
  #ice: IceParameters;
  #nearEnd: Place | null = null;
  /** The near end's last check that chose a way. */
  #nomination: Buffer | null = null;
  #choosing: NodeJS.Timeout | undefined;
  #isUp = true;

  private constructor(near: Socket, transport: TransportParameters, server: Place) {
    this.#near = near;
    this.#server = server;
    this.#ice = transport.iceParameters;
    this.#far = this.#openFar();
    const candidate = { foundation: 'path', priority: 1, type: 'host', protocol: 'udp' } as const;
    const place = { ip: ADDRESS, address: ADDRESS, port: near.address().port };
    this.transport = { ...transport, iceCandidates: [{ ...candidate, ...place }] };
    near.on('message', (packet, { address, port }) => {
      this.#nearEnd = { address, port };
      this.#sendOn(packet);
    });
  }

  static async open(transport: TransportParameters): Promise<IcePath> {
    const server = transport.iceCandidates.find(({ protocol }) => protocol === 'udp');
    if (!server) throw new Error('The transport takes no UDP.');
    const near = createSocket('udp4').bind(0, ADDRESS);
    await once(near, 'listening');
    return new IcePath(near, transport, server);
  }

  /** Nothing passes any more. */
  cut(): void {
    this.#isUp = false;
  }

  /** Goes on from another address (RFC 8445, 9). @param ice the server's new credentials */
  restart(ice: IceParameters): void {
    this.#ice = ice;
    this.#far.close();
    this.#far = this.#openFar();
    this.#isUp = true;
    this.#choose();
  }

  close(): void {
    this.#isUp = false;
    clearInterval(this.#choosing);
    this.#near.close();
    this.#far.close();
  }

  /** The near end knows of no restart, and will not choose the new way by itself: until the server has answered. */
  #choose(): void {
    clearInterval(this.#choosing);
    const nominate = (): void => {
      if (this.#nomination) this.#sendOn(this.#nomination);
    };
    nominate();
    this.#choosing = setInterval(nominate, CHOOSE_EACH_MS);
  }

  #openFar(): Socket {
    const far = createSocket('udp4');
    far.on('message', (packet) => {
      clearInterval(this.#choosing);
      if (!this.#isUp || !this.#nearEnd) return;
      const { port, address } = this.#nearEnd;
      const own = this.transport.iceParameters.password;
      this.#near.send(isStun(packet) ? signedAnew(packet, own) : packet, port, address);
    });
    return far;
  }

  #sendOn(packet: Buffer): void {
    const { port, address } = this.#server;
    if (nominates(packet)) this.#nomination = packet;
    if (!this.#isUp) return;
    this.#far.send(isStun(packet) ? this.#signed(packet) : packet, port, address);
  }

  #signed(check: Buffer): Buffer {
    const { usernameFragment, password } = this.#ice;
    // The server's fragment, and that of whoever checks (RFC 8445, 7.2.2).
    return signedAnew(check, password, (username) => username.replace(/^[^:]*/, usernameFragment));
  }
}
