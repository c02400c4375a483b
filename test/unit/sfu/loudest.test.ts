import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DOMINANCE_END_MS, Loudest } from '../../../server/sfu/loudest.ts';

const SIZE = 3;
const PACKET_MS = 20;

/** What the averages of who is heard stand for. */
const AVERAGE_MS = 250;

/** A room on a clock of its own: who is in `speaking` sends a packet at that level each 20 ms. */
class Scene {
  readonly loudest = new Loudest(SIZE);
  readonly speaking = new Map<string, number>();
  now = 10_000;
  changes = 0;

  constructor(microphones: number) {
    for (let i = 0; i < microphones; i += 1) this.loudest.add(`m${i}`);
  }

  get heard(): string[] {
    return this.loudest.ranking.slice(0, SIZE);
  }

  /** Lets time pass; stops early once `until` holds. @returns how many ms went by */
  run(ms: number, until: () => boolean = () => false): number {
    const start = this.now;
    while (this.now - start < ms && !until()) {
      for (const [id, level] of this.speaking) {
        if (this.loudest.level(id, level, this.now, PACKET_MS)) this.changes += 1;
      }
      this.now += PACKET_MS;
      this.loudest.tick(this.now);
    }
    return this.now - start;
  }
}

describe('who is heard', () => {
  it('is everybody, in the order they came, while there are places', () => {
    const scene = new Scene(SIZE);
    expect(scene.heard).toEqual(['m0', 'm1', 'm2']);
  });

  it('includes one more than there are places, so that each of them still hears all others', () => {
    const scene = new Scene(SIZE + 1);
    for (const own of scene.loudest.ranking) {
      const others = scene.loudest.ranking.filter((id) => id !== own).slice(0, SIZE);
      expect(new Set([own, ...others]).size).toBe(SIZE + 1);
    }
  });

  it.each([
    ['loud', 20],
    ['ordinary', 35],
    ['quiet', 45],
  ])('is a new %s speaker within 80 ms of starting', (_, level) => {
    const scene = new Scene(10);
    scene.speaking.set('m9', level);
    expect(scene.run(1_000, () => scene.heard.includes('m9'))).toBeLessThanOrEqual(80);
  });

  it('is not who only makes a click', () => {
    const scene = new Scene(10);
    scene.loudest.level('m9', 0, scene.now, PACKET_MS);
    scene.speaking.set('m9', 90);
    scene.run(1_000);
    expect(scene.heard).not.toContain('m9');
  });

  it('is not who has a fan running', () => {
    const scene = new Scene(10);
    scene.speaking.set('m9', 62);
    scene.run(5_000);
    expect(scene.heard).not.toContain('m9');
  });

  it('loses its place to a newcomer when it has been silent for longest', () => {
    const scene = new Scene(10);
    for (const id of ['m2', 'm0', 'm1']) {
      scene.speaking.set(id, 30);
      scene.run(300);
      scene.speaking.clear();
    }
    scene.run(1_000);
    scene.speaking.set('m7', 30);
    scene.run(200);
    expect(scene.heard).toEqual(['m0', 'm1', 'm7']);
  });

  it('keeps its place between two words, however loud the newcomer', () => {
    const scene = new Scene(10);
    for (const id of ['m0', 'm1', 'm2']) scene.speaking.set(id, 25);
    scene.run(2_000);
    scene.speaking.delete('m1');
    scene.speaking.set('m5', 25);
    scene.run(300);
    expect(scene.heard).toContain('m1');
  });

  it('does not change between voices of the same loudness', () => {
    const scene = new Scene(10);
    for (let i = 0; i < 10; i += 1) scene.speaking.set(`m${i}`, 30);
    scene.run(1_000);
    const [heard, changes] = [scene.heard, scene.changes];
    scene.run(30_000);
    expect(scene.heard).toEqual(heard);
    expect(scene.changes).toBe(changes);
  });

  it('changes seldom among voices that rise and fall alike', () => {
    const random = (seed: number) => fc.sample(fc.integer({ min: -8, max: 8 }), { seed, numRuns: 1_500 });
    const scene = new Scene(10);
    const offsets = Array.from({ length: 10 }, (_, i) => random(i));
    for (let packet = 0; packet < 1_500; packet += 1) {
      for (const [i, offset] of offsets.entries()) scene.speaking.set(`m${i}`, 32 + (offset[packet] ?? 0));
      scene.run(PACKET_MS);
    }
    // In 30 s.
    expect(scene.changes).toBeLessThan(12);
  });

  it('gives way to one who speaks clearly louder for a while', () => {
    const scene = new Scene(10);
    scene.speaking.set('m0', 30).set('m1', 30).set('m2', 45);
    scene.run(2_000);
    scene.speaking.set('m8', 25);
    expect(scene.run(2_000, () => scene.heard.includes('m8'))).toBeGreaterThan(200);
    expect(scene.heard).toEqual(['m0', 'm1', 'm8']);
  });

  it('stays when it mutes, until somebody speaks', () => {
    const scene = new Scene(10);
    scene.speaking.set('m0', 30);
    scene.run(500);
    scene.speaking.clear();
    scene.loudest.mute('m0');
    expect(scene.heard).toContain('m0');
    for (const id of ['m4', 'm5', 'm6']) scene.speaking.set(id, 30);
    scene.run(300);
    expect(scene.heard).toEqual(expect.arrayContaining(['m4', 'm5', 'm6']));
  });

  it('does not change for who is there when others come', () => {
    const scene = new Scene(10);
    scene.speaking.set('m9', 30);
    scene.run(500);
    const before = scene.loudest.ranking;
    scene.loudest.add('late');
    expect(scene.loudest.ranking).toEqual(before);
  });

  it('is kept at hand as soon as it unmutes', () => {
    const scene = new Scene(20);
    expect(scene.loudest.ranking).not.toContain('m15');
    expect(scene.loudest.unmute('m15')).toBe(true);
    expect(scene.loudest.ranking[SIZE]).toBe('m15');
  });

  it('never is more than there are places, and nobody twice, whatever happens', () => {
    const id = fc.integer({ min: 0, max: 11 }).map((i) => `m${i}`);
    const happening = fc.oneof(
      fc.record({
        what: fc.constantFrom('add' as const, 'remove' as const, 'mute' as const, 'unmute' as const),
        id,
      }),
      fc.record({
        what: fc.constant('level' as const),
        id,
        level: fc.integer({ min: 0, max: 127 }),
        packets: fc.integer({ min: 1, max: 20 }),
      }),
      fc.record({ what: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 5_000 }) }),
    );
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 200 }), (happenings) => {
        const loudest = new Loudest(SIZE);
        const present = new Set<string>();
        let now = 0;
        for (const happening of happenings) {
          if (happening.what === 'wait') now += happening.ms;
          else if (happening.what === 'add') {
            loudest.add(happening.id);
            present.add(happening.id);
          } else if (happening.what === 'remove') {
            loudest.remove(happening.id);
            present.delete(happening.id);
          } else if (happening.what === 'level') {
            for (let i = 0; i < happening.packets; i += 1) {
              loudest.level(happening.id, happening.level, (now += PACKET_MS), PACKET_MS);
            }
          } else loudest[happening.what](happening.id);
          loudest.tick(now);
          const { ranking, dominant } = loudest;
          expect(new Set(ranking).size).toBe(ranking.length);
          expect(ranking.length).toBe(Math.min(present.size, 2 * SIZE + 1));
          for (const ranked of ranking) expect(present).toContain(ranked);
          if (dominant !== null) expect(present).toContain(dominant);
        }
      }),
    );
  });

  it('tells of every change of the ranking', () => {
    const levels = fc.array(
      fc.record({ id: fc.integer({ min: 0, max: 9 }), level: fc.integer({ min: 10, max: 90 }) }),
      { maxLength: 400 },
    );
    fc.assert(
      fc.property(levels, (packets) => {
        const loudest = new Loudest(SIZE);
        for (let i = 0; i < 10; i += 1) loudest.add(`m${i}`);
        let now = 0;
        for (const { id, level } of packets) {
          const before = [loudest.ranking, loudest.dominant];
          const changed = loudest.level(`m${id}`, level, (now += 5), PACKET_MS);
          if (!changed) expect([loudest.ranking, loudest.dominant]).toEqual(before);
        }
      }),
    );
  });
});

