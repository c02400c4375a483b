/** What hosts do to others, seen and heard by real packets. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PublicationInfo, RequestInput, RoomSettings } from '../../../server/signalling/contract.ts';
import { SignalledParticipant } from '../../helpers/signalled-participant.ts';
import { SignalledServer } from '../../helpers/signalled-server.ts';
import { steady } from '../../helpers/wait.ts';

type Moderation = RequestInput<'moderate'>;

const soon = { timeout: 5_000, interval: 20 };

describe('Moderation', () => {
  let server: SignalledServer;
  const people: SignalledParticipant[] = [];

  beforeAll(async () => {
    server = await SignalledServer.start();
  });
  afterEach(async () => {
    for (const person of people.splice(0)) person.vanish();
    expect(server.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
    await server.empty();
  });
  afterAll(() => server.close());

  async function come(name: string): Promise<SignalledParticipant> {
    const person = await SignalledParticipant.join(server.url, 'room', name);
    people.push(person);
    return person;
  }

  async function hostAndBen(settings?: Partial<RoomSettings>) {
    const hana = await come('Hana');
    if (settings)
      await hana.signal.ask('changeRoom', {
        settings: { ...settings, allowed: [...(settings.allowed ?? [])] },
      });
    return { hana, ben: await come('Ben') };
  }

  const moderate = (by: SignalledParticipant, request: Moderation) => by.signal.ask('moderate', request);
  const only = ({ id }: SignalledParticipant) => ({ participantId: id });

  /** That packets of a publication come to somebody, or come no more. */
  async function flows(to: SignalledParticipant, id: string): Promise<void> {
    const before = to.packetsOf(id);
    await vi.waitFor(() => expect(to.packetsOf(id)).toBeGreaterThan(before + 3), soon);
  }
  async function rests(to: SignalledParticipant, id: string): Promise<void> {
    await steady('packets come no more', () => to.packetsOf(id));
  }

  const isOf = (
    { publication }: { publication: PublicationInfo },
    { publicationId }: { publicationId: string },
  ) => publication.id === publicationId;

  const allowedOf = (person: SignalledParticipant) =>
    person.signal.events
      .flatMap((event) =>
        event.type === 'participantChanged' && event.participant.id === person.id
          ? [event.participant.allowed]
          : [],
      )
      .at(-1);

  it('mutes a microphone on the server, and keeps it muted until a host allows it', async () => {
    const { hana, ben } = await hostAndBen();
    const { microphone, publicationId } = await ben.microphone();
    microphone.speak();
    await flows(hana, publicationId);
    await moderate(hana, { action: 'mute', target: only(ben), mayUnmute: false });
    // Whatever Ben's client does with it: he goes on sending.
    await rests(hana, publicationId);
    expect(await ben.signal.told('moderated')).toEqual({
      type: 'moderated',
      moderation: { action: 'muted', mayUnmute: false },
      by: { participantId: hana.id, name: 'Hana' },
    });
    expect(await ben.signal.told('publicationChanged')).toMatchObject({
      publication: { id: publicationId, muted: true },
    });
    expect(allowedOf(ben)).toEqual(['camera', 'screen', 'screenAudio']);
    const refusal = await ben.signal.refusal('setMuted', { publicationId, muted: false });
    expect(refusal).toMatchObject({ code: 'forbidden' });
    expect(refusal.message).toContain('microphone');
    expect((await ben.refusedToPublish('microphone', false)).code).toBe('forbidden');
    // A new one that is muted is there at once when it is allowed.
    const muted = await ben.microphone(true);
    muted.microphone.speak();
    await moderate(hana, { action: 'allow', target: only(ben), sources: ['microphone'] });
    const told = await ben.signal.told('moderated', ({ moderation }) => moderation.action === 'allowed');
    expect(told.moderation).toEqual({ action: 'allowed', sources: ['microphone'] });
    await ben.signal.ask('setMuted', { publicationId: muted.publicationId, muted: false });
    await flows(hana, muted.publicationId);
  });

  it('mutes all who are no hosts, who may go on by themselves if it says so', async () => {
    const { hana, ben } = await hostAndBen();
    const cleo = await come('Cleo');
    await hana.signal.ask('setRole', { participantId: cleo.id, role: 'cohost' });
    const mine = await hana.microphone();
    const cohosts = await cleo.microphone();
    const bens = await ben.microphone();
    for (const { microphone } of [mine, cohosts, bens]) microphone.speak();
    await flows(hana, bens.publicationId);
    await moderate(cleo, { action: 'mute', target: 'all', mayUnmute: true });
    await rests(hana, bens.publicationId);
    await flows(ben, mine.publicationId);
    await flows(ben, cohosts.publicationId);
    await ben.signal.ask('setMuted', { publicationId: bens.publicationId, muted: false });
    await flows(hana, bens.publicationId);
  });

  it('lets nobody but hosts begin aloud where entry is quiet, whatever they ask for', async () => {
    const { hana, ben } = await hostAndBen({
      quietEntry: true,
      allowed: ['microphone', 'camera', 'screen', 'screenAudio'],
    });
    const first = await ben.microphone();
    first.microphone.speak();
    const camera = await ben.camera();
    await hana.show([camera.publicationId]);
    const begun = await hana.signal.told('publicationAdded', (event) => isOf(event, camera));
    expect(begun.publication.muted).toBe(true);
    for (const { publicationId } of [first, camera]) await rests(hana, publicationId);
    expect([first.muted, camera.muted]).toEqual([true, true]);
    for (const { publicationId } of [first, camera]) {
      await ben.signal.ask('setMuted', { publicationId, muted: false });
      await flows(hana, publicationId);
    }
    // That was the entry: what is published from now on begins as its owner wishes, and screens always do.
    const second = await ben.microphone();
    second.microphone.speak();
    await flows(hana, second.publicationId);
    expect((await ben.camera('screen')).muted).toBe(false);
    const hanas = await hana.microphone();
    hanas.microphone.speak();
    await flows(ben, hanas.publicationId);
  });

  it('stops a camera, for good or until it is started again', async () => {
    const { hana, ben } = await hostAndBen();
    const { publicationId } = await ben.camera();
    await hana.signal.told('publicationAdded');
    await hana.show([publicationId]);
    await flows(hana, publicationId);
    await moderate(hana, { action: 'stop-camera', target: only(ben), mayRestart: true });
    const removed = { type: 'publicationRemoved', publicationId };
    expect(await ben.signal.told('publicationRemoved')).toEqual(removed);
    expect(await hana.signal.told('publicationRemoved')).toEqual(removed);
    await rests(hana, publicationId);
    const again = await ben.camera();
    await moderate(hana, { action: 'stop-camera', target: only(ben), mayRestart: false });
    await ben.signal.told('publicationRemoved', (event) => event.publicationId === again.publicationId);
    expect((await ben.refusedToPublish('camera', false)).code).toBe('forbidden');
    await ben.signal.told(
      'moderated',
      ({ moderation }) => moderation.action === 'camera-stopped' && !moderation.mayRestart,
    );
    await moderate(hana, { action: 'allow', target: only(ben), sources: ['camera'] });
    await ben.camera();
  });

  it('stops a share with its sound, which may be begun again', async () => {
    const { hana, ben } = await hostAndBen();
    const { publicationId } = await ben.camera('screen');
    await moderate(hana, { action: 'stop-screen', target: 'all' });
    await hana.signal.told('publicationRemoved', (event) => event.publicationId === publicationId);
    expect(await ben.signal.told('moderated')).toMatchObject({ moderation: { action: 'screen-stopped' } });
    await ben.camera('screen');
  });

  it('follows the settings of the room: what they take away is muted or ended', async () => {
    const { hana, ben } = await hostAndBen();
    const voice = await ben.microphone();
    voice.microphone.speak();
    await flows(hana, voice.publicationId);
    const camera = await ben.camera();
    const screen = await ben.camera('screen');
    await hana.signal.ask('changeRoom', { settings: { allowed: [] } });
    await ben.signal.told('publicationChanged', ({ publication }) => publication.muted);
    for (const { publicationId } of [camera, screen]) {
      await ben.signal.told('publicationRemoved', (event) => event.publicationId === publicationId);
    }
    await rests(hana, voice.publicationId);
    expect((await ben.refusedToPublish('screen', true)).code).toBe('forbidden');
    expect((await ben.refusedToPublish('camera', false)).code).toBe('forbidden');
    // A host is not concerned.
    await hana.camera('screen');
  });

  it('gives the floor to one after the other, in the order of hands, and takes it back', async () => {
    const { hana, ben } = await hostAndBen({ kind: 'class', lobby: false, allowed: [] });
    const cleo = await come('Cleo');
    const { microphone, publicationId } = await ben.microphone(true);
    microphone.speak();
    await cleo.signal.ask('raiseHand', { raised: true });
    await ben.signal.ask('raiseHand', { raised: true });
    await moderate(hana, { action: 'give-floor-to-next' });
    expect(await cleo.signal.told('moderated')).toMatchObject({
      moderation: { action: 'given-floor' },
      by: { name: 'Hana' },
    });
    expect(allowedOf(cleo)).toEqual(['microphone', 'camera']);
    await moderate(hana, { action: 'give-floor-to-next' });
    await ben.signal.told('moderated');
    await ben.signal.ask('setMuted', { publicationId, muted: false });
    await flows(hana, publicationId);
    expect((await hana.signal.refusal('moderate', { action: 'give-floor-to-next' })).code).toBe(
      'unknown-participant',
    );
    await moderate(hana, { action: 'take-floor', target: only(ben) });
    await rests(hana, publicationId);
    expect((await ben.signal.refusal('setMuted', { publicationId, muted: false })).code).toBe('forbidden');
    expect(allowedOf(ben)).toEqual([]);
    await moderate(hana, { action: 'ask-to-unmute', target: only(cleo) });
    await cleo.signal.told('moderated', ({ moderation }) => moderation.action === 'asked-to-unmute');
  });

  it('puts viewers on the stage if they want to, and off it again', async () => {
    const { hana, ben: vic } = await hostAndBen({ defaultRole: 'viewer', allowed: ['microphone', 'camera'] });
    expect(vic.answer.role).toBe('viewer');
    expect(await vic.refusedToPublish('microphone', true)).toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('publish') as string,
    });
    expect((await vic.signal.refusal('answerStage', { accept: true })).code).toBe('forbidden');
    await moderate(hana, { action: 'invite-to-stage', target: only(vic) });
    expect(await vic.signal.told('moderated')).toMatchObject({ moderation: { action: 'invited-to-stage' } });
    await vic.signal.ask('answerStage', { accept: false });
    expect(await hana.signal.told('stageDeclined')).toEqual({ type: 'stageDeclined', participantId: vic.id });
    expect((await vic.signal.refusal('answerStage', { accept: true })).code).toBe('forbidden');
    // A hand that is up is an answer as well, but who is not on the stage is still asked.
    await vic.signal.ask('raiseHand', { raised: true });
    await moderate(hana, { action: 'give-floor-to-next' });
    await vic.signal.ask('answerStage', { accept: true });
    await hana.signal.told(
      'participantChanged',
      ({ participant }) => participant.id === vic.id && participant.role === 'participant',
    );
    const { microphone, publicationId } = await vic.microphone();
    microphone.speak();
    await flows(hana, publicationId);
    await moderate(hana, { action: 'put-off-stage', target: only(vic) });
    await vic.signal.told('publicationRemoved', (event) => event.publicationId === publicationId);
    await rests(hana, publicationId);
    expect((await vic.refusedToPublish('microphone', true)).code).toBe('forbidden');
    await vic.signal.told('moderated', ({ moderation }) => moderation.action === 'put-off-stage');
  });

  it('wins also over those who unmute and publish at the same moment', async () => {
    const { hana, ben } = await hostAndBen();
    const ready = await ben.microphone(true);
    for (let round = 0; round < 10; round += 1) {
      const target = only(ben);
      await moderate(hana, { action: 'allow', target, sources: ['microphone', 'camera'] });
      await Promise.all([
        ben.signal.say('setMuted', { publicationId: ready.publicationId, muted: false }),
        ben.camera().catch(() => undefined),
        moderate(hana, { action: 'mute', target, mayUnmute: false }),
        ben.signal.say('setMuted', { publicationId: ready.publicationId, muted: false }),
        moderate(hana, { action: 'stop-camera', target, mayRestart: false }),
      ]);
      const sent = server.conference.room('room')!.participant(ben.id)!.publications;
      expect(sent.map(({ source, muted }) => ({ source, muted }))).toEqual([
        { source: 'microphone', muted: true },
      ]);
    }
    ready.microphone.speak();
    await rests(hana, ready.publicationId);
  });

  it('tells the one concerned of a new name and a lowered hand', async () => {
    const { hana, ben } = await hostAndBen();
    await ben.signal.ask('raiseHand', { raised: true });
    await moderate(hana, { action: 'lower-hand', target: only(ben) });
    await ben.signal.told('moderated', ({ moderation }) => moderation.action === 'hand-lowered');
    await hana.signal.ask('renameOther', { participantId: ben.id, name: 'Benjamin' });
    const { moderation, by } = await ben.signal.told(
      'moderated',
      (told) => told.moderation.action === 'renamed',
    );
    expect(moderation).toEqual({ action: 'renamed', name: 'Benjamin' });
    expect(by).toEqual({ participantId: hana.id, name: 'Hana' });
    await ben.signal.told('participantChanged', ({ participant }) => participant.name === 'Benjamin');
  });
});
