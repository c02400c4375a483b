/** One stay in a room: the client, and what belongs to it for as long as it lasts. */
import { createRoomClient } from '../../sdk/index.ts';
import type { RoomClient } from '../../sdk/types.ts';
import { currentText } from '../i18n/text.ts';
import { serverUrl } from '../links.ts';
import type { LocalMedia } from '../media/local-media.ts';
import { publishLocalMedia } from '../media/publish.ts';
import { NoticeBoard } from '../room/notices/notice-board.ts';
import { preferences } from '../preferences/preferences.ts';
import { openingView } from '../room/view/opening-view.ts';
import { ViewReporter } from '../room/view/view-reporter.ts';

export class Session {
  readonly room: string;
  readonly client: RoomClient;
  readonly media: LocalMedia;
  readonly view: ViewReporter;
  readonly notices = new NoticeBoard();
  #joinedAt = 0;
  #stopPublishing: () => void = () => undefined;

  /** @param media stays the caller's, who closes it */
  constructor(room: string, name: string, media: LocalMedia) {
    this.room = room;
    this.media = media;
    this.client = createRoomClient({ serverUrl: serverUrl(), room, name });
    this.view = new ViewReporter((view) => this.client.setView(view));
  }

  /** How long this stay lasts by now, in ms. */
  get durationMs(): number {
    return this.#joinedAt === 0 ? 0 : Date.now() - this.#joinedAt;
  }

  /** @throws RoomError */
  async join(): Promise<void> {
    // Before the answer is here, so that media flows with the first packets that can.
    this.#stopPublishing = publishLocalMedia(this.media, this.client, (error) => this.#onRefused(error));
    const stopWatching = this.client.subscribe(() => this.#openView());
    try {
      await this.client.join();
    } catch (error) {
      this.#close();
      throw error;
    } finally {
      stopWatching();
    }
    this.#joinedAt = Date.now();
  }

  /** Ends the stay, if it has not ended already. */
  async leave(): Promise<void> {
    this.#close();
    await this.client.leave();
  }

  #close(): void {
    this.#stopPublishing();
    this.view.close();
  }

  /** Pictures are asked for in the moment in which it is known whose there are, long before their tiles are drawn. */
  #openView(): void {
    const { state } = this.client;
    if (state.phase !== 'joined') return;
    const { layout, showSelfView: showSelf } = preferences();
    const { innerWidth: width, innerHeight: height, devicePixelRatio: scale } = window;
    const isPageVisible = document.visibilityState === 'visible';
    this.client.setView(openingView(state, { layout, showSelf, width, height, scale, isPageVisible }));
  }

  #onRefused(error: unknown): void {
    if (this.client.state.phase === 'ended') return;
    const text = currentText();
    const reason = error instanceof Error ? error.message : String(error);
    this.notices.show(text('notice.actionFailed', { reason }), 'danger');
  }
}
