/** What the generator can be asked by whoever runs it, in another process. */
import type { Joined, Plan, Target, Traffic } from './plan.ts';
import type { Totals } from './reception.ts';

/** Of how long packets were under way, in ms; null when there were none. */
export interface Delays {
  p50: number | null;
  p99: number | null;
}

export interface Report {
  received: Totals;
  /** Packets that were sent, RTCP aside. */
  sent: number;
  keyFrameRequests: number;
  /** Since the last report. */
  delays: { audio: Delays; video: Delays };
  /** Signalling to all members. */
  traffic: Traffic;
  /** Since the last report: when the generator itself is late, what it says of delays is wrong. In ms. */
  latenessP99Ms: number;
}

/** One who has come in. */
export interface Entry extends Joined {
  /** By which it is known to the generator. */
  member: number;
}

export interface Requests {
  /** Lets participants in, one each `spacingMs`, without waiting for the one before. Those who could not are told. */
  join: {
    request: { target: Target; plans: Plan[]; spacingMs: number };
    answer: { entered: Entry[]; failed: string[] };
  };
  /** What comes in order: when each member saw the first picture after it wished to join, in ms. */
  firstFrames: { request: { members: number[] }; answer: (number | null)[] };
  /** How many streams each member has received something of, in order. */
  streams: { request: { members: number[] }; answer: number[] };
  report: { request: null; answer: Report };
  /** Lets members send what they planned, as they do after they have joined. */
  send: { request: { members: number[] }; answer: null };
  /** Lets members send nothing more. */
  rest: { request: { members: number[] }; answer: null };
  /** Lets one member speak, or fall silent. */
  speak: { request: { member: number; speaking: boolean }; answer: null };
  setMuted: { request: { member: number; muted: boolean }; answer: null };
  leave: { request: { members: number[] }; answer: null };
}

export type RequestName = keyof Requests;

/** What goes to the generator. */
export interface Question {
  id: number;
  name: RequestName;
  request: Requests[RequestName]['request'];
}

/** What comes back. */
export type Answer = { id: number; error: string } | { id: number; value: Requests[RequestName]['answer'] };
