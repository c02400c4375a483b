/** The phone as one uses it: the agent, one's devices, and the memory of calls and messages, working together. */
import { LocalMedia } from '../app/media/local-media.ts';
import type { LocalMediaState } from '../app/media/local-media.ts';
import { preferences } from '../app/preferences/preferences.ts';
import { Observable } from '../app/ui/observable.ts';
import { DeviceError } from '../sdk/devices.ts';
import type { DeviceErrorCode } from '../sdk/devices.ts';
import type { Account } from './agent/account.ts';
import { Agent } from './agent/agent.ts';
import type { Call } from './agent/call.ts';
import type { CallState, Peer, Sending } from './agent/call-state.ts';
import { MessageError } from './agent/messages.ts';
import type { Target } from './agent/target.ts';
import { CallLog } from './memory/call-log.ts';
import { Conversations } from './memory/conversations.ts';

/** Why something that was asked for did not happen. */
export type DeskProblem =
  /** The microphone does not work, and without it there is no call. */
  | { readonly type: 'devices'; readonly media: LocalMediaState }
  | { readonly type: 'screen'; readonly code: DeviceErrorCode };

export interface DeskState {
  /** The call that is in front, and gets camera and screen. */
  readonly activeCall: Call | null;
  /** Open while there are calls. */
  readonly media: LocalMedia | null;
  /** While the browser asks for the microphone, which may take a person to answer. */
  readonly isOpening: boolean;
  readonly problem: DeskProblem | null;
  /** The call that ended last, until the next one, or until it is put away. */
  readonly lastCall: CallState | null;
}

export class Desk extends Observable<DeskState> {
  readonly agent: Agent;
  readonly log: CallLog;
  readonly conversations: Conversations;
  /** What each call was last told to show. */
  readonly #shown = new WeakMap<Call, MediaStreamTrack | null>();
  readonly #following = new WeakSet<Call>();
  /** While a call is being begun. */
  #isBeginning = false;

