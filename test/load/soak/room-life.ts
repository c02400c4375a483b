/**
 * One room of a soak, over and over: what happens in it is drawn by lot, one thing after the other, and whoever should
 * see or hear of it is looked at. Rooms beside each other make what happens at the same time.
 */
import type { JoinExtras } from '../../helpers/signal-client.ts';
import { sleep, until } from '../../helpers/wait.ts';
import { Caller } from './caller.ts';
import type { Exchange } from './exchange.ts';
import { Guest } from './guest.ts';
import type { Picture } from './guest.ts';
import type { Notes } from './notes.ts';

const MOST = { guests: 6, voices: 3, cameras: 2, callers: 2 } as const;
/** Between two things that happen in a room, in ms. */
const PAUSE_MS = { least: 500, most: 3_000 } as const;
/** How long a network is gone, in ms; shorter than the server keeps places. */
const AWAY_MS = { least: 500, most: 6_000 } as const;

export interface Town {
  serverUrl: string;
  exchange: Exchange;
  notes: Notes;
  /** What guests say, as Opus, and the tone that is in it, in Hz. */
  sound: readonly Uint8Array[];
  tone: number;
}

interface Deed {
  name: string;
  /** How many tickets it has in the draw; 0 where it cannot be done. */
  tickets: number;
  act: () => Promise<void>;
}

export class RoomLife {
  readonly #town: Town;
  readonly #index: number;
  readonly #random: () => number;
  #guests: Guest[] = [];
  #callers: Caller[] = [];
  #generation = 0;
  /** Of all that has ever come here: names and numbers differ. */
  #count = 0;
  #roomNumber: string | null = null;
  #hostKey: string | null = null;

  /** @param random between 0 and 1 */
  constructor(town: Town, index: number, random: () => number) {
    this.#town = town;
    this.#index = index;
    this.#random = random;
  }

