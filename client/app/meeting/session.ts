/** One stay in a room: the client, and what belongs to it for as long as it lasts. */
import { createRoomClient } from '../../sdk/index.ts';
import type { RoomClient, RoomClientOptions, Source } from '../../sdk/types.ts';
import { serverUrl } from '../links.ts';
import { followRules } from '../media/follow-rules.ts';
import type { LocalMedia } from '../media/local-media.ts';
import { publishLocalMedia } from '../media/publish.ts';
import { deviceId } from '../preferences/device-id.ts';
import { hostKeyOf, rememberHostKey } from '../preferences/host-keys.ts';
import { preferences } from '../preferences/preferences.ts';
import { NoticeBoard } from '../room/notices/notice-board.ts';
import { openingView } from '../room/view/opening-view.ts';
import { ViewReporter } from '../room/view/view-reporter.ts';
import { fetchAccount, type Account } from './account.ts';
import { isRoomError } from './room-error.ts';
import type { Visit } from './visit.ts';

interface SessionOptions {
  readonly room: string;
  readonly name: string;
  /** Stays the caller's, who closes it. */
  readonly media: LocalMedia;
  readonly visit: Visit;
  /** Who is signed in, once it is known; a token that came with the link counts more. */
  readonly account: Promise<Account>;
  readonly password: string | null;
}

export class Session {
  readonly room: string;
  readonly client: RoomClient;
  readonly media: LocalMedia;
  readonly view: ViewReporter;
  readonly notices = new NoticeBoard();
  #joinedAt = 0;
  #ends: (() => void)[] = [];

  constructor({ room, name, media, visit, account, password }: SessionOptions) {
    this.room = room;
    this.media = media;
    const hostKey = hostKeyOf(room);
    this.client = createRoomClient({
      serverUrl: serverUrl(),
      room,
      name,
      deviceId: deviceId(),
      ...(visit.kind !== null && { make: { kind: visit.kind } }),
      token: tokenOf(room, visit, account),
      ...(password !== null && { password }),
      ...(hostKey !== null && { hostKey }),
    });
    this.view = new ViewReporter((view) => this.client.setView(view));
  }

  /** How long this stay lasts by now, in ms. */
  get durationMs(): number {
    return this.#joinedAt === 0 ? 0 : Date.now() - this.#joinedAt;
  }

  /** Resolves in the room, or at its door. @throws RoomError */
  async join(): Promise<void> {
    this.#ends = [
      this.client.on('hostKey', (key) => rememberHostKey(this.room, key)),
      this.client.subscribe(() => this.#noteEntry()),
      // Before the answer is here, so that media flows with the first packets that can.
      followRules(this.media, this.client),
      publishLocalMedia(this.media, this.client, (source, error) => this.#onRefused(source, error)),
    ];
    try {
      await this.client.join();
    } catch (error) {
      this.#close();
      throw error;
    }
  }

  /** Ends the stay, if it has not ended already. */
  async leave(): Promise<void> {
    this.#close();
    await this.client.leave();
  }

  #noteEntry(): void {
    if (this.#joinedAt !== 0 || this.client.state.phase !== 'joined') return;
    this.#joinedAt = Date.now();
    this.#openView();
  }

  #close(): void {
    for (const end of this.#ends.splice(0)) end();
    this.view.close();
  }

  /** Pictures are asked for in the moment in which it is known whose there are, long before their tiles are drawn. */
  #openView(): void {
    const { state } = this.client;
    const { layout, showSelfView: showSelf } = preferences();
    const { innerWidth: width, innerHeight: height, devicePixelRatio: scale } = window;
    const isPageVisible = document.visibilityState === 'visible';
    this.client.setView(openingView(state, { layout, showSelf, width, height, scale, isPageVisible }));
  }

  #onRefused(source: Source, error: unknown): void {
    if (this.client.state.phase === 'ended') return;
    // The buttons say what is, not what was wished.
    if (source === 'microphone' || source === 'camera') void this.media.setOn(source, false);
    else this.media.stopScreen();
    // The server's own words are English.
    const reason = isRoomError(error) ? error.code : String(error);
    this.notices.show((text) => text('notice.actionFailed', { reason }), 'danger');
  }
}

/** Of who is signed in, a fresh one for each join: the server gives it for a few minutes. */
function tokenOf(
  room: string,
  { token }: Visit,
  account: Promise<Account>,
): NonNullable<RoomClientOptions['token']> {
  return token ?? (async () => ((await account).person ? (await fetchAccount(room)).token : null));
}
