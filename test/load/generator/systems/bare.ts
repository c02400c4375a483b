/** Participants of the bare server. Who is there they know from each other: no control plane could be thinner. */
import { RtcEnd } from '../../../helpers/rtc-end.ts';
import { receiverCapabilities } from '../../../helpers/rtc-participant.ts';
import type { RtpParameters, TransportParameters } from '../../../../server/signalling/contract.ts';
import { call } from '../../bare/calls.ts';
import { MemberMedia } from '../member.ts';
import type { Member, Shared } from '../member.ts';
import type { Kind } from '../packets.ts';
import type { Joined, Plan, Traffic } from '../plan.ts';

interface Publication {
  id: string;
  kind: Kind;
  by: BareMember;
}

/** Who is in which room, and what they publish. */
export class BareRooms {
  readonly #rooms = new Map<string, { members: Set<BareMember>; publications: Set<Publication> }>();

  of(name: string): { members: Set<BareMember>; publications: Set<Publication> } {
    const room = this.#rooms.get(name) ?? { members: new Set(), publications: new Set() };
    this.#rooms.set(name, room);
    return room;
  }
}

export class BareMember implements Member {
  readonly media: MemberMedia;
  readonly joined: Joined = { answeredMs: 0, connectedMs: 0 };
  readonly startedAt = performance.now();
  readonly traffic: Traffic = { messages: 0, bytes: 0 };
  readonly #url: string;
  readonly #plan: Plan;
  readonly #room: ReturnType<BareRooms['of']>;
  readonly #transports: string[] = [];
  #receiveId = '';
  readonly #ssrcs = new Map<Publication, number>();
  #tiles = 0;

  private constructor(url: string, plan: Plan, rooms: BareRooms, shared: Shared) {
    this.#url = url;
    this.#plan = plan;
    this.#room = rooms.of(plan.room);
    this.media = new MemberMedia(plan, shared);
  }

  /** Resolves when media flows both ways, as far as it is planned. */
  static async join(url: string, plan: Plan, rooms: BareRooms, shared: Shared): Promise<BareMember> {
    const member = new BareMember(url, plan, rooms, shared);
    await member.#connect();
    return member;
  }

  async setMuted(): Promise<void> {
    // Nobody is told.
  }

  async leave(): Promise<void> {
    this.#room.members.delete(this);
    for (const publication of this.#room.publications) {
      if (publication.by !== this) continue;
      this.#room.publications.delete(publication);
      for (const member of this.#room.members) member.#ended(publication);
    }
    await call(this.#url, 'close', this.#transports);
    this.media.close();
  }

  async #connect(): Promise<void> {
    const { microphone, camera } = this.#plan;
    const sends = microphone !== 'none' || camera;
    const receive = call(this.#url, 'transport', null);
    const send = sends ? call(this.#url, 'transport', null) : null;
    await Promise.all([receive, send]);
    this.joined.answeredMs = performance.now() - this.startedAt;
    await Promise.all([this.#receiveOver(await receive), send && this.#sendOver(await send)]);
    this.joined.connectedMs = performance.now() - this.startedAt;
  }

  async #receiveOver(transport: TransportParameters): Promise<void> {
    const end = await this.#end(transport);
    this.media.receiveOver(end);
    this.#receiveId = transport.id;
    this.#room.members.add(this);
    await Promise.all([end.connected(), ...[...this.#room.publications].map((each) => this.#consume(each))]);
  }

  async #sendOver(transport: TransportParameters): Promise<void> {
    const { microphone, camera } = this.#plan;
    const end = await this.#end(transport);
    this.media.sendOver(end);
    const produced = [
      microphone === 'none'
        ? null
        : this.#produce(transport.id, 'audio', this.media.microphone.rtpParameters),
      camera ? this.#produce(transport.id, 'video', this.media.camera.rtpParameters) : null,
    ];
    await Promise.all([end.connected(), ...produced]);
    this.media.start();
  }

  async #end(transport: TransportParameters): Promise<RtcEnd> {
    const end = new RtcEnd(transport);
    this.#transports.push(transport.id);
    const { dtlsParameters } = end;
    await call(this.#url, 'connect', { transportId: transport.id, dtlsParameters });
    return end;
  }

  async #produce(transportId: string, kind: Kind, rtpParameters: RtpParameters): Promise<void> {
    const id = await call(this.#url, 'produce', { transportId, kind, rtpParameters });
    const publication = { id, kind, by: this };
    this.#room.publications.add(publication);
    for (const member of this.#room.members) {
      if (member !== this) member.#consume(publication).catch(() => undefined);
    }
  }

  async #consume(publication: Publication): Promise<void> {
    const { id: producerId, kind, by } = publication;
    if (by === this) return;
    if (kind === 'video' && this.#tiles >= this.#plan.tiles) return;
    if (kind === 'video') this.#tiles += 1;
    const { id, rtpParameters } = await call(this.#url, 'consume', {
      transportId: this.#receiveId,
      producerId,
      rtpCapabilities: receiverCapabilities,
      spatialLayer: this.#plan.layer,
    });
    const ssrc = rtpParameters.encodings![0]!.ssrc!;
    this.#ssrcs.set(publication, ssrc);
    this.media.reception.expect(kind, ssrc);
    await call(this.#url, 'resume', id);
  }

  #ended(publication: Publication): void {
    const ssrc = this.#ssrcs.get(publication);
    if (ssrc === undefined) return;
    this.#ssrcs.delete(publication);
    this.media.reception.forget(ssrc);
    if (publication.kind === 'video') this.#tiles -= 1;
  }
}