describe('the dominant speaker', () => {
  it('is nobody while nobody speaks', () => {
    const scene = new Scene(4);
    scene.run(2_000);
    expect(scene.loudest.dominant).toBeNull();
  });

  it('is who has been speaking for some hundred ms, not who just began', () => {
    const scene = new Scene(4);
    scene.speaking.set('m2', 30);
    const ms = scene.run(5_000, () => scene.loudest.dominant === 'm2');
    expect(ms).toBeGreaterThan(150);
    expect(ms).toBeLessThan(1_000);
  });

  it('stays through an interjection of the same loudness', () => {
    const scene = new Scene(4);
    scene.speaking.set('m0', 30);
    scene.run(2_000);
    scene.speaking.set('m1', 28);
    scene.run(3_000);
    expect(scene.loudest.dominant).toBe('m0');
  });

  it('changes soon after one has ended and another goes on', () => {
    const scene = new Scene(4);
    scene.speaking.set('m0', 30);
    scene.run(2_000);
    scene.speaking.clear();
    scene.speaking.set('m1', 30);
    expect(scene.run(5_000, () => scene.loudest.dominant === 'm1')).toBeLessThan(1_200);
  });

  it('is nobody after some seconds of silence', () => {
    const scene = new Scene(4);
    scene.speaking.set('m0', 30);
    scene.run(2_000);
    scene.speaking.clear();
    scene.run(DOMINANCE_END_MS - 200);
    expect(scene.loudest.dominant).toBe('m0');
    scene.run(400);
    expect(scene.loudest.dominant).toBeNull();
  });

  it('is nobody when it mutes or goes', () => {
    for (const end of ['mute', 'remove'] as const) {
      const scene = new Scene(4);
      scene.speaking.set('m0', 30);
      scene.run(2_000);
      expect(scene.loudest[end]('m0')).toBe(true);
      expect(scene.loudest.dominant).toBeNull();
    }
  });

  it('is found by the averages of those who are heard as well, somewhat later', () => {
    const scene = new Scene(4);
    const average = (id: string, level: number): boolean =>
      scene.loudest.level(id, level, (scene.now += AVERAGE_MS), AVERAGE_MS);
    average('m1', 40);
    expect(scene.loudest.dominant).toBeNull();
    for (let i = 0; i < 3; i += 1) average('m1', 40);
    expect(scene.loudest.dominant).toBe('m1');
    scene.now += DOMINANCE_END_MS;
    expect(scene.loudest.tick(scene.now)).toBe(true);
    expect(scene.loudest.dominant).toBeNull();
  });
});

describe('a place among those who are heard, by averages', () => {
  it('is kept while its owner speaks, and lost to a newcomer afterwards', () => {
    const scene = new Scene(10);
    const averages = (ms: number): void => {
      for (const end = scene.now + ms; scene.now < end; scene.now += AVERAGE_MS) {
        for (const id of ['m0', 'm1', 'm2']) scene.loudest.level(id, 32, scene.now, AVERAGE_MS);
        for (let packet = 0; packet < AVERAGE_MS; packet += PACKET_MS) {
          for (const [id, level] of scene.speaking) {
            scene.loudest.level(id, level, scene.now + packet, PACKET_MS);
          }
        }
      }
    };
    averages(2_000);
    scene.speaking.set('m8', 32);
    averages(2_000);
    expect(scene.heard).toEqual(['m0', 'm1', 'm2']);
    scene.run(1_000);
    expect(scene.heard).toContain('m8');
  });
});
