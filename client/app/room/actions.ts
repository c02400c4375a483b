import type { ChatAudience, Host, Reaction } from '../../sdk/types.ts';
import { DeviceError } from '../../sdk/devices.ts';
import { currentText } from '../i18n/text.ts';
import { ownParticipant, type Switch } from '../media/follow-rules.ts';
import type { CaptureKind, LocalSource } from '../media/local-media.ts';
import { deviceProblemTexts } from '../media/problem-texts.ts';
import type { Session } from '../meeting/session.ts';
import { toggleFullScreen } from '../ui/full-screen.ts';
import { attendanceFile, saveFile } from '../ui/save-file.ts';
import { attempt } from './attempt.ts';
import { whyNotAllowed } from './not-allowed.ts';

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
    if (isOn && !this.#isAllowed(kind)) return;
    await media.setOn(kind, isOn);
    const { problem } = media.state[kind];
    if (!isOn || !problem) return;
    const { heading, hint } = deviceProblemTexts(kind, problem);
    notices.show((text) => `${text(heading)}. ${text(hint)}`, 'warning');
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
    if (!this.#isAllowed('screen')) return;
    try {
      await media.shareScreen();
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      // Thinking better of it is no failure.
      if (error.code !== 'permission-dismissed')
        notices.show((text) => text('notice.screenFailed'), 'warning');
    }
  }

  toggleFullScreen(): void {
    void toggleFullScreen();
  }

  toggleHand(): void {
    const { client } = this.#session;
    void this.#attempt(client.raiseHand(ownParticipant(client.state)?.handRaisedAt === null));
  }

  react(reaction: Reaction): void {
    void this.#attempt(this.#session.client.react(reaction));
  }

  rename(name: string): void {
    void this.#attempt(this.#session.client.rename(name));
  }

  /** Rejects when the message did not get through, so that the writer's words are kept. @throws RoomError */
  async sendChat(message: string, to: ChatAudience, replyTo: string | null): Promise<void> {
    await this.#session.client.sendChat(message, { to, replyTo });
  }

  reactToMessage(messageId: string, reaction: Reaction, on: boolean): void {
    void this.#attempt(this.#session.client.reactToMessage(messageId, reaction, on));
  }

  answerStage(accept: boolean): void {
    void this.#attempt(this.#session.client.answerStage(accept));
  }

  /** Calls a telephone; the state of the room has how it goes. @throws RoomError */
  async callOut(destination: string): Promise<void> {
    await this.#session.client.host.callOut(destination);
  }

  /** What hosts do. @returns whether it was done */
  async asHost(act: (host: Host) => Promise<void>): Promise<boolean> {
    const { client, notices } = this.#session;
    return (
      (await attempt(
        notices,
        act(client.host).then(() => true),
      )) ?? false
    );
  }

  /** Who was here, as CSV; null when it could not be had. */
  attendance(): Promise<string | null> {
    const { client, notices } = this.#session;
    return attempt(notices, client.host.exportAttendance());
  }

  async saveAttendance(): Promise<void> {
    const csv = await this.attendance();
    if (csv !== null) saveFile(attendanceFile(this.#session.room, csv));
  }

  async saveChat(): Promise<void> {
    const { client, notices, room } = this.#session;
    const content = await attempt(notices, client.host.exportChat());
    if (content !== null) saveFile({ name: `${room}-chat.txt`, type: 'text/plain', content });
  }

  async #attempt(done: Promise<void>): Promise<void> {
    await attempt(this.#session.notices, done);
  }

  /** Whether the room lets one send this now; if not, a notice tells why. */
  #isAllowed(source: Switch): boolean {
    const reason = whyNotAllowed(this.#session.client.state, source);
    if (reason !== null) this.#session.notices.show((text) => text(reason), 'warning');
    return reason === null;
  }
}

/** Wished, and nothing in the way: what is in the way is tried again by the next press. */
function isRunning({ isOn, problem }: LocalSource): boolean {
  return isOn && problem === null;
}
