/** What somebody is told of what a host did to them. */
import type { Moderation, Role, Source } from '../../../sdk/types.ts';
import type { Words } from '../../i18n/text.ts';

const NEW_ROLES = {
  host: 'moderated.host',
  cohost: 'moderated.cohost',
  participant: 'moderated.participant',
  viewer: 'moderated.viewer',
} as const satisfies Record<Role, string>;

/** @param role one's own, after it. @returns null for what is asked in a dialog */
export function moderatedWords(moderation: Moderation, by: string, role: Role): Words | null {
  switch (moderation.action) {
    case 'muted':
      return (text) => text(moderation.mayUnmute ? 'moderated.muted' : 'moderated.mutedFirmly', { name: by });
    case 'allowed':
      return (text) => text(allowedKey(moderation.sources), { name: by });
    case 'camera-stopped':
      return (text) =>
        text(moderation.mayRestart ? 'moderated.cameraStopped' : 'moderated.cameraStoppedFirmly', {
          name: by,
        });
    case 'screen-stopped':
      return (text) => text('moderated.screenStopped', { name: by });
    case 'asked-to-unmute':
      return (text) => text('moderated.askedToUnmute', { name: by });
    case 'given-floor':
      return (text) => text('moderated.givenFloor', { name: by });
    case 'floor-taken':
      return (text) => text('moderated.floorTaken', { name: by });
    case 'hand-lowered':
      return (text) => text('moderated.handLowered', { name: by });
    case 'renamed':
      return (text) => text('moderated.renamed', { by, name: moderation.name });
    case 'role-changed':
      return (text) => text(NEW_ROLES[role], { name: by });
    case 'put-off-stage':
      return (text) => text('moderated.putOffStage', { name: by });
    // Asked in a dialog; and a browser is never held.
    case 'invited-to-stage':
    case 'held':
      return null;
  }
}

/** One notice for all that was allowed, by what is asked for most. */
function allowedKey(sources: readonly Source[]) {
  if (sources.includes('microphone')) return 'moderated.allowedMicrophone';
  return sources.includes('camera') ? 'moderated.allowedCamera' : 'moderated.allowedScreen';
}
