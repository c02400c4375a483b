/** The generator's process: keeps the participants, and does what it is asked (protocol.ts). */
import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { RecordableHistogram } from 'node:perf_hooks';
import { SendClock } from './clock.ts';
import type { Member } from './member.ts';
import type { Kind } from './packets.ts';
import type { Plan, Target } from './plan.ts';
import type { Answer, Delays, Question, RequestName, Requests } from './protocol.ts';
import { sumOf } from './reception.ts';
import { BareMember, BareRooms } from './systems/bare.ts';
import { JanusMember, JanusRooms } from './systems/janus.ts';
import { TertuliaMember } from './systems/tertulia.ts';
import { sleep } from '../../helpers/wait.ts';

/** All that ever came in: what they have received counts when they have left, too. */
const members: Member[] = [];
const bareRooms = new BareRooms();
const janusRooms = new JanusRooms();
/** In µs. */
const delays: Readonly<Record<Kind, RecordableHistogram>> = {
  audio: createHistogram(),
  video: createHistogram(),
};
const lateness = monitorEventLoopDelay({ resolution: 5 });
lateness.enable();
const shared = {
  clock: new SendClock(),
  delayed: (kind: Kind, ms: number) => delays[kind].record(Math.max(1, Math.round(ms * 1_000))),
};

function enter({ system, url }: Target, plan: Plan): Promise<Member> {
  switch (system) {
    case 'tertulia':
      return TertuliaMember.join(url, plan, shared);
    case 'bare':
      return BareMember.join(url, plan, bareRooms, shared);
    case 'janus':
      return JanusMember.join(url, plan, janusRooms, shared);
  }
}

/** @throws Error when there is none */
function memberOf(index: number): Member {
  const member = members[index];
  if (!member) throw new Error(`There is no member ${index}.`);
  return member;
}

function delaysOf(histogram: RecordableHistogram): Delays {
  const at = (share: number): number | null =>
    histogram.count === 0 ? null : histogram.percentile(share) / 1_000;
  const found = { p50: at(50), p99: at(99) };
  histogram.reset();
  return found;
}

const answers: { [N in RequestName]: (request: Requests[N]['request']) => Promise<Requests[N]['answer']> } = {
  async join({ target, plans, spacingMs }) {
    const results = await Promise.allSettled(
      plans.map(async (plan, i) => {
        await sleep(i * spacingMs);
        const member = await enter(target, plan);
        return { ...member.joined, member: members.push(member) - 1 };
      }),
    );
    return {
      entered: results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
      failed: results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : [])),
    };
  },

  async firstFrames({ members: indices }) {
    return indices.map((index) => {
      const { media, startedAt } = memberOf(index);
      return media.reception.firstFrameAt === null ? null : media.reception.firstFrameAt - startedAt;
    });
  },

  async streams({ members: indices }) {
    return indices.map((index) => memberOf(index).media.reception.totals.streams);
  },

  async report() {
    const report = {
      received: sumOf(members.map(({ media }) => media.reception.totals)),
      sent: members.reduce((sum, { media }) => sum + media.microphone.sent + media.camera.sent, 0),
      keyFrameRequests: members.reduce((sum, { media }) => sum + media.camera.keyFrameRequests, 0),
      delays: { audio: delaysOf(delays.audio), video: delaysOf(delays.video) },
      traffic: {
        messages: members.reduce((sum, { traffic }) => sum + traffic.messages, 0),
        bytes: members.reduce((sum, { traffic }) => sum + traffic.bytes, 0),
      },
      latenessP99Ms: lateness.percentile(99) / 1e6,
    };
    lateness.reset();
    return report;
  },

  async send({ members: indices }) {
    for (const index of indices) memberOf(index).media.start();
    return null;
  },

  async rest({ members: indices }) {
    for (const index of indices) memberOf(index).media.stop();
    return null;
  },

  async speak({ member, speaking }) {
    const { microphone } = memberOf(member).media;
    if (speaking) microphone.speak();
    else microphone.listen();
    return null;
  },

  async setMuted({ member, muted }) {
    await memberOf(member).setMuted(muted);
    return null;
  },

  async leave({ members: indices }) {
    await Promise.all(indices.map((index) => memberOf(index).leave()));
    return null;
  },
};

async function answer({ id, name, request }: Question): Promise<Answer> {
  try {
    const make = answers[name] as (request: Question['request']) => Promise<Requests[RequestName]['answer']>;
    return { id, value: await make(request) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.on('message', (question: Question) => {
  void answer(question).then((result) => process.send?.(result));
});
// It ends with whoever started it.
process.on('disconnect', () => process.exit());
