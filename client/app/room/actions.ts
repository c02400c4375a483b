import type { Reaction, RoomErrorCode } from '../../sdk/types.ts';
import { DeviceError } from '../../sdk/devices.ts';
import { currentText } from '../i18n/text.ts';
import type { CaptureKind, LocalSource } from '../media/local-media.ts';
import { deviceProblemTexts } from '../media/problem-texts.ts';
import { isRoomError } from '../meeting/room-error.ts';
import type { Session } from '../meeting/session.ts';
import { toggleFullScreen } from '../ui/full-screen.ts';

/** What somebody does in a room, whether by button or by key. What fails is told in a notice; nothing rejects. */
export class RoomActions {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  get isMicrophoneOn(): boolean {
    return isRunning(this.#session.media.state.microphone);
  }

  toggleMicrophone(): void {
    void this.setMicrophone(!this.isMicrophoneOn);
  }

  async setMicrophone(isOn: boolean): Promise<void> {
    await this.#setDevice('microphone', isOn);
    const { microphone } = this.#session.media.state;
    if (microphone.isOn === isOn && !microphone.problem)
      this.#session.notices.announce(currentText()(isOn ? 'announce.unmuted' : 'announce.muted'));
  }

  toggleCamera(): void {
    void this.#toggleCamera();
  }

  async #toggleCamera(): Promise<void> {
    const isOn = !isRunning(this.#session.media.state.camera);
    await this.#setDevice('camera', isOn);
    const { camera } = this.#session.media.state;
    if (camera.isOn === isOn && !camera.problem)
      this.#session.notices.announce(currentText()(isOn ? 'announce.cameraOn' : 'announce.cameraOff'));
  }

  async #setDevice(kind: CaptureKind, isOn: boolean): Promise<void> {
    const { media, notices } = this.#session;
    await media.setOn(kind, isOn);
    const { problem } = media.state[kind];
    if (!isOn || !problem) return;
    const text = currentText();
    const { heading, hint } = deviceProblemTexts(kind, problem);
    notices.show(`${text(heading)}. ${text(hint)}`, 'warning');
    // The button says what is, not what was wished.
    await media.setOn(kind, false);
  }

  toggleScreen(): void {
    void this.#toggleScreen();
  }

  async #toggleScreen(): Promise<void> {
    const { media, notices } = this.#session;
    if (media.state.screen) {
      media.stopScreen();
      return;
    }
    try {
      await media.shareScreen();
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      // Thinking better of it is no failure.
      if (error.code !== 'permission-dismissed')
        notices.show(currentText()('notice.screenFailed'), 'warning');
    }
  }

  toggleFullScreen(): void {
    void toggleFullScreen();
  }

  toggleHand(): void {
    const { self, participants } = this.#session.client.state;
    const own = participants.find(({ id }) => id === self?.participantId);
    void this.#attempt(this.#session.client.raiseHand(own?.handRaisedAt === null));
  }

  react(reaction: Reaction): void {
    void this.#attempt(this.#session.client.react(reaction));
  }

  rename(name: string): void {
    void this.#attempt(this.#session.client.rename(name));
  }

  /** Rejects when the message did not get through, so that the writer's words are kept. @throws RoomError */
  async sendChat(message: string): Promise<void> {
    await this.#session.client.sendChat(message);
  }

  async #attempt(done: Promise<void>): Promise<void> {
    try {
      await done;
    } catch (error) {
      if (!isRoomError(error)) throw error;
      this.#session.notices.show(failureText(error.code, error.message), 'warning');
    }
  }
}

/** Wished, and nothing in the way: what is in the way is tried again by the next press. */
function isRunning({ isOn, problem }: LocalSource): boolean {
  return isOn && problem === null;
}

function failureText(code: RoomErrorCode, message: string): string {
  const text = currentText();
  switch (code) {
    case 'rate-limited':
      return text('notice.tooFast');
    case 'unreachable':
    case 'timeout':
      return text('notice.reconnecting');
    default:
      return text('notice.actionFailed', { reason: message });
  }
}
