/**
 * Participants of a Janus VideoRoom: one connection to send, one to receive, as its own pages have them. What has ended
 * is left to Janus: rooms of comparisons only fill.
 */
import { networkInterfaces } from 'node:os';
import { RtcEnd } from '../../../helpers/rtc-end.ts';
import { MemberMedia } from '../member.ts';
import type { Member, Shared } from '../member.ts';
import type { Joined, Plan, Traffic } from '../plan.ts';
import { answerOf, farEndOf, offerOf, streamsOf } from './janus-sdp.ts';
import { JanusSession } from './janus-session.ts';
import type { PluginEvent } from './janus-session.ts';

const PLUGIN = 'janus.plugin.videoroom';
/** More than any comparison has. */
const MOST_PUBLISHERS = 1_000;
/** Bit/s that Janus lets a publisher send. */
const BITRATE = 6_000_000;
/** What Janus says when a room is there already. */
const ROOM_EXISTS = /already exists/;
/** Publishers of one moment are subscribed to together. */
const SUBSCRIBE_AFTER_MS = 50;

interface Publisher {
  id: number;
  streams: { type: string; mid: string }[];
}

/** What is wished of a publisher, as Janus names it. */
interface Feed {
  feed: number;
  mid: string;
}

/** Numbers of rooms, by which Janus knows them. */
export class JanusRooms {
  readonly #numbers = new Map<string, number>();

  numberOf(name: string): number {
    const number = this.#numbers.get(name) ?? this.#numbers.size + 1;
    this.#numbers.set(name, number);
    return number;
  }
}

export class JanusMember implements Member {
  readonly media: MemberMedia;
  readonly joined: Joined = { answeredMs: 0, connectedMs: 0 };
  readonly startedAt: number;
  readonly #session: JanusSession;
  readonly #room: number;
  readonly #plan: Plan;
  #publisher = 0;
  #subscriber: number | null = null;
  #receive: RtcEnd | null = null;
  #privateId: unknown;
  #tiles = 0;
  #fresh: Feed[] = [];
  #subscribing: Promise<void> | null = null;

  private constructor(session: JanusSession, room: number, plan: Plan, shared: Shared, startedAt: number) {
    this.#session = session;
    this.#room = room;
    this.#plan = plan;
    this.media = new MemberMedia(plan, shared);
    this.startedAt = startedAt;
  }

  static async join(url: string, plan: Plan, rooms: JanusRooms, shared: Shared): Promise<JanusMember> {
    const startedAt = performance.now();
    const session = await JanusSession.open(url);
    const member = new JanusMember(session, rooms.numberOf(plan.room), plan, shared, startedAt);
    await member.#enter();
    member.joined.connectedMs = performance.now() - startedAt;
    return member;
  }

  get traffic(): Traffic {
    return this.#session.traffic;
  }

  async setMuted(muted: boolean): Promise<void> {
    await this.#session.request(this.#publisher, {
      request: 'configure',
      streams: [{ mid: '0', send: !muted }],
    });
  }

  async leave(): Promise<void> {
    await this.#session.close();
    this.media.close();
  }

  async #enter(): Promise<void> {
    const { microphone, camera, name } = this.#plan;
    this.#publisher = await this.#session.attach(PLUGIN, ({ data }) => this.#told(data));
    await this.#makeRoom();
    const who = { room: this.#room, ptype: 'publisher', display: name };
    const sends = microphone !== 'none' || camera;
    const end = sends ? new RtcEnd(undefined, ownAddress()) : null;
    const microphoneSsrc = microphone === 'none' ? null : this.media.microphone.ssrc;
    const { data, jsep } = await (end
      ? this.#session.request(
          this.#publisher,
          { request: 'joinandconfigure', ...who, bitrate: BITRATE },
          { type: 'offer', sdp: offerOf(end, { microphoneSsrc, camera }) },
        )
      : this.#session.request(this.#publisher, { request: 'join', ...who }));
    this.joined.answeredMs = performance.now() - this.startedAt;
    this.#privateId = data['private_id'];
    this.#told(data);
    if (end && jsep) {
      this.media.sendOver(end);
      end.connect(farEndOf(jsep.sdp));
      await end.connected();
      this.media.start();
    }
    await this.#subscribing;
  }

  async #makeRoom(): Promise<void> {
    const room = { request: 'create', room: this.#room, publishers: MOST_PUBLISHERS, bitrate: BITRATE };
    try {
      await this.#session.request(this.#publisher, { ...room, transport_wide_cc_ext: false });
    } catch (error) {
      if (!ROOM_EXISTS.test(String(error))) throw error;
    }
  }

  #told(data: Record<string, unknown>): void {
    for (const { id, streams } of (data['publishers'] ?? []) as Publisher[]) {
      for (const { type, mid } of streams) {
        if (type === 'video' && this.#tiles >= this.#plan.tiles) continue;
        if (type === 'video') this.#tiles += 1;
        this.#fresh.push({ feed: id, mid });
      }
    }
    if (this.#fresh.length > 0) this.#subscribing ??= this.#subscribeSoon();
  }

  async #subscribeSoon(): Promise<void> {
    while (this.#fresh.length > 0) {
      const fresh = this.#fresh;
      this.#fresh = [];
      await this.#subscribe(fresh);
      await new Promise((resolve) => setTimeout(resolve, SUBSCRIBE_AFTER_MS));
    }
    this.#subscribing = null;
  }

  async #subscribe(fresh: Feed[]): Promise<void> {
    if (this.#subscriber === null) {
      this.#subscriber = await this.#session.attach(PLUGIN);
      const who = { room: this.#room, ptype: 'subscriber', private_id: this.#privateId };
      const request = { request: 'join', ...who, streams: fresh };
      await this.#take(this.#subscriber, await this.#session.request(this.#subscriber, request));
    } else {
      const event = await this.#session.request(this.#subscriber, { request: 'update', subscribe: fresh });
      await this.#take(this.#subscriber, event);
    }
  }

  async #take(subscriber: number, { data, jsep }: PluginEvent): Promise<void> {
    if (!jsep) return;
    for (const { kind, ssrc } of streamsOf(jsep.sdp)) this.media.reception.expect(kind, ssrc);
    if (!this.#receive) {
      this.#receive = new RtcEnd(farEndOf(jsep.sdp), ownAddress());
      this.media.receiveOver(this.#receive);
    }
    const answer = { type: 'answer', sdp: answerOf(this.#receive, jsep.sdp) } as const;
    await this.#session.request(subscriber, { request: 'start', room: this.#room }, answer);
    const videos = (data['streams'] as { type: string; mid: string }[]).filter(
      ({ type }) => type === 'video',
    );
    const streams = videos.map(({ mid }) => ({ mid, substream: this.#plan.layer, temporal: 2 }));
    if (streams.length > 0) await this.#session.request(subscriber, { request: 'configure', streams });
    await this.#receive.connected();
  }
}

/** Janus leaves loopback out, so its packets go to this machine's own address. The kernel keeps them inside, too. */
function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const own = addresses.find(({ family, internal }) => family === 'IPv4' && !internal);
  if (!own) throw new Error('Janus needs an address that is not loopback.');
  return own.address;
}