  get #name(): string {
    return `soak-${this.#index}-${this.#generation}`;
  }

  /** @param hasEnded asked before each thing */
  async run(hasEnded: () => boolean): Promise<void> {
    while (!hasEnded()) {
      await this.#try(this.#draw());
      for (const caller of this.#callers) caller.forget();
      await sleep(this.#between(PAUSE_MS));
    }
    while (this.#guests.length > 0 || this.#callers.length > 0) {
      await this.#try(
        this.#callers.length > 0
          ? { name: 'hang up', tickets: 1, act: () => this.#hangsUp() }
          : { name: 'leave', tickets: 1, act: () => this.#leaves() },
      );
    }
  }

  /** After something went wrong nobody knows what is where: the room is left alone, and the next is another one. */
  async #try({ name, act }: Deed): Promise<void> {
    const { notes } = this.#town;
    try {
      await act();
      notes.happened(name);
    } catch (error) {
      notes.failed(`${this.#name}, ${name}`, error);
      for (const guest of this.#guests.splice(0)) guest.vanish();
      for (const caller of this.#callers.splice(0)) {
        await caller.hangUp().catch((failure: unknown) => notes.failed(`${this.#name}, after that`, failure));
      }
      this.#another();
    }
  }

  #draw(): Deed {
    const deeds = this.#deeds();
    let at = this.#random() * deeds.reduce((sum, { tickets }) => sum + tickets, 0);
    return deeds.find(({ tickets }) => (at -= tickets) < 0) ?? deeds[0]!;
  }

  #deeds(): Deed[] {
    const company = this.#guests.length >= 2;
    const host = this.#host;
    const roamer = this.#guests.find(({ roams }) => roams);
    const deed = (name: string, tickets: number, can: boolean, act: () => Promise<void>): Deed => ({
      ...{ name, act },
      tickets: can ? tickets : 0,
    });
    return [
      deed('join', 16, this.#guests.length < MOST.guests, () => this.#joins()),
      deed('leave', 8, company, () => this.#leaves()),
      deed('vanish', 3, company, () => this.#vanishes()),
      deed('mute or unmute', 10, company, () => this.#mutes()),
      deed('share or stop the screen', 6, company, () => this.#shares('screen')),
      deed('camera on or off', 6, company, () => this.#shares('camera')),
      deed('write', 6, company, () => this.#writes()),
      deed('raise or lower the hand', 4, company, () => this.#raisesHand()),
      deed('lose the socket', 5, company && roamer !== undefined, () => this.#losesSocket(roamer!, false)),
      deed('lose the network', 5, company && roamer !== undefined, () => this.#losesSocket(roamer!, true)),
      deed('lose media, restart ICE', 5, company && roamer !== undefined, () => this.#restartsIce(roamer!)),
      deed('call in', 5, company && this.#callers.length < MOST.callers, () => this.#callsIn()),
      deed('call out', 3, host !== undefined && this.#callers.length < MOST.callers, () =>
        this.#callsOut(host!),
      ),
      deed('hang up', 4, this.#callers.length > 0, () => this.#hangsUp()),
      deed('put a caller out', 2, host !== undefined && this.#callers.length > 0, () =>
        this.#removesCaller(host!),
      ),
      deed('end the room', 2, host !== undefined, () => this.#endsRoom(host!)),
    ];
  }

  // ----------------------------------------------------------------------------------- coming and going

  async #joins(): Promise<void> {
    const { serverUrl, sound, notes } = this.#town;
    const more: JoinExtras =
      this.#host === undefined && this.#hostKey !== null ? { hostKey: this.#hostKey } : {};
    const name = `Guest ${(this.#count += 1)}`;
    const roams = this.#random() < 0.4;
    const start = performance.now();
    const guest = await Guest.join({ serverUrl, room: this.#name, name, roams, sound, more });
    notes.took('join to media both ways', performance.now() - start);
    const { room, hostKey } = guest.participant.answer;
    this.#roomNumber = room.number;
    this.#hostKey = hostKey ?? this.#hostKey;
    this.#guests.push(guest);
    await guest.speak(this.#random() < 0.7 && this.#voices.length < MOST.voices);
    if (this.#random() < 0.4 && this.#shown('camera') < MOST.cameras) await guest.show('camera');
    await this.#look();
    await this.#isConnected(guest);
  }

  async #leaves(): Promise<void> {
    const guest = this.#anyone();
    const [witness] = this.#others(guest);
    this.#guests = this.#guests.filter((other) => other !== guest);
    await guest.participant.leave();
    await witness?.participant.signal.told(
      'participantLeft',
      ({ participantId }) => participantId === guest.id,
    );
    if (!witness && this.#callers.length === 0) this.#another();
  }

  async #vanishes(): Promise<void> {
    const guest = this.#anyone();
    const [witness] = this.#others(guest);
    this.#guests = this.#guests.filter((other) => other !== guest);
    guest.vanish();
    await witness?.participant.signal.told(
      'participantChanged',
      ({ participant }) => participant.id === guest.id && !participant.connected,
    );
  }

  async #endsRoom(host: Guest): Promise<void> {
    await host.participant.signal.ask('endRoom', {});
    for (const guest of this.#guests) await guest.participant.signal.told('ended');
    for (const guest of this.#guests.splice(0)) guest.participant.vanish();
    for (const caller of this.#callers.splice(0)) await caller.ends();
    this.#another();
  }

  #another(): void {
    this.#generation += 1;
    this.#hostKey = null;
  }

  // ------------------------------------------------------------------------------------ in the room

  async #mutes(): Promise<void> {
    const guest = this.#anyone();
    const speaks = guest.voice === null && this.#voices.length < MOST.voices;
    await guest.speak(speaks);
    if (speaks) await this.#isReceived(guest, guest.voice);
  }

  async #shares(picture: Picture): Promise<void> {
    const guest = this.#anyone();
    if (guest.shows(picture) || this.#shown(picture) >= MOST.cameras) {
      await guest.hide(picture);
      await this.#look();
      return;
    }
    const id = await guest.show(picture);
    await this.#look();
    await this.#isReceived(guest, id);
  }

  async #writes(): Promise<void> {
    const guest = this.#anyone();
    const text = `Message ${(this.#count += 1)}`;
    await guest.participant.signal.ask('chat', { text, to: 'everyone' });
    for (const { participant } of this.#guests) {
      await participant.signal.told('chatMessage', ({ message }) => message.text === text);
    }
  }

  async #raisesHand(): Promise<void> {
    const { participant } = this.#anyone();
    await participant.signal.ask('raiseHand', { raised: this.#random() < 0.5 });
  }

  // ----------------------------------------------------------------------------------------- networks

  async #losesSocket(guest: Guest, mediaToo: boolean): Promise<void> {
    const { participant } = guest;
    if (mediaToo) participant.cutMedia();
    participant.signal.cut();
    await sleep(this.#between(AWAY_MS));
    await participant.comeBack(this.#town.serverUrl);
    await this.#look();
    await this.#isConnected(guest);
  }

  async #restartsIce(guest: Guest): Promise<void> {
    guest.participant.cutMedia();
    await sleep(this.#between(AWAY_MS));
    await guest.participant.restartIce();
    await this.#isConnected(guest);
  }

  // ---------------------------------------------------------------------------------------- telephones

  async #callsIn(): Promise<void> {
    if (this.#roomNumber === null) throw new Error('The room has no number.');
    const from = `1${this.#index}${(this.#count += 1)}`;
    const witness = this.#anyone();
    await this.#hasCome(await Caller.callsIn(this.#town.exchange, from, this.#roomNumber, witness), witness);
  }

  async #callsOut(host: Guest): Promise<void> {
    const number = `2${this.#index}${(this.#count += 1)}`;
    await this.#hasCome(await Caller.isCalled(this.#town.exchange, number, host), host);
  }

  async #hasCome(caller: Caller, witness: Guest): Promise<void> {
    this.#callers.push(caller);
    this.#town.notes.took('voice of a telephone to a guest', await witness.receives(caller.voice));
    if (this.#voices.length === 0) return;
    this.#town.notes.took('voice of a guest to a telephone', await caller.hears(this.#town.tone));
  }

  async #hangsUp(): Promise<void> {
    const caller = this.#callers.shift();
    await caller?.hangUp();
    if (caller) await this.#isGone(caller);
  }

  async #removesCaller(host: Guest): Promise<void> {
    const caller = this.#callers.shift();
    if (!caller) return;
    await host.participant.signal.ask('remove', { participantId: caller.participantId });
    await this.#isGone(caller);
    await caller.ends();
  }

  async #isGone({ voice }: Caller): Promise<void> {
    const [witness] = this.#guests;
    if (!witness) return;
    await until(
      'a telephone is gone',
      () => witness.participant.publications.has(voice),
      (isThere) => !isThere,
    );
  }

  // ---------------------------------------------------------------------------------------- who is there

  get #host(): Guest | undefined {
    return this.#guests.find(({ participant }) => participant.role === 'host');
  }

  get #voices(): string[] {
    return this.#guests.map(({ voice }) => voice).filter((voice) => voice !== null);
  }

  #shown(picture: Picture): number {
    return this.#guests.filter((guest) => guest.shows(picture)).length;
  }

  #others(guest: Guest): Guest[] {
    return this.#guests.filter((other) => other !== guest);
  }

  #anyone(): Guest {
    return this.#guests[Math.floor(this.#random() * this.#guests.length)]!;
  }

  #between({ least, most }: { least: number; most: number }): number {
    return least + this.#random() * (most - least);
  }

  /** Everybody shows all pictures of the others. */
  async #look(): Promise<void> {
    for (const guest of this.#guests) {
      await guest.participant.show(this.#others(guest).flatMap(({ pictures }) => pictures));
    }
  }

  /** Somebody else hears or sees it. */
  async #isReceived(of: Guest, publicationId: string | null): Promise<void> {
    const [witness] = this.#others(of);
    if (!witness || publicationId === null) return;
    this.#town.notes.took('something new to another', await witness.receives(publicationId));
  }

  /** One who has come, or come back, receives what others send, and others receive it. */
  async #isConnected(guest: Guest): Promise<void> {
    const others = this.#others(guest);
    const [voice] = others.flatMap((other) => other.voice ?? []);
    const [picture] = others.flatMap((other) => other.pictures);
    for (const id of [voice, picture]) {
      if (id !== undefined) this.#town.notes.took('media to a newcomer', await guest.receives(id));
    }
    await this.#isReceived(guest, guest.voice);
    for (const id of guest.pictures) await this.#isReceived(guest, id);
  }
}