  constructor(account: Account) {
    super({ activeCall: null, media: null, isOpening: false, problem: null, lastCall: null });
    this.agent = new Agent(account);
    this.log = new CallLog(account.address);
    this.conversations = new Conversations(account.address);
    this.agent.on('ended', (call) => this.#ended(call));
    this.agent.on('message', ({ from, text }) => this.conversations.receive(from, text, Date.now()));
    this.agent.on('call', (call) => {
      if (call.state.direction === 'outbound') this.#activate(call);
      else this.#change({ lastCall: null });
    });
  }

  /**
   * Calls somebody.
   * @returns false when nothing came of it: without a microphone, which is told, or while another call begins
   */
  call({ address, keys }: Target, withVideo: boolean): Promise<boolean> {
    return this.#begin(withVideo, async (sending) => {
      await this.#holdOthers(null);
      this.#activate(this.agent.call(address, sending, keys));
    });
  }

  async answer(call: Call, withVideo: boolean): Promise<void> {
    await this.#begin(withVideo, async (sending) => {
      await this.#holdOthers(call);
      call.answer(sending);
      this.#activate(call);
    });
  }

  /** Goes on with a held call; another one that goes on is held instead. */
  async resume(call: Call): Promise<void> {
    await this.#holdOthers(call);
    if (call.state.sends !== 'camera') await this.state.media?.setOn('camera', false);
    this.state.media?.stopScreen();
    await call.setHeld(false);
    this.#activate(call);
  }

  /** Calls whom the other end of a call asks us to call instead. */
  async followReferral(call: Call): Promise<void> {
    await this.#begin(false, (sending) => call.followReferral(sending));
  }

  async toggleCamera(): Promise<void> {
    const { media } = this.state;
    if (media) await media.setOn('camera', !media.state.camera.isOn);
  }

  async toggleScreen(): Promise<void> {
    const { media } = this.state;
    if (!media) return;
    if (media.state.screen) {
      media.stopScreen();
      return;
    }
    try {
      await media.shareScreen();
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      // Changing one's mind is no problem.
      if (error.code !== 'permission-dismissed')
        this.#change({ problem: { type: 'screen', code: error.code } });
    }
  }

  /** Never rejects: what became of it stands in the conversation. */
  async write(to: Peer, text: string): Promise<void> {
    const id = this.conversations.begin(to, text, Date.now());
    try {
      this.conversations.settle(id, await this.agent.send(to.address, text), null);
    } catch (error) {
      if (!(error instanceof MessageError)) throw error;
      this.conversations.settle(id, 'failed', error.problem);
    }
  }

  /** Puts what was told away. */
  dismiss(): void {
    this.#change({ problem: null, lastCall: null });
  }

  close(): void {
    this.agent.close();
    this.#closeMedia();
  }

  /**
   * Opens the microphone, and the camera if it is wanted, and begins a call with them: they stay open until it has begun,
   * even if the last of the other calls ends meanwhile.
   * @returns whether it has begun: not without a microphone, nor when one click follows another
   */
  async #begin(withVideo: boolean, begin: (sending: Sending) => Promise<void> | void): Promise<boolean> {
    if (this.#isBeginning) return false;
    this.#isBeginning = true;
    try {
      const sending = await this.#open(withVideo);
      if (sending) await begin(sending);
      return sending !== null;
    } finally {
      this.#isBeginning = false;
      this.#release();
    }
  }

  /** @returns null when there is no microphone, which is told */
  async #open(withVideo: boolean): Promise<Sending | null> {
    this.#change({ isOpening: true, problem: null, lastCall: null });
    const media = this.state.media ?? this.#makeMedia(withVideo);
    await media.start();
    await media.setOn('camera', withVideo);
    this.#change({ isOpening: false });
    const { microphone, camera } = media.state;
    if (!microphone.track) {
      this.#change({ problem: { type: 'devices', media: media.state } });
      return null;
    }
    return {
      audio: microphone.track,
      video: camera.track && { track: camera.track, source: 'camera' },
    };
  }

  #makeMedia(isCameraOn: boolean): LocalMedia {
    const { microphoneId, cameraId } = preferences();
    // Muting is each call's own: the microphone itself stays on.
    const media = new LocalMedia({ microphoneId, cameraId, isMicrophoneOn: true, isCameraOn });
    media.subscribe(() => this.#show());
    this.#change({ media });
    return media;
  }

  async #holdOthers(except: Call | null): Promise<void> {
    const others = this.agent.state.calls.filter(
      (call) => call !== except && call.state.phase === 'talking' && !call.state.isHeld,
    );
    await Promise.all(others.map((call) => call.setHeld(true)));
  }

  /** Puts a call in front, unless it has ended before it could be. */
  #activate(call: Call): void {
    if (call.state.phase === 'ended') return;
    this.#change({ activeCall: call });
    if (!this.#following.has(call)) this.#follow(call);
    this.#show();
  }

  #follow(call: Call): void {
    this.#following.add(call);
    let wasTalking = false;
    call.subscribe(() => {
      const isTalking = call.state.phase === 'talking';
      // Who takes our call while we talk with somebody else is not to hear that.
      if (isTalking && !wasTalking && call !== this.state.activeCall) void call.setHeld(true);
      wasTalking = isTalking;
      this.#show();
    });
  }

  /** Has every call send the devices that run now: the microphone to all, a picture to the one in front. */
  #show(): void {
    const { media, activeCall } = this.state;
    if (!media) return;
    const { microphone, camera, screen } = media.state;
    for (const call of this.agent.state.calls) {
      if (call.state.phase !== 'talking') continue;
      if (microphone.track) void call.setAudio(microphone.track);
      const shown = this.#shown.get(call) ?? null;
      const video = screen
        ? ({ track: screen.video, source: 'screen' } as const)
        : camera.track && ({ track: camera.track, source: 'camera' } as const);
      const wanted = call === activeCall || shown === video?.track ? video : null;
      if (shown === (wanted?.track ?? null)) continue;
      this.#shown.set(call, wanted?.track ?? null);
      void call.setVideo(wanted);
    }
  }

  #ended(call: CallState): void {
    this.log.add(call);
    const { activeCall } = this.state;
    const isActive = activeCall?.state.id === call.id;
    this.#change({
      lastCall: call,
      ...(isActive ? { activeCall: this.agent.state.calls.find(isTaken) ?? null } : {}),
    });
    this.#release();
  }

  /** Lets go of the devices when nobody is called any more, nor about to be. */
  #release(): void {
    if (!this.#isBeginning && !this.agent.state.calls.some(isTaken)) this.#closeMedia();
  }

  #closeMedia(): void {
    this.state.media?.close();
    this.#change({ media: null });
  }

  #change(change: Partial<DeskState>): void {
    this.set({ ...this.state, ...change });
  }
}

/** One that rings here is not ours yet. */
function isTaken({ state }: Call): boolean {
  return state.direction === 'outbound' || state.phase !== 'ringing';
}
