/** What hosts ask for, handed to the room's `HostActions` in the name of the one who asks. */
import { attendanceCsv } from '../attendance-csv.ts';
import type { HostActions } from '../conference/host-actions.ts';
import { hostRequests } from './contract.ts';
import { DONE, on } from './on.ts';
import type { Handlers } from './on.ts';
import type { Stay } from './sessions.ts';

export const hostHandlers: Handlers<keyof typeof hostRequests> = {
  moderate: on(hostRequests.moderate, async (stay, request) => {
    await actions(stay).moderate(request);
    return DONE;
  }),
  remove: on(hostRequests.remove, (stay, { participantId }) => {
    actions(stay).remove(participantId);
    return DONE;
  }),
  ban: on(hostRequests.ban, (stay, { participantId }) => {
    actions(stay).ban(participantId);
    return DONE;
  }),
  renameOther: on(hostRequests.renameOther, (stay, { participantId, name }) => {
    actions(stay).rename(participantId, name);
    return DONE;
  }),
  setRole: on(hostRequests.setRole, async (stay, { participantId, role }) => {
    await actions(stay).setRole(participantId, role);
    return DONE;
  }),
  spotlight: on(hostRequests.spotlight, (stay, { participantId }) => {
    actions(stay).spotlight(participantId);
    return DONE;
  }),
  admit: on(hostRequests.admit, (stay, { knockIds }) => {
    actions(stay).admit(knockIds);
    return DONE;
  }),
  deny: on(hostRequests.deny, (stay, { knockIds }) => {
    actions(stay).deny(knockIds);
    return DONE;
  }),
  writeToWaiting: on(hostRequests.writeToWaiting, (stay, { knockId, text }) => {
    actions(stay).writeToWaiting(knockId, text);
    return DONE;
  }),
  changeRoom: on(hostRequests.changeRoom, async (stay, change) => ({
    room: await actions(stay).change(change),
  })),
  callOut: on(hostRequests.callOut, (stay, { destination }) => ({
    dial: actions(stay).callOut(destination),
  })),
  cancelCallOut: on(hostRequests.cancelCallOut, (stay, { dialId }) => {
    actions(stay).cancelCallOut(dialId);
    return DONE;
  }),
  endRoom: on(hostRequests.endRoom, (stay) => {
    actions(stay).end();
    return DONE;
  }),
  exportChat: on(hostRequests.exportChat, (stay) => ({ text: actions(stay).exportChat() })),
  exportAttendance: on(hostRequests.exportAttendance, (stay) => ({
    csv: attendanceCsv(actions(stay).attendance(), stay.room.now()),
  })),
};

function actions({ room, participant }: Stay): HostActions {
  return room.actions({
    moderator: { participantId: participant.id, name: participant.info.name },
    may: (power) => participant.may(power),
  });
}
