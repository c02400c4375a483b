/** Who is shown where: decided from the room's state and the viewer's wishes, without any drawing. */
import type { ParticipantId, ParticipantInfo, RoomPublication, RoomState } from '../../../sdk/types.ts';
import { may } from '../../../sdk/words.ts';

/** A person with or without camera, or a shared screen. */
export interface TileModel {
  /** Stable as long as the tile means the same. */
  key: string;
  source: 'camera' | 'screen';
  participant: ParticipantInfo;
  isSelf: boolean;
  /** The picture; null shows the avatar. */
  video: RoomPublication | null;
  /** True as well when there is no microphone at all. */
  isMuted: boolean;
  /** Of a telephone, which has no face to be seen speaking: null for others, and while nothing is received. */
  voice: MediaStreamTrack | null;
  /** Whether a host shows this one large to everybody. */
  isSpotlit: boolean;
}

export interface StageWishes {
  layout: 'grid' | 'speaker';
  /** The key of the tile that was put in front. */
  pinned: string | null;
  showSelf: boolean;
  /** Who was in front last, and stays there through silence. */
  speaker: ParticipantId | null;
}

export interface Arrangement {
  /** The one that takes the stage; null for a grid of equals. */
  featured: TileModel | null;
  /** All others, in their order. */
  tiles: TileModel[];
  /** One's own picture in a corner, in a conversation of two. */
  corner: TileModel | null;
}

/** All tiles of a room: people in the order of joining, oneself first, then screens, the newest first. */
export function tilesOf(state: RoomState): { people: TileModel[]; screens: TileModel[] } {
  const selfId = state.self?.participantId;
  const bySource = new Map<string, RoomPublication>();
  for (const publication of state.publications)
    bySource.set(`${publication.participantId} ${publication.source}`, publication);

  const people: TileModel[] = [];
  const screens: TileModel[] = [];
  for (const participant of state.participants) {
    const of = (source: RoomPublication['source']): RoomPublication | null =>
      bySource.get(`${participant.id} ${source}`) ?? null;
    const isSelf = participant.id === selfId;
    const microphone = of('microphone');
    const isMuted = microphone?.muted ?? true;
    const camera = of('camera');
    const person: TileModel = {
      key: participant.id,
      source: 'camera',
      participant,
      isSelf,
      video: camera?.muted === false ? camera : null,
      isMuted,
      voice: participant.kind === 'phone' && !isMuted ? (microphone?.track ?? null) : null,
      isSpotlit: participant.id === state.room?.spotlight,
    };
    if (isSelf) people.unshift(person);
    else people.push(person);

    const screen = of('screen');
    if (screen) {
      const key = `${participant.id} screen`;
      screens.unshift({
        key,
        source: 'screen',
        participant,
        isSelf,
        video: screen,
        isMuted,
        voice: null,
        isSpotlit: false,
      });
    }
  }
  return { people, screens };
}

/**
 * In front is what the viewer has pinned, else whom a host shows to everybody (their screen, if they share one), else
 * the newest screen, else the speaker if that is wished.
 */
export function arrange(state: RoomState, { layout, pinned, showSelf, speaker }: StageWishes): Arrangement {
  const { people: everybody, screens } = tilesOf(state);
  const people = onStage(everybody);
  const spotlight = state.room?.spotlight;
  const others = people.filter(({ isSelf }) => !isSelf);
  const shown = showSelf || others.length === 0 ? people : others;
  const all = [...screens, ...shown];

  const featured =
    all.find(({ key }) => key === pinned) ??
    screens.find(({ isSelf, participant }) => !isSelf && participant.id === spotlight) ??
    all.find(({ isSpotlit }) => isSpotlit) ??
    screens.find(({ isSelf }) => !isSelf) ??
    (layout === 'speaker' && others.length > 0
      ? (others.find(({ key }) => key === speaker) ?? others[0])
      : undefined) ??
    null;
  if (featured) return { featured, tiles: all.filter((tile) => tile !== featured), corner: null };

  const self = shown.find(({ isSelf }) => isSelf);
  if (self && all.length === 2 && others.length === 1) return { featured: null, tiles: others, corner: self };
  return { featured: null, tiles: all, corner: null };
}

/** Those who only watch take no place from those who are heard and seen, unless there are no others. */
function onStage(people: TileModel[]): TileModel[] {
  const actors = people.filter(({ participant, isSpotlit }) => isSpotlit || may(participant.role, 'publish'));
  return actors.length > 0 ? actors : people;
}

/**
 * Brings a speaker from a later page to the first one, in place of whoever there has been silent for longest; all
 * others stay where they are.
 * @param lastSpoke when each was last dominant, in ms since the epoch
 * @param fixed how many tiles at the front never give way
 */
export function bringForward(
  tiles: readonly TileModel[],
  perPage: number,
  lastSpoke: ReadonlyMap<ParticipantId, number>,
): TileModel[] {
  const result = [...tiles];
  const spokeAt = ({ participant }: TileModel): number => lastSpoke.get(participant.id) ?? 0;
  const mayGive = (tile: TileModel): boolean => !tile.isSelf && tile.source === 'camera';

  const late = result
    .map((tile, index) => ({ tile, index }))
    .slice(perPage)
    .filter(({ tile }) => mayGive(tile) && spokeAt(tile) > 0)
    .sort((a, b) => spokeAt(b.tile) - spokeAt(a.tile));
  for (const { tile, index } of late) {
    const quietest = result
      .slice(0, perPage)
      .filter(mayGive)
      .reduce<TileModel | undefined>((a, b) => (a && spokeAt(a) <= spokeAt(b) ? a : b), undefined);
    if (!quietest || spokeAt(quietest) >= spokeAt(tile)) break;
    result[result.indexOf(quietest)] = tile;
    result[index] = quietest;
  }
  return result;
}
